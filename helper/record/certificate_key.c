/* SPDX-License-Identifier: MIT */
#include "helper/record/certificate_key.h"

#include <stdio.h>
#include <string.h>

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

uint64_t certificate_share(const char *issuer, const char *subject, const char *token_serial,
			   unsigned uid)
{
	const char *const parts[] = {issuer, subject, token_serial};
	unsigned char digests[4][SHA256_DIGEST_LENGTH] = {{0}}, digest[SHA256_DIGEST_LENGTH];
	char clean[MESSAGE_TEXT_MAX + 1];
	uint64_t share = 0;

	for (size_t i = 0; i < 3; i++) {
		utf8_clean(parts[i], clean, sizeof(clean));
		SHA256((const unsigned char *)clean, strlen(clean), digests[i]);
	}
	for (size_t i = 0; i < 4; i++)
		digests[3][i] = (unsigned char)(uid >> 8 * i);
	SHA256(digests[0], sizeof(digests), digest);
	for (int i = 0; i < 8; i++)
		share = share << 8 | digest[i];
	return share;
}
