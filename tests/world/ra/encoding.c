/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/encoding.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pkcs7.h>

#define COLUMNS 64

static bool is_base64(unsigned char c)
{
	return isalnum(c) || c == '+' || c == '/' || c == '=';
}

/* Appends one line without its end to `joined`. Returns what follows it, or NULL. */
static const char *read_line(const char *text, const char *end, bool any_columns, char *joined,
			     size_t *length)
{
	const char *at = text;

	while (at < end && is_base64((unsigned char)*at))
		at++;
	size_t columns = (size_t)(at - text);
	memcpy(joined + *length, text, columns);
	*length += columns;
	if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
		at++;
	if (at < end && *at != '\n')
		return NULL;
	if (at < end)
		at++;
	return any_columns || columns == COLUMNS || (at == end && columns < COLUMNS) ? at : NULL;
}

static const char *decode(const char *joined, size_t length, unsigned char **ret,
			  size_t *ret_length)
{
	const char *padding = memchr(joined, '=', length);
	size_t padded = padding ? (size_t)(joined + length - padding) : 0;

	if (length == 0 || length % 4 != 0 || padded > 2 || (padded == 2 && padding[1] != '='))
		return "the base64 is incomplete";
	unsigned char *bytes = OPENSSL_malloc(length);
	int decoded =
	    bytes ? EVP_DecodeBlock(bytes, (const unsigned char *)joined, (int)length) : -1;
	if (decoded < 0) {
		OPENSSL_free(bytes);
		return "not base64";
	}
	*ret = bytes;
	*ret_length = (size_t)decoded - padded;
	return NULL;
}

const char *encoding_read_base64(const char *text, size_t length, bool any_columns,
				 unsigned char **ret, size_t *ret_length)
{
	char *joined = malloc(length + 1);
	const char *end = text + length;
	const char *wrong = NULL;
	size_t joined_length = 0;

	if (!joined)
		return "out of memory";
	while (text && text < end)
		text = read_line(text, end, any_columns, joined, &joined_length);
	if (text)
		wrong = decode(joined, joined_length, ret, ret_length);
	else
		wrong = "not bare base64 in lines of 64 columns";
	free(joined);
	return wrong;
}

char *encoding_base64(const unsigned char *bytes, size_t length, size_t columns, const char *end)
{
	size_t encoded = (length + 2) / 3 * 4;
	size_t lines = columns ? encoded / columns + 1 : 0;
	char *line = malloc(encoded + 1);
	char *text = malloc(encoded + lines * strlen(end) + 1);
	char *out = text;

	if (!line || !text) {
		free(line);
		free(text);
		return NULL;
	}
	EVP_EncodeBlock((unsigned char *)line, bytes, (int)length);
	for (size_t at = 0; at < encoded;) {
		size_t here = columns && encoded - at > columns ? columns : encoded - at;

		out = mempcpy(out, line + at, here);
		if (columns)
			out = stpcpy(out, end);
		at += here;
	}
	*out = '\0';
	free(line);
	return text;
}

int encoding_certs_only(STACK_OF(X509) *certificates, unsigned char **ret)
{
	PKCS7 *message = PKCS7_new();
	int length = -1;

	if (!message || PKCS7_set_type(message, NID_pkcs7_signed) != 1 ||
	    PKCS7_content_new(message, NID_pkcs7_data) != 1 || PKCS7_set_detached(message, 1) != 1)
		goto out;
	for (int i = 0; i < sk_X509_num(certificates); i++)
		if (PKCS7_add_certificate(message, sk_X509_value(certificates, i)) != 1)
			goto out;
	*ret = NULL;
	length = i2d_PKCS7(message, ret);
out:
	PKCS7_free(message);
	return length;
}
