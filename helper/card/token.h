/* SPDX-License-Identifier: MIT */
/* Tokens: which are there, which one is meant, and a session with it. */
#ifndef CERTRENEW_TOKEN_H
#define CERTRENEW_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "helper/card/driver.h"
#include "helper/card/seen.h"

/* What a token says of itself; texts without PKCS#11's blank padding, on one line and cleaned. */
struct token_info {
	CK_SLOT_ID slot;
	CK_FLAGS flags;
	char label[33];
	char serial[17];
	CK_ULONG pin_min, pin_max; /* bytes; pin_max 0: the token does not say */
};

struct pin_again; /* pin.h */

/* Around a C_Login that waits for a person at the reader's keypad: when it begins, and when it has
 * ended. `again`: for one more signature of a key that wants the PIN each time. */
typedef void token_at_keypad(void *context, bool begins, bool again);

/* An open session. */
struct token {
	struct driver *driver;
	struct token_info info;
	CK_SESSION_HANDLE session;
	CK_FLAGS writable;	    /* CKF_RW_SESSION or 0 */
	struct seen *seen;	    /* NULL: nothing is remembered */
	struct pin_again *again;    /* what pin_keep has kept; NULL: nothing */
	token_at_keypad *at_keypad; /* NULL: nobody needs to be told */
	void *at_keypad_context;
};

/*
 * The initialised tokens that `uri` (RFC 7512; "" for any) and `label` (NULL for any) fit.
 * The caller frees *ret. Returns 0 (also for none), -FAILURE_CONFIG for a URI that is none,
 * -FAILURE_CARD_UNINITIALISED if there are only tokens that were never set up, or a failure of
 * the driver.
 */
int token_list(struct driver *driver, const char *uri, const char *label, struct token_info **ret,
	       size_t *ret_count, struct failure *failure);

/*
 * The token that was found before, wherever it is now: readers change their order.
 * Returns 0 or -FAILURE_CARD_REMOVED.
 */
int token_find(struct driver *driver, const char *serial, const char *label, struct token_info *ret,
	       struct failure *failure);

/* Opens a session; a writable one needs a token that is not write-protected. */
int token_open(struct driver *driver, const struct token_info *info, bool writable,
	       struct token **ret, struct failure *failure);

/*
 * Reads the token's flags anew, and fails with -FAILURE_OTHER_CARD if another card is in the
 * reader than the one the session was opened with.
 */
int token_refresh(struct token *token, struct failure *failure);

/*
 * After a call that failed: whether the card is still there. A card that is pulled within a call
 * fails it in any way, and a reader may notice only half a second later; where the slot says that
 * its card can be pulled, it is given a second. Returns 0, -FAILURE_CARD_REMOVED, or as
 * token_refresh.
 */
int token_look(struct token *token, struct failure *failure);

/* A session in place of this one, logged out, in which no operation is under way any more. */
int token_reopen(struct token *token, struct failure *failure);

/* Closes the session and frees; NULL is fine. */
void token_close(struct token *token);

#endif
