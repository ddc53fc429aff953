/* SPDX-License-Identifier: MIT */
/* What one certificate is called in a record: by issuer and serial number, which are its own. */
#ifndef CERTRENEW_RECORD_CERTIFICATE_KEY_H
#define CERTRENEW_RECORD_CERTIFICATE_KEY_H

#include <stdint.h>

enum { CERTIFICATE_KEY_MAX = 33 };

/*
 * 32 hexadecimal digits of the SHA-256 of issuer and serial number, which are texts as naming.h
 * makes them or as a CERTIFICATE message carries them: both give the same. Returns `out`.
 */
char *certificate_key(const char *issuer, const char *serial, char out[CERTIFICATE_KEY_MAX]);

/*
 * A number of this person's certificates on this card that is always the same, spread evenly. A
 * card's certificates of one subject have the same, as they are renewed together; so have their
 * successors. Texts as above.
 */
uint64_t certificate_share(const char *issuer, const char *subject, const char *token_serial,
			   unsigned uid);

#endif
