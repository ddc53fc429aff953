/* SPDX-License-Identifier: MIT */
/*
 * The card: what it holds, and how it answers one command. It takes the commands that OpenSC has
 * for cards with the IsoApplet, of whose drivers that asks the least beyond ISO 7816-4, -8 and -9.
 */
#ifndef CERTRENEW_TESTS_VCARD_CARD_H
#define CERTRENEW_TESTS_VCARD_CARD_H

#include "tests/world/vcard/files.h"
#include "tests/world/vcard/keys.h"
#include "tests/world/vcard/pins.h"

struct card {
	struct files files;
	struct pins pins;
	struct keys keys;
	bool selected;		   /* the applet */
	uint8_t chained[APDU_MAX]; /* of a command that comes in parts (§5.1.1.1) */
	size_t chained_length;
	uint8_t rest[APDU_MAX]; /* of a response, for GET RESPONSE */
	size_t rest_length;
};

void card_start(struct card *card);
/* Power off, power on, reset: what was made stays, who had shown the PIN is forgotten. */
void card_reset(struct card *card);

/* Answers a command; `out` has room for APDU_MAX + 2. Returns the answer's length. */
size_t card_answer(struct card *card, const uint8_t *bytes, size_t length, uint8_t *out);

#endif
