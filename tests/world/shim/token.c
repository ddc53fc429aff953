/* SPDX-License-Identifier: MIT */
#include "tests/world/shim/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/world/shim/call.h"

static CK_FUNCTION_LIST_PTR real(void)
{
	return shim_state()->real;
}

static bool is_inserted(void)
{
	const char *file = shim_state()->script.inserted;

	return file == NULL || access(file, F_OK) == 0;
}

bool card_is_swapped(void)
{
	const char *file = shim_state()->script.other_file;

	return file != NULL && access(file, F_OK) == 0;
}

/* The slot that really holds the other card; `slot` itself if there is none. */
static CK_SLOT_ID slot_of_other(CK_SLOT_ID slot)
{
	const char *label = shim_state()->script.other_label;
	CK_TOKEN_INFO info;
	CK_SLOT_ID slots[16];
	CK_ULONG count = 16;

	if (real()->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
		return slot;
	for (CK_ULONG i = 0; i < count; i++)
		if (real()->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
		    strncmp((const char *)info.label, label, strlen(label)) == 0)
			return slots[i];
	return slot;
}

CK_RV own_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
	if (!present || count == NULL || (!card_is_removed() && is_inserted()))
		return real()->C_GetSlotList(present, slots, count);
	*count = 0;
	return CKR_OK;
}

CK_RV own_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info)
{
	CK_RV rv = real()->C_GetSlotInfo(slot, info);

	if (rv == CKR_OK && (card_is_removed() || !is_inserted()))
		info->flags &= ~CKF_TOKEN_PRESENT;
	return rv;
}

static unsigned long wrong_tries(const struct script *script)
{
	unsigned long wrong = 0;
	FILE *file = fopen(script->tries_file, "re");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%lu", &wrong) != 1)
		wrong = 0;
	fclose(file);
	return wrong;
}

static void remember_tries(const struct script *script, unsigned long wrong)
{
	FILE *file = fopen(script->tries_file, "we");

	if (file == NULL || fprintf(file, "%lu\n", wrong) < 0)
		perror(script->tries_file);
	if (file != NULL)
		fclose(file);
}

/* Who counts the tries also says what is left of them: what the real token says is dropped. */
static CK_FLAGS with_tries(const struct script *script, CK_FLAGS flags)
{
	unsigned long wrong;

	if (script->tries_file == NULL)
		return flags;
	wrong = wrong_tries(script);
	flags &= ~(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
	if (wrong >= script->tries)
		return flags | CKF_USER_PIN_LOCKED;
	if (wrong > 0 && wrong == script->tries - 1)
		flags |= CKF_USER_PIN_FINAL_TRY;
	return wrong > 0 ? flags | CKF_USER_PIN_COUNT_LOW : flags;
}

CK_RV own_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
{
	const struct script *script = &shim_state()->script;
	CK_RV rv = real()->C_GetTokenInfo(card_is_swapped() ? slot_of_other(slot) : slot, info);

	/* An uninitialised slot is another, empty reader: it is left as it is. */
	if (rv != CKR_OK || !(info->flags & CKF_TOKEN_INITIALIZED))
		return rv;
	info->flags = with_tries(script, info->flags);
	info->flags |= script->flags_set;
	info->flags &= ~script->flags_cleared;
	if (script->has_pin_length) {
		info->ulMinPinLen = script->pin_min;
		info->ulMaxPinLen = script->pin_max;
	}
	return CKR_OK;
}

CK_RV own_C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR mechanisms, CK_ULONG_PTR count)
{
	const struct script *script = &shim_state()->script;
	CK_MECHANISM_TYPE *all = NULL;
	CK_ULONG total = 0;
	CK_ULONG shown = 0;
	CK_RV rv;

	if (script->hidden_count == 0 || count == NULL)
		return real()->C_GetMechanismList(slot, mechanisms, count);
	rv = real()->C_GetMechanismList(slot, NULL, &total);
	if (rv != CKR_OK)
		return rv;
	all = calloc(total + 1, sizeof(*all));
	if (all == NULL)
		return CKR_HOST_MEMORY;
	rv = real()->C_GetMechanismList(slot, all, &total);
	for (CK_ULONG i = 0; rv == CKR_OK && i < total; i++) {
		if (!script_hides(script, all[i]))
			all[shown++] = all[i];
	}
	if (rv == CKR_OK && mechanisms != NULL && *count < shown)
		rv = CKR_BUFFER_TOO_SMALL;
	else if (rv == CKR_OK && mechanisms != NULL)
		memcpy(mechanisms, all, shown * sizeof(*all));
	if (rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL)
		*count = shown;
	free(all);
	return rv;
}

static CK_RV login_to_other(CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG pin_length)
{
	CK_SESSION_HANDLE session;
	CK_RV rv =
	    real()->C_OpenSession(slot_of_other(0), CKF_SERIAL_SESSION, NULL, NULL, &session);

	if (rv == CKR_OK)
		rv = real()->C_Login(session, user, pin, pin_length);
	return rv;
}

CK_RV own_C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin,
		  CK_ULONG pin_length)
{
	const struct script *script = &shim_state()->script;
	bool counted = script->tries_file != NULL && user != CKU_SO;
	unsigned long wrong = counted ? wrong_tries(script) : 0;
	CK_RV rv;

	if (counted && wrong >= script->tries)
		return CKR_PIN_LOCKED;
	if (pin == NULL && script->keypad_pin != NULL) {
		pin = (CK_UTF8CHAR_PTR)script->keypad_pin;
		pin_length = strlen(script->keypad_pin);
	}
	rv = card_is_swapped() ? login_to_other(user, pin, pin_length)
			       : real()->C_Login(session, user, pin, pin_length);
	if (counted && rv == CKR_PIN_INCORRECT)
		remember_tries(script, wrong + 1);
	else if (counted && rv == CKR_OK && wrong > 0)
		remember_tries(script, 0);
	return rv;
}
