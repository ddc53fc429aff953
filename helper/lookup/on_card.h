/* SPDX-License-Identifier: MIT */
/* The certificates of the cards that are in a reader, as the helper tells them. */
#ifndef CERTRENEW_ON_CARD_H
#define CERTRENEW_ON_CARD_H

#include "helper/common/message.h"
#include "helper/lookup/standing.h"

enum { CERTIFICATES_MAX = 64 };

struct on_card {
	struct message *message; /* CERTIFICATE */
	X509 *certificate;
	struct standing standing; /* for whoever asks about it */
};

struct card {
	struct on_card certificates[CERTIFICATES_MAX];
	size_t count;
	struct message *end; /* CHECKED or FAILED; NULL if neither came */
};

/*
 * Has the helper read every card into a zeroed struct, which the caller clears. Returns 0, also
 * where the helper failed (see exit_code_of), or -FAILURE_SYSTEM: it cannot be reached.
 */
int card_read(struct card *card, struct failure *failure);

/* Safe on a zeroed struct. */
void card_clear(struct card *card);

#endif
