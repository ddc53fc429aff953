/* SPDX-License-Identifier: MIT */
/* Logging in with a person's PIN: once for each PIN that a person gave, never by ourselves. */
#ifndef CERTRENEW_PIN_H
#define CERTRENEW_PIN_H

#include "helper/card/token.h"
#include "helper/common/secret.h"

/* PIN_NOTE_* flags (message.h) of what the token says now; 0 where it says nothing. */
int pin_note(struct token *token, unsigned *ret_note, struct failure *failure);

/*
 * Gives the PIN to the token, after making sure that it is still the same token. `pin` NULL: the
 * reader's own keypad asks. Returns 0, -FAILURE_PIN_WRONG, -FAILURE_PIN_LOCKED (also when the
 * token says so only by its flags), -FAILURE_PIN_LENGTH, -FAILURE_OTHER_CARD … A try may have been
 * spent on any failure but the last two.
 */
int pin_login(struct token *token, const struct secret *pin, struct failure *failure);

/* Every key_open'ed key must be closed before. */
void pin_logout(struct token *token);

#endif
