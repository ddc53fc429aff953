/* SPDX-License-Identifier: MIT */
/*
 * A token behind any PKCS#11 module, in raw PKCS#11: nothing of what it tests is used here.
 * Functions that can fail return -1 after a word on stderr.
 */
#ifndef CERTRENEW_TESTS_CARD_TOKEN_H
#define CERTRENEW_TESTS_CARD_TOKEN_H

#include <stdbool.h>

#include <p11-kit/pkcs11.h>

struct token {
	CK_FUNCTION_LIST_PTR p11;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session; /* CK_INVALID_HANDLE: none */
	char label[33];
	char serial[17];
};

/* Says what failed and returns -1. */
int complain(const char *what);
int complain_rv(const char *what, CK_RV rv);

/* init_args: C_Initialize's reserved string, or NULL. End with module_close. */
int module_open(const char *path, const char *init_args, CK_FUNCTION_LIST_PTR *ret_p11);
void module_close(CK_FUNCTION_LIST_PTR p11);

/*
 * The index-th initialised token with that label and serial number, either NULL for any.
 * Returns 1 if there is one, 0 if not.
 */
int token_find(CK_FUNCTION_LIST_PTR p11, const char *label, const char *serial, unsigned index,
	       struct token *ret_token);

/* Initialises the token in the first slot that has an uninitialised one. */
int token_create(CK_FUNCTION_LIST_PTR p11, const char *label, const char *so_pin,
		 struct token *ret_token);

int token_open(struct token *token, bool writable);
int token_login(struct token *token, CK_USER_TYPE user, const char *pin);
void token_close(struct token *token);

#endif
