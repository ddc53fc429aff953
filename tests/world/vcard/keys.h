/* SPDX-License-Identifier: MIT */
/* The card's private keys (ISO 7816-4 §7.5.11, ISO 7816-8): made on the card, and never leaving it.
 */
#ifndef CERTRENEW_TESTS_VCARD_KEYS_H
#define CERTRENEW_TESTS_VCARD_KEYS_H

#include <openssl/evp.h>

#include "tests/world/vcard/apdu.h"

enum { KEYS_MAX = 16 };

struct keys {
	EVP_PKEY *all[KEYS_MAX];
	uint8_t algorithm, key; /* the security environment, until the power goes */
};

/* Each carries out one command and returns its status word. */
unsigned keys_choose(struct keys *keys, const struct command *command);
unsigned keys_generate(struct keys *keys, const struct command *command, struct response *ret);
unsigned keys_operate(struct keys *keys, const struct command *command, struct response *ret);

#endif
