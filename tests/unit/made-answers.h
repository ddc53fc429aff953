/* SPDX-License-Identifier: MIT */
/* What the helper says to the desktop's agent, made here: each is for its caller to free. */
#ifndef CERTRENEW_TESTS_MADE_ANSWERS_H
#define CERTRENEW_TESTS_MADE_ANSWERS_H

#include "helper/card/validity.h"
#include "helper/common/message.h"

enum { MADE_DAY = 86400, MADE_NOW = 1800000000 }; /* 2027-01-15 08:00 UTC */

static inline struct message *made_certificate(const char *token, enum certificate_role role,
					       enum validity_state state, int64_t days)
{
	struct message *message = message_new(MESSAGE_CERTIFICATE);

	message_put_number(message, FIELD_ROLE, role);
	message_put_number(message, FIELD_STATE, state);
	message_put_number(message, FIELD_DAYS, days);
	message_put_number(message, FIELD_NOT_BEFORE, MADE_NOW - 300 * MADE_DAY);
	message_put_number(message, FIELD_NOT_AFTER, MADE_NOW + days * MADE_DAY);
	message_put_number(message, FIELD_RENEWABLE_FROM, MADE_NOW + (days - 30) * MADE_DAY);
	message_put_text(message, FIELD_ISSUER, "CN=Office CA");
	message_put_text(message, FIELD_SERIAL, "1234");
	message_put_text(message, FIELD_SUBJECT_CN, "Alice Chen");
	message_put_text(message, FIELD_SUBJECT_O, "Example Government");
	message_put_text(message, FIELD_TOKEN_LABEL, "Alice's card");
	message_put_text(message, FIELD_TOKEN_SERIAL, token);
	return message;
}

static inline struct message *made_renewed(enum certificate_role role, int64_t new_not_after)
{
	struct message *message = message_new(MESSAGE_RENEWED);

	message_put_text(message, FIELD_SENTENCE,
			 role == ROLE_ENCRYPTION ? "The encryption certificate was renewed."
						 : "The signature certificate was renewed.");
	message_put_number(message, FIELD_ROLE, role);
	message_put_number(message, FIELD_NOT_AFTER, MADE_NOW);
	message_put_number(message, FIELD_NEW_NOT_AFTER, new_not_after);
	return message;
}

static inline struct message *made_waiting(int64_t retry_at)
{
	struct message *message = message_new(MESSAGE_WAITING);

	message_put_text(message, FIELD_SENTENCE, "The CA is still working on it.");
	message_put_text(message, FIELD_NEXT, "Come back then.");
	message_put_number(message, FIELD_ROLE, ROLE_ENCRYPTION);
	message_put_number(message, FIELD_RETRY_AT, retry_at);
	return message;
}

static inline struct message *made_failed(enum failure_code code, const char *sentence)
{
	struct message *message = message_new(MESSAGE_FAILED);

	message_put_number(message, FIELD_CODE, code);
	if (sentence != NULL) {
		message_put_text(message, FIELD_SENTENCE, sentence);
		message_put_text(message, FIELD_NEXT, "Ask your administrator.");
	}
	return message;
}

static inline struct message *made_done(int64_t renewed, int64_t of)
{
	struct message *message = message_new(MESSAGE_DONE);

	message_put_text(message, FIELD_SENTENCE, "You may remove the card.");
	message_put_number(message, FIELD_COUNT, renewed);
	message_put_number(message, FIELD_OF, of);
	return message;
}

#endif
