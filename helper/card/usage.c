/* SPDX-License-Identifier: MIT */
#include "helper/card/usage.h"

#include <limits.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Bits of keyUsage, counted as ASN.1 does (RFC 5280 §4.2.1.3). */
enum { DIGITAL_SIGNATURE = 0, NON_REPUDIATION = 1, KEY_CERT_SIGN = 5, USAGES = 9 };

/*
 * Not X509_get_key_usage: that one answers 0 for a certificate of which any other extension is
 * malformed, which would make every such signature certificate one for encryption.
 */
static ASN1_BIT_STRING *key_usage(X509 *certificate, bool *ret_absent)
{
	ASN1_BIT_STRING *usage;
	int found = -1;

	ERR_set_mark();
	usage = X509_get_ext_d2i(certificate, NID_key_usage, &found, NULL);
	ERR_pop_to_mark();
	/* -1: there is none; -2: several; otherwise one, which may have been unreadable */
	*ret_absent = usage == NULL && found == -1;
	return usage;
}

static bool has_bit(const ASN1_BIT_STRING *usage, int bit)
{
	return usage != NULL && ASN1_BIT_STRING_get_bit(usage, bit) == 1;
}

enum certificate_role usage_role(X509 *certificate)
{
	bool absent;
	ASN1_BIT_STRING *usage = key_usage(certificate, &absent);
	bool signs = absent || has_bit(usage, DIGITAL_SIGNATURE) || has_bit(usage, NON_REPUDIATION);

	ASN1_BIT_STRING_free(usage);
	return signs ? ROLE_SIGNATURE : ROLE_ENCRYPTION;
}

unsigned usage_bits(X509 *certificate)
{
	bool absent;
	ASN1_BIT_STRING *usage = key_usage(certificate, &absent);
	unsigned bits = absent ? UINT_MAX : 0;

	for (int i = 0; i < USAGES; i++)
		bits |= (unsigned)has_bit(usage, i) << i;
	ASN1_BIT_STRING_free(usage);
	return bits;
}

bool usage_is_ca(X509 *certificate)
{
	bool absent;
	ASN1_BIT_STRING *usage = key_usage(certificate, &absent);
	BASIC_CONSTRAINTS *constraints;
	bool is_ca;

	ERR_set_mark();
	constraints = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL, NULL);
	ERR_pop_to_mark();
	is_ca = has_bit(usage, KEY_CERT_SIGN) || (constraints != NULL && constraints->ca);
	BASIC_CONSTRAINTS_free(constraints);
	ASN1_BIT_STRING_free(usage);
	return is_ca;
}

static int seconds(const ASN1_TIME *time, int64_t *ret)
{
	struct tm tm;
	int read;

	ERR_set_mark();
	read = time != NULL && ASN1_TIME_to_tm(time, &tm) == 1; /* NULL would be 'now' */
	ERR_pop_to_mark();
	if (!read)
		return -1;
	*ret = (int64_t)timegm(&tm);
	return 0;
}

int usage_dates(X509 *certificate, int64_t *ret_not_before, int64_t *ret_not_after)
{
	int64_t not_before, not_after;

	if (seconds(X509_get0_notBefore(certificate), &not_before) < 0 ||
	    seconds(X509_get0_notAfter(certificate), &not_after) < 0)
		return -1;
	*ret_not_before = not_before;
	*ret_not_after = not_after;
	return 0;
}
