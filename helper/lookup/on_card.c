/* SPDX-License-Identifier: MIT */
#include "helper/lookup/on_card.h"

#include <unistd.h>

#include "helper/common/client.h"
#include "helper/words/language.h"

static X509 *certificate_of(const struct message *message)
{
	size_t length = 0;
	const unsigned char *der = message_bytes(message, FIELD_CERTIFICATE, &length);

	return der == NULL ? NULL : d2i_X509(NULL, &der, (long)length);
}

/* Takes the message. */
static void take(struct card *card, struct message *message)
{
	enum message_type type = message_type(message);
	X509 *certificate = type == MESSAGE_CERTIFICATE ? certificate_of(message) : NULL;

	if (certificate != NULL && card->count < CERTIFICATES_MAX) {
		card->certificates[card->count++] =
		    (struct on_card){.message = message, .certificate = certificate};
		return;
	}
	X509_free(certificate);
	if (type == MESSAGE_CHECKED || type == MESSAGE_FAILED) {
		message_free(card->end);
		card->end = message;
	} else {
		message_free(message);
	}
}

int card_read(struct card *card, struct failure *failure)
{
	const struct client_request request = {
	    .action = REQUEST_STATUS,
	    .flags = REQUEST_CERTIFICATES,
	    .language = language_of_environment(),
	};
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;
	int channel = -1, r = client_open(&request, &channel, failure);

	if (r < 0)
		return r;
	while (client_receive(channel, &heard, &message, failure) == 0)
		take(card, message);
	close(channel);
	return 0;
}

void card_clear(struct card *card)
{
	for (size_t i = 0; i < card->count; i++) {
		X509_free(card->certificates[i].certificate);
		message_free(card->certificates[i].message);
	}
	message_free(card->end);
	*card = (struct card){.count = 0};
}
