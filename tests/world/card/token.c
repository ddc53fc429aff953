/* SPDX-License-Identifier: MIT */
#include "tests/world/card/token.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int complain(const char *what)
{
	fprintf(stderr, "test-card: %s\n", what);
	return -1;
}

int complain_rv(const char *what, CK_RV rv)
{
	fprintf(stderr, "test-card: %s: 0x%lx\n", what, rv);
	return -1;
}

int module_open(const char *path, const char *init_args, CK_FUNCTION_LIST_PTR *ret_p11)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK, .pReserved = (void *)init_args};
	CK_C_GetFunctionList get_list = NULL;
	CK_FUNCTION_LIST_PTR p11 = NULL;
	/* Never closed: drivers leave threads and exit handlers behind. */
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	CK_RV rv;

	if (handle != NULL)
		*(void **)&get_list = dlsym(handle, "C_GetFunctionList");
	if (get_list == NULL)
		return complain(dlerror());
	rv = get_list(&p11);
	if (rv != CKR_OK)
		return complain_rv("C_GetFunctionList", rv);
	rv = p11->C_Initialize(&args);
	if (rv != CKR_OK)
		return complain_rv("C_Initialize", rv);
	*ret_p11 = p11;
	return 0;
}

void module_close(CK_FUNCTION_LIST_PTR p11)
{
	if (p11 != NULL)
		p11->C_Finalize(NULL);
}

/* PKCS#11's texts are padded with blanks and have no NUL. */
static void copy_padded(char *text, const CK_UTF8CHAR *padded, size_t length)
{
	while (length > 0 && (padded[length - 1] == ' ' || padded[length - 1] == '\0'))
		length--;
	memcpy(text, padded, length);
	text[length] = '\0';
}

static int slots(CK_FUNCTION_LIST_PTR p11, CK_SLOT_ID **ret_slots, CK_ULONG *ret_count)
{
	CK_ULONG count = 0;
	CK_SLOT_ID *list = NULL;
	CK_RV rv = p11->C_GetSlotList(CK_TRUE, NULL, &count);

	if (rv != CKR_OK)
		return complain_rv("C_GetSlotList", rv);
	list = calloc(count + 1, sizeof(*list));
	if (list == NULL)
		return complain("no memory");
	rv = p11->C_GetSlotList(CK_TRUE, list, &count);
	if (rv != CKR_OK) {
		free(list);
		return complain_rv("C_GetSlotList", rv);
	}
	*ret_slots = list;
	*ret_count = count;
	return 0;
}

static bool fits(const struct token *token, const char *label, const char *serial)
{
	return (label == NULL || strcmp(label, token->label) == 0) &&
	       (serial == NULL || strcmp(serial, token->serial) == 0);
}

/* Describes the slot's token; false if there is none, or it is not initialised as asked. */
static bool describe(CK_FUNCTION_LIST_PTR p11, CK_SLOT_ID slot, bool initialised,
		     struct token *ret_token)
{
	CK_TOKEN_INFO info;

	if (p11->C_GetTokenInfo(slot, &info) != CKR_OK)
		return false;
	if (((info.flags & CKF_TOKEN_INITIALIZED) != 0) != initialised)
		return false;
	*ret_token = (struct token){.p11 = p11, .slot = slot, .session = CK_INVALID_HANDLE};
	copy_padded(ret_token->label, info.label, sizeof(info.label));
	copy_padded(ret_token->serial, info.serialNumber, sizeof(info.serialNumber));
	return true;
}

static int find(CK_FUNCTION_LIST_PTR p11, bool initialised, const char *label, const char *serial,
		unsigned index, struct token *ret_token)
{
	CK_SLOT_ID *list = NULL;
	CK_ULONG count = 0;
	struct token token;
	int found = 0;

	if (slots(p11, &list, &count) < 0)
		return -1;
	for (CK_ULONG i = 0; i < count && !found; i++) {
		if (!describe(p11, list[i], initialised, &token) || !fits(&token, label, serial))
			continue;
		if (index-- > 0)
			continue;
		*ret_token = token;
		found = 1;
	}
	free(list);
	return found;
}

int token_find(CK_FUNCTION_LIST_PTR p11, const char *label, const char *serial, unsigned index,
	       struct token *ret_token)
{
	return find(p11, true, label, serial, index, ret_token);
}

int token_create(CK_FUNCTION_LIST_PTR p11, const char *label, const char *so_pin,
		 struct token *ret_token)
{
	CK_UTF8CHAR padded[32];
	struct token token;
	char serial[17];
	CK_RV rv;

	if (strlen(label) > sizeof(padded))
		return complain("the label is longer than 32 bytes");
	memset(padded, ' ', sizeof(padded));
	memcpy(padded, label, strlen(label));
	if (find(p11, false, NULL, NULL, 0, &token) <= 0)
		return complain("no slot with an uninitialised token");
	rv = p11->C_InitToken(token.slot, (CK_UTF8CHAR_PTR)so_pin, strlen(so_pin), padded);
	if (rv != CKR_OK)
		return complain_rv("C_InitToken", rv);
	if (!describe(p11, token.slot, true, &token))
		return complain("the token is not initialised after C_InitToken");

	/* SoftHSM derives the slot's number from the serial number, which is new. */
	memcpy(serial, token.serial, sizeof(serial));
	if (token_find(p11, label, serial, 0, ret_token) <= 0)
		return complain("the initialised token is gone");
	return 0;
}

int token_open(struct token *token, bool writable)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | (writable ? CKF_RW_SESSION : 0);
	CK_RV rv = token->p11->C_OpenSession(token->slot, flags, NULL, NULL, &token->session);

	if (rv != CKR_OK) {
		token->session = CK_INVALID_HANDLE;
		return complain_rv("C_OpenSession", rv);
	}
	return 0;
}

int token_login(struct token *token, CK_USER_TYPE user, const char *pin)
{
	CK_RV rv = token->p11->C_Login(token->session, user, (CK_UTF8CHAR_PTR)pin, strlen(pin));

	return rv == CKR_OK ? 0 : complain_rv("C_Login", rv);
}

void token_close(struct token *token)
{
	if (token->session != CK_INVALID_HANDLE)
		token->p11->C_CloseSession(token->session);
	token->session = CK_INVALID_HANDLE;
}
