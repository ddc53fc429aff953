/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_failure.h"

#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/cmperr.h>
#include <openssl/crmferr.h>
#include <openssl/err.h>

#include "helper/ca/der.h"
#include "helper/ca/openssl_errors.h"
#include "helper/ca/said.h"

/* --- an error message's words ---------------------------------------------------------------- */

enum { BODY_ERROR = 23, PROTECTION = 0, DEPTH_MAX = 8 };

static void add_words(struct cmp_error *error, const struct der_element *text)
{
	size_t used = strlen(error->words), length = (size_t)(text->end - text->content);
	size_t room = sizeof(error->words) - 1 - used;

	if (used > 0 && room > 2) {
		memcpy(error->words + used, "; ", 2);
		used += 2;
		room -= 2;
	}
	if (length > room)
		length = room;
	memcpy(error->words + used, text->content, length);
	error->words[used + length] = '\0';
}

/* Every UTF8String of it: an error message has no others than its texts. */
static void collect_words(const unsigned char *at, const unsigned char *end, int depth,
			  struct cmp_error *ret)
{
	struct der_element element;

	for (; depth < DEPTH_MAX && der_next(at, end, &element); at = element.end) {
		if (element.constructed)
			collect_words(element.content, element.end, depth + 1, ret);
		else if (element.class == V_ASN1_UNIVERSAL && element.tag == V_ASN1_UTF8STRING)
			add_words(ret, &element);
	}
}

void cmp_error_read(const unsigned char *der, size_t length, struct cmp_error *ret)
{
	struct der_element message, header, body, protection;

	memset(ret, 0, sizeof(*ret));
	if (!der_next(der, der + length, &message) ||
	    !der_next(message.content, message.end, &header) ||
	    !der_next(header.end, message.end, &body) || body.class != V_ASN1_CONTEXT_SPECIFIC ||
	    body.tag != BODY_ERROR)
		return;
	ret->received = true;
	ret->is_protected = der_next(body.end, message.end, &protection) &&
			    protection.class == V_ASN1_CONTEXT_SPECIFIC &&
			    protection.tag == PROTECTION;
	collect_words(body.content, body.end, 0, ret);
}

/* --- what OpenSSL's errors mean ----------------------------------------------------------------
 */

/* CMP_R_… → what it is about; what is not here is garbage. */
static const struct {
	int reason;
	enum failure_code code;
} meanings[] = {
    {CMP_R_ERROR_VALIDATING_PROTECTION, FAILURE_CA_UNTRUSTED},
    {CMP_R_MISSING_PROTECTION, FAILURE_CA_UNTRUSTED},
    {CMP_R_NO_SUITABLE_SENDER_CERT, FAILURE_CA_UNTRUSTED},
    {CMP_R_SENDER_GENERALNAME_TYPE_NOT_SUPPORTED, FAILURE_CA_UNTRUSTED},
    {CMP_R_MISSING_SECRET, FAILURE_CA_UNTRUSTED},
    {CMP_R_WRONG_PBM_VALUE, FAILURE_CA_UNTRUSTED},
    {CMP_R_RECEIVED_ERROR, FAILURE_CA_REFUSED},
    {CMP_R_REQUEST_REJECTED_BY_SERVER, FAILURE_CA_REFUSED},
    {CMP_R_ERROR_CREATING_CERTREQ, FAILURE_CARD_ERROR},
    {CMP_R_ERROR_CREATING_CERTCONF, FAILURE_CARD_ERROR},
    {CMP_R_ERROR_CREATING_POLLREQ, FAILURE_CARD_ERROR},
    {CMP_R_ERROR_PROTECTING_MESSAGE, FAILURE_CARD_ERROR},
};

static void note_meaning(unsigned long error, void *context)
{
	enum failure_code *code = context;

	if (*code != FAILURE_NONE)
		return;
	/* OpenSSL empties the queue there: whether the card or the CA is to blame, it won't say. */
	if (ERR_GET_LIB(error) == ERR_LIB_CRMF &&
	    ERR_GET_REASON(error) == CRMF_R_ERROR_DECRYPTING_SYMMETRIC_KEY)
		*code = FAILURE_CARD_ERROR;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (ERR_GET_LIB(error) == ERR_LIB_CMP &&
		    ERR_GET_REASON(error) == meanings[i].reason)
			*code = meanings[i].code;
}

#define SAYS(info, name) (((info) >> OSSL_CMP_PKIFAILUREINFO_##name & 1) != 0)

/* Of the reasons that a CA may give (PKIFailureInfo), those that are not the request's fault. */
static enum failure_code refusal(const OSSL_CMP_CTX *context)
{
	int info = OSSL_CMP_CTX_get_failInfoCode(context);

	if (info < 0)
		return FAILURE_CA_REFUSED;
	if (SAYS(info, systemUnavail) || SAYS(info, systemFailure))
		return FAILURE_CA_ERROR;
	if (SAYS(info, badMessageCheck) || SAYS(info, signerNotTrusted) ||
	    SAYS(info, notAuthorized) || SAYS(info, certRevoked))
		return FAILURE_CA_DENIED;
	return FAILURE_CA_REFUSED;
}

void cmp_said(const OSSL_CMP_CTX *context, struct failure *failure)
{
	OSSL_CMP_PKIFREETEXT *texts = OSSL_CMP_CTX_get0_statusString(context);
	char words[512] = "";
	size_t used = 0;

	for (int i = 0; i < sk_ASN1_UTF8STRING_num(texts) && used < sizeof(words); i++) {
		const ASN1_STRING *text = sk_ASN1_UTF8STRING_value(texts, i);

		used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%.*s",
					 i > 0 ? "; " : "", ASN1_STRING_length(text),
					 (const char *)ASN1_STRING_get0_data(text));
	}
	said_keep((const unsigned char *)words, strlen(words), failure);
}

int cmp_failure(const OSSL_CMP_CTX *context, const struct cmp_error *error, bool authentic,
		struct failure *failure)
{
	enum failure_code code = FAILURE_NONE;
	char reasons[400];
	int r;

	openssl_errors_seen(reasons, sizeof(reasons), note_meaning, &code);
	if (code == FAILURE_CA_REFUSED)
		code = refusal(context);
	/* Nobody signed it, but whoever said it is who TLS says. */
	if (code == FAILURE_CA_UNTRUSTED && error->received && !error->is_protected && authentic)
		code = FAILURE_CA_REFUSED;
	r = fail(failure, code == FAILURE_NONE ? FAILURE_CA_GARBAGE : code, "CMP: %s",
		 reasons[0] != '\0' ? reasons : "no certificate came of it");
	if (error->received)
		said_keep((const unsigned char *)error->words, strlen(error->words), failure);
	else
		cmp_said(context, failure);
	return r;
}
