/* SPDX-License-Identifier: MIT */
/* The test world's RA, and a person with two certificates of its CA; both for the whole program. */
#ifndef CERTRENEW_TESTS_RA_PERSON_H
#define CERTRENEW_TESTS_RA_PERSON_H

#include "tests/unit/made.h"
#include "tests/unit/ra-host.h"

static struct ra_host ra;
static struct {
	EVP_PKEY *signature_key, *encryption_key;
	EVP_PKEY *fresh_key; /* not certified yet */
	X509 *signature, *encryption;
} person;

static inline int person_make(void **state)
{
	(void)state;
	ra_host_make(&ra);
	person.signature_key = made_key("P-256");
	person.encryption_key = made_key("P-256");
	person.fresh_key = made_key("P-384");
	person.signature = ra_host_certify(&ra, person.signature_key, "signature");
	person.encryption = ra_host_certify(&ra, person.encryption_key, "encryption");
	return 0;
}

static inline int person_remove(void **state)
{
	(void)state;
	X509_free(person.signature);
	X509_free(person.encryption);
	EVP_PKEY_free(person.signature_key);
	EVP_PKEY_free(person.encryption_key);
	EVP_PKEY_free(person.fresh_key);
	ra_host_remove(&ra);
	return 0;
}

/* A test that failed leaves its RA behind. */
static inline int ra_stop_left(void **state)
{
	(void)state;
	if (ra.pid != 0)
		ra_host_stop(&ra);
	return 0;
}

#endif
