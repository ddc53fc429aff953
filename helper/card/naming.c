/* SPDX-License-Identifier: MIT */
#include "helper/card/naming.h"

#include <stdio.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>

#include "helper/common/utf8.h"

char *naming_attribute(const X509_NAME *name, int nid, char *out, size_t size)
{
	unsigned char *text = NULL;
	int at, length = -1;

	out[0] = '\0';
	at = X509_NAME_get_index_by_NID(name, nid, -1);
	if (at >= 0)
		length = ASN1_STRING_to_UTF8(
		    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (length >= 0)
		snprintf(out, size, "%.*s", length, (const char *)text);
	OPENSSL_free(text);
	return out;
}

char *naming_whole(const X509_NAME *name, char *out, size_t size)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *text = NULL;
	long length;

	out[0] = '\0';
	if (memory == NULL)
		return out;
	if (X509_NAME_print_ex(memory, name, 0,
			       XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		length = BIO_get_mem_data(memory, &text);
		if (length > 0)
			snprintf(out, size, "%.*s", (int)length, text);
	}
	BIO_free(memory);
	return out;
}

char *naming_serial(X509 *certificate, char *out, size_t size)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *text = number == NULL ? NULL : BN_bn2hex(number);

	snprintf(out, size, "%s", text == NULL ? "" : text);
	OPENSSL_free(text);
	BN_free(number);
	return out;
}

bool naming_is(X509 *certificate, const char *issuer, const char *serial)
{
	char text[NAMING_MAX], clean[NAMING_MAX];

	if (strcmp(naming_serial(certificate, text, sizeof(text)), serial) != 0)
		return false;
	naming_whole(X509_get_issuer_name(certificate), text, sizeof(text));
	utf8_clean(text, clean, sizeof(clean));
	return strcmp(clean, issuer) == 0;
}
