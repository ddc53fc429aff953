/* SPDX-License-Identifier: MIT */
#include "helper/record/certificate_key.h"

#include <stdio.h>

#include <openssl/sha.h>

#include "helper/common/message.h"
#include "helper/common/utf8.h"

char *certificate_key(const char *issuer, const char *serial, char out[CERTIFICATE_KEY_MAX])
{
	char clean[MESSAGE_TEXT_MAX + 1], both[MESSAGE_TEXT_MAX + 256];
	unsigned char digest[SHA256_DIGEST_LENGTH];
	int length;

	/* As a message would carry it: cleaning what is clean changes nothing. */
	utf8_clean(issuer, clean, sizeof(clean));
	length = snprintf(both, sizeof(both), "%s\n%.200s", clean, serial);
	SHA256((const unsigned char *)both, (size_t)length, digest);
	for (int i = 0; i < (CERTIFICATE_KEY_MAX - 1) / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return out;
}

uint64_t certificate_share(const char *key, unsigned uid)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char text[CERTIFICATE_KEY_MAX + 16];
	uint64_t share = 0;
	int length;

	length = snprintf(text, sizeof(text), "%.32s %u", key, uid);
	SHA256((const unsigned char *)text, (size_t)length, digest);
	for (int i = 0; i < 8; i++)
		share = share << 8 | digest[i];
	return share;
}
