/* SPDX-License-Identifier: MIT */
#include "helper/card/token_uri.h"

#include <stddef.h>
#include <string.h>

/* What a token says of itself is padded with blanks to these lengths (PKCS#11 2.40 §3.2). */
static const struct {
	const char *name;
	size_t offset, length;
} attributes[] = {
    {"token=", offsetof(CK_TOKEN_INFO, label), sizeof(((CK_TOKEN_INFO *)0)->label)},
    {"manufacturer=", offsetof(CK_TOKEN_INFO, manufacturerID),
     sizeof(((CK_TOKEN_INFO *)0)->manufacturerID)},
    {"serial=", offsetof(CK_TOKEN_INFO, serialNumber), sizeof(((CK_TOKEN_INFO *)0)->serialNumber)},
    {"model=", offsetof(CK_TOKEN_INFO, model), sizeof(((CK_TOKEN_INFO *)0)->model)},
};

static unsigned digit(char hexadecimal)
{
	if (hexadecimal >= '0' && hexadecimal <= '9')
		return (unsigned)(hexadecimal - '0');
	return (unsigned)((hexadecimal | 0x20) - 'a') + 10;
}

/* Whether the value, up to its ';' or the end, says what stands in these bytes. */
static bool says(const char *value, const unsigned char *padded, size_t length)
{
	const char *end = value + strcspn(value, ";");
	unsigned char byte;

	for (size_t i = 0; i < length; i++) {
		byte = ' ';
		if (end - value >= 3 && *value == '%') {
			byte = (unsigned char)(digit(value[1]) << 4 | digit(value[2]));
			value += 3;
		} else if (value < end) {
			byte = (unsigned char)*value++;
		}
		if (byte != padded[i])
			return false;
	}
	return value == end;
}

/* One attribute; one that is not known asks for what no token has. */
static bool fits(const char *attribute, const CK_TOKEN_INFO *token)
{
	const unsigned char *from = (const unsigned char *)token;
	size_t length;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		length = strlen(attributes[i].name);
		if (strncmp(attribute, attributes[i].name, length) == 0)
			return says(attribute + length, from + attributes[i].offset,
				    attributes[i].length);
	}
	return false;
}

bool token_uri_fits(const char *uri, const CK_TOKEN_INFO *token)
{
	const char *at = uri + strcspn(uri, ":");

	if (*at == ':')
		at++;
	while (*at != '\0') {
		if (!fits(at, token))
			return false;
		at += strcspn(at, ";");
		at += *at == ';';
	}
	return true;
}
