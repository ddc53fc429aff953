/* SPDX-License-Identifier: MIT */
/*
 * The card's place in a reader: the connection to vsmartcard's virtual reader, which listens for a
 * card and sends messages, each after its length in two bytes. No connection is no card.
 */
#ifndef CERTRENEW_TESTS_VCARD_READER_H
#define CERTRENEW_TESTS_VCARD_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/world/vcard/card.h"

struct reader {
	uint16_t port;
	int connection; /* -1: none */
	bool inserted;	/* whether there is to be one */
	struct card *card;
	FILE *log; /* NULL: none */

	unsigned delay; /* milliseconds that each command takes */

	/* The card is pulled at the `cut`th command from now, of those with this instruction. */
	unsigned cut;	     /* 0: no more */
	int cut_instruction; /* -1: any */
	bool cut_answer;     /* the command is carried out, and only its answer lost */
};

/* Puts the card in, if it is to be in and is not; a reader that is not there yet is tried again by
 * the next call. */
void reader_insert(struct reader *reader);

/* Pulls the card out, and leaves it out. */
void reader_eject(struct reader *reader);

/* What the reader sent is answered; the connection is readable. */
void reader_serve(struct reader *reader);

#endif
