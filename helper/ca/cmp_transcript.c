/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_transcript.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "helper/ca/der.h"

/* Bodies of a PKIMessage (RFC 9810 §5.1.2), of which OpenSSL names only those of requests. */
enum { BODY_KUP = 8, BODY_POLLREP = 26 };

/* Of a PKIHeader (§5.1.1). */
enum { TAG_SENDER_NONCE = 5 };

static OSSL_CMP_MSG *next_message(const unsigned char **at, const unsigned char *end)
{
	OSSL_CMP_MSG *message;

	ERR_set_mark();
	message = d2i_OSSL_CMP_MSG(NULL, at, (long)(end - *at));
	ERR_pop_to_mark();
	return message;
}

static bool fits(const struct transcript *transcript, const OSSL_CMP_MSG *message)
{
	int type = OSSL_CMP_MSG_get_bodytype(message);

	return transcript->count == 0 ? type == OSSL_CMP_KUR
				      : type == BODY_KUP || type == BODY_POLLREP;
}

void transcript_decode(const unsigned char *bytes, size_t length, struct transcript *ret)
{
	const unsigned char *at = bytes, *end = bytes + length;
	struct transcript transcript = {.count = 0};
	bool good = length <= TRANSCRIPT_MAX;

	while (good && at < end) {
		OSSL_CMP_MSG *message = next_message(&at, end);

		good = message != NULL && transcript.count < TRANSCRIPT_MESSAGES &&
		       fits(&transcript, message);
		if (good)
			transcript.messages[transcript.count++] = message;
		else
			OSSL_CMP_MSG_free(message);
	}
	if (!good)
		transcript_clear(&transcript);
	*ret = transcript;
}

int transcript_encode(const struct transcript *transcript, unsigned char **ret, size_t *ret_length,
		      struct failure *failure)
{
	unsigned char *bytes, *at;
	size_t length = 0;

	for (size_t i = 0; i < transcript->count; i++) {
		int more = i2d_OSSL_CMP_MSG(transcript->messages[i], NULL);

		if (more <= 0)
			return fail(failure, FAILURE_SYSTEM, "a message cannot be encoded");
		length += (size_t)more;
	}
	if (length > TRANSCRIPT_MAX)
		return fail(failure, FAILURE_CA_TOO_LARGE, "a transaction of %zu bytes", length);
	at = bytes = OPENSSL_malloc(length);
	if (bytes == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	for (size_t i = 0; i < transcript->count; i++)
		(void)i2d_OSSL_CMP_MSG(transcript->messages[i], &at);
	*ret = bytes;
	*ret_length = length;
	return 0;
}

static int put(struct transcript *transcript, size_t place, const OSSL_CMP_MSG *message,
	       struct failure *failure)
{
	OSSL_CMP_MSG *copy = OSSL_CMP_MSG_dup(message);

	if (copy == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory for a message");
	OSSL_CMP_MSG_free(transcript->messages[place]);
	transcript->messages[place] = copy;
	if (transcript->count == place)
		transcript->count++;
	return 0;
}

int transcript_begin(struct transcript *transcript, const OSSL_CMP_MSG *request,
		     struct failure *failure)
{
	transcript_clear(transcript);
	return put(transcript, 0, request, failure);
}

int transcript_add(struct transcript *transcript, const OSSL_CMP_MSG *answer,
		   struct failure *failure)
{
	size_t last = transcript->count - 1;
	bool again;

	if (transcript->count == 0 || !fits(transcript, answer))
		return 0;
	again = OSSL_CMP_MSG_get_bodytype(answer) == BODY_POLLREP &&
		OSSL_CMP_MSG_get_bodytype(transcript->messages[last]) == BODY_POLLREP;
	if (!again && transcript->count == TRANSCRIPT_MESSAGES)
		return fail(failure, FAILURE_CA_GARBAGE, "too many answers in one transaction");
	return put(transcript, again ? last : last + 1, answer, failure);
}

/* Our own message's, as i2d_OSSL_CMP_MSG wrote it: message, header, its fields. */
static ASN1_OCTET_STRING *find_nonce(const unsigned char *at, const unsigned char *end)
{
	struct der_element message, header, field;

	if (!der_next(at, end, &message) || !der_next(message.content, message.end, &header))
		return NULL;
	for (at = header.content; der_next(at, header.end, &field); at = field.end)
		if (field.class == V_ASN1_CONTEXT_SPECIFIC && field.tag == TAG_SENDER_NONCE)
			return d2i_ASN1_OCTET_STRING(NULL, &field.content,
						     field.end - field.content);
	return NULL;
}

ASN1_OCTET_STRING *transcript_nonce(const struct transcript *transcript)
{
	unsigned char *der = NULL;
	ASN1_OCTET_STRING *nonce;
	int length = transcript->count == 0 ? 0 : i2d_OSSL_CMP_MSG(transcript->messages[0], &der);

	if (length <= 0)
		return NULL;
	nonce = find_nonce(der, der + length);
	OPENSSL_free(der);
	return nonce;
}

void transcript_clear(struct transcript *transcript)
{
	for (size_t i = 0; i < transcript->count; i++)
		OSSL_CMP_MSG_free(transcript->messages[i]);
	memset(transcript, 0, sizeof(*transcript));
}
