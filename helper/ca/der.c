/* SPDX-License-Identifier: MIT */
#include "helper/ca/der.h"

#include <limits.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

/* ASN1_get_object()'s answer, beside V_ASN1_CONSTRUCTED. */
enum { REACHES_BEYOND = 0x80, OF_INDEFINITE_LENGTH = 1 };

bool der_next(const unsigned char *at, const unsigned char *end, struct der_element *ret)
{
	struct der_element element = {.start = at, .content = at};
	long length = 0;
	int flags;

	if (at >= end)
		return false;
	ERR_set_mark();
	flags = ASN1_get_object(&element.content, &length, &element.tag, &element.class, end - at);
	ERR_pop_to_mark();
	if ((flags & (REACHES_BEYOND | OF_INDEFINITE_LENGTH)) != 0)
		return false;
	element.constructed = (flags & V_ASN1_CONSTRUCTED) != 0;
	element.end = element.content + length;
	*ret = element;
	return true;
}

/* By hand, as the flag that keeps its zero bits is ASN1_STRING's own since OpenSSL 4.0. */
int der_bit_string(const unsigned char *bytes, size_t count, unsigned char **ret)
{
	unsigned char *der, *at;
	int length;

	if (count > INT_MAX / 2)
		return -1;
	length = ASN1_object_size(0, (int)count + 1, V_ASN1_BIT_STRING);
	der = at = length > 0 ? OPENSSL_malloc((size_t)length) : NULL;
	if (der == NULL)
		return -1;
	ASN1_put_object(&at, 0, (int)count + 1, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL);
	*at++ = 0; /* bits that are not used */
	memcpy(at, bytes, count);
	*ret = der;
	return length;
}
