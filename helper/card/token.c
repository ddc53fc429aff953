/* SPDX-License-Identifier: MIT */
#include "helper/card/token.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper/card/pin.h"
#include "helper/card/token_uri.h"
#include "helper/common/utf8.h"

enum { SLOTS_MAX = 256, LABEL_MAX = 32 };

/* Cleaned here, so that a name compares the same before and after it has been in a message. */
static void unpad(char *text, const unsigned char *padded, size_t length)
{
	char raw[LABEL_MAX + 1];
	size_t size = length + 1;

	while (length > 0 && (padded[length - 1] == ' ' || padded[length - 1] == '\0'))
		length--;
	memcpy(raw, padded, length);
	raw[length] = '\0';
	utf8_clean_line(raw, text, size);
}

static void describe(CK_SLOT_ID slot, const CK_TOKEN_INFO *from, struct token_info *info)
{
	*info = (struct token_info){
	    .slot = slot,
	    .flags = from->flags,
	    .pin_min = from->ulMinPinLen,
	    .pin_max = from->ulMaxPinLen,
	};
	/* Limits that no PIN fits are none. */
	if (info->pin_max < info->pin_min)
		info->pin_min = info->pin_max = 0;
	unpad(info->label, from->label, sizeof(from->label));
	unpad(info->serial, from->serialNumber, sizeof(from->serialNumber));
}

/* The slots with a token in them. Their number may grow between the two calls; then again. */
static int list_slots(struct driver *driver, CK_SLOT_ID **ret, CK_ULONG *ret_count,
		      struct failure *failure)
{
	CK_SLOT_ID *slots;
	CK_ULONG count = 0;
	CK_RV rv;

	for (int tries = 0; tries < 5; tries++) {
		rv = driver->p11->C_GetSlotList(CK_TRUE, NULL, &count);
		if (rv != CKR_OK)
			return driver_failure(rv, "C_GetSlotList", failure);
		if (count > SLOTS_MAX)
			return fail(failure, FAILURE_CARD_ERROR, "the driver names %lu slots",
				    count);
		slots = calloc(count + 1, sizeof(*slots));
		if (slots == NULL)
			return fail_errno(failure, "no memory for slots");
		if (count > 0)
			rv = driver->p11->C_GetSlotList(CK_TRUE, slots, &count);
		if (rv == CKR_OK) {
			*ret = slots;
			*ret_count = count;
			return 0;
		}
		free(slots);
		if (rv != CKR_BUFFER_TOO_SMALL)
			return driver_failure(rv, "C_GetSlotList", failure);
	}
	return fail(failure, FAILURE_CARD_ERROR, "C_GetSlotList: the slots keep changing");
}

/* A slot whose token cannot be described (just pulled, unknown card) is passed over. */
static bool fits(struct driver *driver, CK_SLOT_ID slot, struct p11_kit_uri *uri, const char *label,
		 struct token_info *ret, bool *ret_uninitialised)
{
	CK_TOKEN_INFO described;

	memset(&described, 0, sizeof(described));
	if (driver->p11->C_GetTokenInfo(slot, &described) != CKR_OK)
		return false;
	if (!token_uri_fits(uri, &described))
		return false;
	describe(slot, &described, ret);
	if (label != NULL && strcmp(label, ret->label) != 0)
		return false;
	if ((described.flags & CKF_TOKEN_INITIALIZED) == 0) {
		*ret_uninitialised = true;
		return false;
	}
	return true;
}

int token_list(struct driver *driver, const char *uri_text, const char *label,
	       struct token_info **ret, size_t *ret_count, struct failure *failure)
{
	struct p11_kit_uri *uri = NULL;
	CK_SLOT_ID *slots = NULL;
	CK_ULONG slot_count = 0;
	struct token_info *found = NULL;
	size_t count = 0;
	bool uninitialised = false;
	int result;

