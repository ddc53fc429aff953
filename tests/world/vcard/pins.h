/* SPDX-License-Identifier: MIT */
/* The PIN and the PUK, each with its tries (ISO 7816-4 §7.5). */
#ifndef CERTRENEW_TESTS_VCARD_PINS_H
#define CERTRENEW_TESTS_VCARD_PINS_H

#include <stdbool.h>

#include "tests/world/vcard/apdu.h"

enum { PIN_LENGTH_MAX = 16, PIN_TRIES = 3 };

struct pin {
	uint8_t value[PIN_LENGTH_MAX];
	bool is_set;
	unsigned tries;
};

struct pins {
	struct pin pin, puk;
	bool verified; /* until the power goes */
};

/* Each carries out one command and returns its status word. */
unsigned pins_verify(struct pins *pins, const struct command *command);
unsigned pins_change(struct pins *pins, const struct command *command);
unsigned pins_unblock(struct pins *pins, const struct command *command);

#endif
