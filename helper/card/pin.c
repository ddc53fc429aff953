/* SPDX-License-Identifier: MIT */
#include "helper/card/pin.h"

#include "helper/common/message.h"

int pin_note(struct token *token, unsigned *ret_note, struct failure *failure)
{
	unsigned note = 0;
	CK_FLAGS flags;
	int result;

	result = token_refresh(token, failure);
	if (result < 0)
		return result;
	flags = token->info.flags;
	if ((flags & CKF_USER_PIN_LOCKED) != 0)
		return fail(failure, FAILURE_PIN_LOCKED, "the token's flags say so");
	if ((flags & CKF_USER_PIN_INITIALIZED) == 0)
		return fail(failure, FAILURE_CARD_UNINITIALISED, "no user PIN was ever set");
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
		note |= PIN_NOTE_LAST;
	else if ((flags & CKF_USER_PIN_COUNT_LOW) != 0)
		note |= PIN_NOTE_FEW;
	if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		note |= PIN_NOTE_KEYPAD;
	*ret_note = note;
	return 0;
}

int pin_login(struct token *token, const struct secret *pin, struct failure *failure)
{
	CK_RV rv;
	int result;

	result = token_refresh(token, failure);
	if (result < 0)
		return result;
	rv = token->driver->p11->C_Login(token->session, CKU_USER,
					 pin == NULL ? NULL : (unsigned char *)pin->bytes,
					 pin == NULL ? 0 : pin->length);
	if (rv == CKR_OK)
		return 0;
	result = driver_failure(rv, "C_Login", failure);
	/* OpenSC calls even the right PIN incorrect once it is locked; only the flags tell. */
	if (result == -FAILURE_PIN_WRONG && token_refresh(token, NULL) == 0 &&
	    (token->info.flags & CKF_USER_PIN_LOCKED) != 0)
		return fail(failure, FAILURE_PIN_LOCKED, "C_Login, and the token's flags");
	return result;
}

void pin_logout(struct token *token)
{
	token->driver->p11->C_Logout(token->session);
}