	result = token_uri_parse(uri_text, &uri, failure);
	if (result < 0)
		return result;
	result = list_slots(driver, &slots, &slot_count, failure);
	if (result < 0)
		goto out;
	found = calloc(slot_count + 1, sizeof(*found));
	if (found == NULL) {
		result = fail_errno(failure, "no memory for tokens");
		goto out;
	}
	for (CK_ULONG i = 0; i < slot_count; i++)
		if (fits(driver, slots[i], uri, label, &found[count], &uninitialised))
			count++;
	if (count == 0 && uninitialised) {
		result = fail(failure, FAILURE_CARD_UNINITIALISED, "only uninitialised tokens");
		goto out;
	}
	*ret = found;
	*ret_count = count;
	found = NULL;
out:
	free(found);
	free(slots);
	token_uri_free(uri);
	return result;
}

int token_find(struct driver *driver, const char *serial, const char *label, struct token_info *ret,
	       struct failure *failure)
{
	struct token_info *tokens = NULL;
	size_t count = 0;
	int result;

	result = token_list(driver, "", label, &tokens, &count, failure);
	if (result == -FAILURE_CARD_UNINITIALISED)
		count = 0;
	else if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(tokens[i].serial, serial) == 0) {
			*ret = tokens[i];
			free(tokens);
			return 0;
		}
	}
	free(tokens);
	return fail(failure, FAILURE_CARD_REMOVED, "no token with serial number %s", serial);
}

int token_open(struct driver *driver, const struct token_info *info, bool writable,
	       struct token **ret, struct failure *failure)
{
	struct token *token;
	CK_RV rv;

	token = calloc(1, sizeof(*token));
	if (token == NULL)
		return fail_errno(failure, "no memory for a token");
	token->driver = driver;
	token->info = *info;
	token->writable = writable ? CKF_RW_SESSION : 0;
	rv = driver->p11->C_OpenSession(info->slot, CKF_SERIAL_SESSION | token->writable, NULL,
					NULL, &token->session);
	if (rv != CKR_OK) {
		free(token);
		return driver_failure(rv, "C_OpenSession", failure);
	}
	/* Only write.c asks what was seen, and what is noted is digested. */
	if (writable)
		token->seen = seen_new();
	*ret = token;
	return 0;
}

int token_refresh(struct token *token, struct failure *failure)
{
	struct token_info now;
	CK_TOKEN_INFO described;
	CK_RV rv;

	memset(&described, 0, sizeof(described));
	rv = token->driver->p11->C_GetTokenInfo(token->info.slot, &described);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_GetTokenInfo", failure);
	describe(token->info.slot, &described, &now);
	if (strcmp(now.serial, token->info.serial) != 0 ||
	    strcmp(now.label, token->info.label) != 0)
		return fail(failure, FAILURE_OTHER_CARD, "serial number %s instead of %s",
			    now.serial, token->info.serial);
	token->info.flags = now.flags;
	token->info.pin_min = now.pin_min;
	token->info.pin_max = now.pin_max;
	return 0;
}

enum { LOOKS = 11, LOOK_AGAIN_US = 100 * 1000 };

static bool can_be_pulled(const struct token *token)
{
	CK_SLOT_INFO slot = {.flags = 0};

	return token->driver->p11->C_GetSlotInfo(token->info.slot, &slot) == CKR_OK &&
	       (slot.flags & CKF_REMOVABLE_DEVICE) != 0;
}

/* Asked for the list of slots a driver looks; asked for one token it may say what it knew. */
int token_look(struct token *token, struct failure *failure)
{
	int looks = can_be_pulled(token) ? LOOKS : 1;
	struct token_info info;
	int result = 0;

	for (int i = 0; i < looks && result == 0; i++) {
		if (i > 0)
			usleep(LOOK_AGAIN_US);
		result = token_find(token->driver, token->info.serial, token->info.label, &info,
				    failure);
	}
	return result < 0 ? result : token_refresh(token, failure);
}

int token_reopen(struct token *token, struct failure *failure)
{
	CK_RV rv;

	token->driver->p11->C_CloseSession(token->session);
	seen_forget_all(token);
	rv = token->driver->p11->C_OpenSession(
	    token->info.slot, CKF_SERIAL_SESSION | token->writable, NULL, NULL, &token->session);
	return rv == CKR_OK ? 0 : driver_failure(rv, "C_OpenSession", failure);
}

void token_close(struct token *token)
{
	if (token == NULL)
		return;
	pin_wipe(token);
	token->driver->p11->C_CloseSession(token->session);
	seen_free(token->seen);
	free(token);
}
