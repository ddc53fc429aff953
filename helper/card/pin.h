/* SPDX-License-Identifier: MIT */
/*
 * Logging in with a person's PIN: once for each PIN that a person gave, never by ourselves. The
 * exception are keys that want it for each signature (CKA_ALWAYS_AUTHENTICATE): they are given the
 * PIN of the step that is under way, for which it is kept, until one of them refuses it.
 */
#ifndef CERTRENEW_PIN_H
#define CERTRENEW_PIN_H

#include "helper/card/token.h"
#include "helper/common/secret.h"

/*
 * PIN_NOTE_* flags (message.h) of what the token says now; 0 where it says nothing. Fails where the
 * token says that no PIN will do: -FAILURE_PIN_LOCKED, -FAILURE_PIN_TO_CHANGE …
 */
int pin_note(struct token *token, unsigned *ret_note, struct failure *failure);

/*
 * Gives the PIN to the token, after making sure that it is still the same token and that the PIN
 * could be one of it. `pin` NULL: the reader's own keypad asks. Returns 0, -FAILURE_PIN_WRONG,
 * -FAILURE_PIN_LOCKED (also when the token says so only by its flags), -FAILURE_PIN_LENGTH,
 * -FAILURE_KEYPAD, -FAILURE_CANCELLED (there) … A try may have been spent on these. None was on
 * -FAILURE_OTHER_CARD, -FAILURE_PIN_SHORT, -FAILURE_PIN_LONG and -FAILURE_PIN_CHARACTERS.
 */
int pin_login(struct token *token, const struct secret *pin, struct failure *failure);

/* Every key_open'ed key must be closed before. */
void pin_logout(struct token *token);

/*
 * From now until pin_forget the PIN, which is taken over in any case, is there for keys that want
 * it each time; NULL: the reader's keypad asks each time. After pin_login.
 */
int pin_keep(struct token *token, struct secret *pin, struct failure *failure);

/* Why no key is given the kept PIN any more; NULL: they are. Valid until pin_forget. */
const struct failure *pin_refused(const struct token *token);

/*
 * For key.c: gives the kept PIN to the operation that was just begun (CKU_CONTEXT_SPECIFIC,
 * PKCS#11 2.40 §5.6), after making sure that it is still the same token. A failure is what
 * pin_refused says from then on.
 */
int pin_login_again(struct token *token);

/*
 * Wipes what pin_keep has kept, if anything; every key_open'ed key must be closed before. After a
 * refusal the token is logged out and its session a new one: returns whether it is so.
 */
bool pin_forget(struct token *token);

/* For token.c, which closes the session: the wiping alone. */
void pin_wipe(struct token *token);

#endif
