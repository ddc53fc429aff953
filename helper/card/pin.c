/* SPDX-License-Identifier: MIT */
#include "helper/card/pin.h"

#include <stdlib.h>

#include "helper/common/message.h"

/* The PIN of the step that is under way, for keys that want it for each signature. */
struct pin_again {
	struct secret *pin;	/* NULL: the reader's keypad asks */
	struct failure refused; /* code FAILURE_NONE until a login failed; none is tried then */
	bool last_try;		/* the person has agreed to it */
};

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
	if ((flags & CKF_USER_PIN_TO_BE_CHANGED) != 0)
		return fail(failure, FAILURE_PIN_TO_CHANGE, "the token's flags say so");
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
		note |= PIN_NOTE_LAST;
	else if ((flags & CKF_USER_PIN_COUNT_LOW) != 0)
		note |= PIN_NOTE_FEW;
	if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		note |= PIN_NOTE_KEYPAD;
	*ret_note = note;
	return 0;
}

/* What would only spend a try. The details don't say how long it was. */
static int check_form(const struct token *token, const struct secret *pin, struct failure *failure)
{
	const struct token_info *info = &token->info;

	for (size_t i = 0; i < pin->length; i++)
		if (pin->bytes[i] < 0x20 || pin->bytes[i] == 0x7F)
			return fail(failure, FAILURE_PIN_CHARACTERS, "a control character");
	if (info->pin_max == 0)
		return 0;
	if (pin->length < info->pin_min)
		return fail(failure, FAILURE_PIN_SHORT, "ulMinPinLen is %lu", info->pin_min);
	if (pin->length > info->pin_max)
		return fail(failure, FAILURE_PIN_LONG, "ulMaxPinLen is %lu", info->pin_max);
	return 0;
}

static CK_RV login(struct token *token, CK_USER_TYPE user, const struct secret *pin)
{
	bool told = pin == NULL && token->at_keypad != NULL;
	CK_RV rv;

	if (told)
		token->at_keypad(token->at_keypad_context, true, user == CKU_CONTEXT_SPECIFIC);
	rv = token->driver->p11->C_Login(token->session, user,
					 pin == NULL ? NULL : (unsigned char *)pin->bytes,
					 pin == NULL ? 0 : pin->length);
	if (told)
		token->at_keypad(token->at_keypad_context, false, user == CKU_CONTEXT_SPECIFIC);
	return rv;
}

static int explain(struct token *token, const struct secret *pin, CK_RV rv, struct failure *failure)
{
	int result;

	/* How drivers answer when a keypad's time has run out; nothing else was asked of the card.
	 */
	if (pin == NULL && (rv == CKR_FUNCTION_FAILED || rv == CKR_FUNCTION_REJECTED))
		return fail(failure, FAILURE_KEYPAD, "C_Login: 0x%lx", (unsigned long)rv);
	result = driver_failure(rv, "C_Login", failure);
	/* OpenSC calls even the right PIN incorrect once it is locked; only the flags tell. */
	if (result == -FAILURE_PIN_WRONG && token_refresh(token, NULL) == 0 &&
	    (token->info.flags & CKF_USER_PIN_LOCKED) != 0)
		return fail(failure, FAILURE_PIN_LOCKED, "C_Login, and the token's flags");
	return result;
}

int pin_login(struct token *token, const struct secret *pin, struct failure *failure)
{
	CK_RV rv;
	int result;

	result = token_refresh(token, failure);
	if (result == 0 && pin != NULL)
		result = check_form(token, pin, failure);
	if (result < 0)
		return result;
	rv = login(token, CKU_USER, pin);
	if (rv != CKR_OK)
		return explain(token, pin, rv, failure);
	seen_login(token);
	return 0;
}

void pin_logout(struct token *token)
{
	token->driver->p11->C_Logout(token->session);
	seen_logout(token);
}

int pin_keep(struct token *token, struct secret *pin, struct failure *failure)
{
	struct pin_again *again = calloc(1, sizeof(*again));

	if (again == NULL) {
		secret_free(pin);
		return fail_errno(failure, "no memory for the PIN");
	}
	again->pin = pin;
	again->last_try = (token->info.flags & CKF_USER_PIN_FINAL_TRY) != 0;
	token->again = again;
	return 0;
}

const struct failure *pin_refused(const struct token *token)
{
	bool refused = token->again != NULL && token->again->refused.code != FAILURE_NONE;

	return refused ? &token->again->refused : NULL;
}

/* The login was right, so these speak of another PIN: the key's own, which we were not given. */
static int check_tries(const struct token *token, struct failure *failure)
{
	CK_FLAGS flags = token->info.flags;

	if ((flags & CKF_USER_PIN_LOCKED) != 0)
		return fail(failure, FAILURE_PIN_LOCKED, "the token's flags say so");
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0 && !token->again->last_try)
		return fail(failure, FAILURE_PIN_FOR_KEY, "it would be the last try");
	return 0;
}

int pin_login_again(struct token *token)
{
	struct pin_again *again = token->again;
	int result;
	CK_RV rv;

	result = token_refresh(token, &again->refused);
	if (result == 0)
		result = check_tries(token, &again->refused);
	if (result < 0)
		return result;
	rv = login(token, CKU_CONTEXT_SPECIFIC, again->pin);
	if (rv == CKR_OK)
		return 0;
	result = explain(token, again->pin, rv, &again->refused);
	if (result == -FAILURE_PIN_WRONG)
		result = fail(&again->refused, FAILURE_PIN_FOR_KEY,
			      "C_Login, context-specific: 0x%lx", (unsigned long)rv);
	return result;
}

void pin_wipe(struct token *token)
{
	if (token->again == NULL)
		return;
	secret_free(token->again->pin);
	free(token->again);
	token->again = NULL;
}

bool pin_forget(struct token *token)
{
	bool refused = pin_refused(token) != NULL;

	pin_wipe(token);
	/* The signature that was begun would stay in the way of whatever comes next. */
	if (refused)
		(void)token_reopen(token, NULL);
	return refused;
}
