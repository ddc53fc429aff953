/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_mac.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/buffer.h>
#include <openssl/crmf.h>
#include <openssl/x509.h>

#include "helper/ca/der.h"

enum {
	SALT = 16,
	PROTECTION_ALGORITHM = 1,
	PROTECTION = 0,
	FIXED = 3 /* pvno, sender, recipient */
};

/* --- DER ------------------------------------------------------------------------------------- */

static bool add(BUF_MEM *to, const unsigned char *bytes, size_t length)
{
	size_t before = to->length;

	if (BUF_MEM_grow(to, before + length) == 0)
		return false;
	memcpy(to->data + before, bytes, length);
	return true;
}

static bool add_wrapped(BUF_MEM *to, int tag, int class, const void *content, size_t length)
{
	unsigned char head[16], *at = head;

	ASN1_put_object(&at, 1, (int)length, tag, class);
	return add(to, head, (size_t)(at - head)) && add(to, content, length);
}

/* --- the parts ------------------------------------------------------------------------------- */

static int algorithm_der(OSSL_CRMF_PBMPARAMETER *parameter, unsigned char **ret)
{
	X509_ALGOR *algorithm = X509_ALGOR_new();
	ASN1_STRING *sequence = ASN1_STRING_new();
	unsigned char *der = NULL;
	int length = i2d_OSSL_CRMF_PBMPARAMETER(parameter, &der), result = -1;

	if (algorithm != NULL && sequence != NULL && length > 0) {
		ASN1_STRING_set0(sequence, der, length);
		der = NULL;
		if (X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_id_PasswordBasedMAC),
				    V_ASN1_SEQUENCE, sequence) == 1) {
			sequence = NULL;
			result = i2d_X509_ALGOR(algorithm, ret);
		}
	}
	OPENSSL_free(der);
	ASN1_STRING_free(sequence);
	X509_ALGOR_free(algorithm);
	return result;
}

/* The header, with another protectionAlg. */
static bool add_header(BUF_MEM *to, const struct der_element *header,
		       const unsigned char *algorithm, size_t length)
{
	BUF_MEM *fields = BUF_MEM_new();
	const unsigned char *at = header->content;
	struct der_element field;
	bool done = fields != NULL;

	for (int i = 0; done && der_next(at, header->end, &field); at = field.end, i++) {
		if (i >= FIXED && field.class == V_ASN1_CONTEXT_SPECIFIC &&
		    field.tag == PROTECTION_ALGORITHM)
			done = add_wrapped(fields, PROTECTION_ALGORITHM, V_ASN1_CONTEXT_SPECIFIC,
					   algorithm, length);
		else
			done = add(fields, field.start, (size_t)(field.end - field.start));
	}
	done = done && at == header->end &&
	       add_wrapped(to, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, fields->data, fields->length);
	BUF_MEM_free(fields);
	return done;
}

/* [0] BIT STRING over SEQUENCE { header, body }, which `parts` holds. */
static bool add_protection(BUF_MEM *parts, const OSSL_CRMF_PBMPARAMETER *parameter,
			   const struct secret *phrase)
{
	BUF_MEM *text = BUF_MEM_new();
	unsigned char *mac = NULL, *der = NULL;
	size_t mac_length = 0;
	int length = -1;
	bool done =
	    text != NULL &&
	    add_wrapped(text, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, parts->data, parts->length) &&
	    OSSL_CRMF_pbm_new(NULL, NULL, parameter, (unsigned char *)text->data, text->length,
			      phrase->bytes, phrase->length, &mac, &mac_length) == 1;

	if (done)
		length = der_bit_string(mac, mac_length, &der);
	done = length > 0 &&
	       add_wrapped(parts, PROTECTION, V_ASN1_CONTEXT_SPECIFIC, der, (size_t)length);
	OPENSSL_free(der);
	OPENSSL_free(mac);
	BUF_MEM_free(text);
	return done;
}

static OSSL_CMP_MSG *decode(const BUF_MEM *parts)
{
	BUF_MEM *whole = BUF_MEM_new();
	OSSL_CMP_MSG *message = NULL;

	if (whole != NULL &&
	    add_wrapped(whole, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, parts->data, parts->length)) {
		const unsigned char *at = (unsigned char *)whole->data;

		message = d2i_OSSL_CMP_MSG(NULL, &at, (long)whole->length);
	}
	BUF_MEM_free(whole);
	return message;
}

int cmp_mac_protect(const OSSL_CMP_MSG *message, const struct cmp_mac *how, OSSL_CMP_MSG **ret,
		    struct failure *failure)
{
	OSSL_CRMF_PBMPARAMETER *parameter =
	    OSSL_CRMF_pbmp_new(NULL, SALT, how->hash, (size_t)how->iterations, how->mac);
	BUF_MEM *parts = BUF_MEM_new();
	unsigned char *der = NULL, *algorithm = NULL;
	struct der_element whole, header, body;
	OSSL_CMP_MSG *changed = NULL;
	int length = i2d_OSSL_CMP_MSG(message, &der);
	int algorithm_length = parameter == NULL ? -1 : algorithm_der(parameter, &algorithm);

	if (parts != NULL && length > 0 && algorithm_length > 0 &&
	    der_next(der, der + length, &whole) && der_next(whole.content, whole.end, &header) &&
	    der_next(header.end, whole.end, &body) &&
	    add_header(parts, &header, algorithm, (size_t)algorithm_length) &&
	    add(parts, body.start, (size_t)(body.end - body.start)) &&
	    add_protection(parts, parameter, how->phrase))
		changed = decode(parts);
	OPENSSL_free(der);
	OPENSSL_free(algorithm);
	BUF_MEM_free(parts);
	OSSL_CRMF_PBMPARAMETER_free(parameter);
	if (changed == NULL)
		return fail(failure, FAILURE_SYSTEM, "CMP: the message cannot be protected");
	*ret = changed;
	return 0;
}
