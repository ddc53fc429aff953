/* SPDX-License-Identifier: MIT */
/* Wraps pin_login: a PIN that the card did not take is given to it once more. */
#include "helper/card/pin.h"

int __real_pin_login(struct token *token, const struct secret *pin, struct failure *failure);
int __wrap_pin_login(struct token *token, const struct secret *pin, struct failure *failure);

int __wrap_pin_login(struct token *token, const struct secret *pin, struct failure *failure)
{
	int result = __real_pin_login(token, pin, failure);

	return result < 0 ? __real_pin_login(token, pin, failure) : result;
}
