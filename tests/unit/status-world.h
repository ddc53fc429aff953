/* SPDX-License-Identifier: MIT */
/* A CA, a person's certificate and who may speak for the CA, in memory: for OCSP answers and CRLs.
 */
#ifndef CERTRENEW_TESTS_STATUS_WORLD_H
#define CERTRENEW_TESTS_STATUS_WORLD_H

#include "tests/unit/made.h"

#define NOW INT64_C(1795341600)
#define AGE 86400

static struct {
	EVP_PKEY *ca_key, *key, *other_key;
	X509 *ca, *other_ca, *certificate, *other;
	X509 *responder; /* with `key`, authorised by the CA */
	X509_NAME *subject;
} world;

static inline X509 *world_certificate(const char *extended, X509 *issuer, EVP_PKEY *issuer_key,
				      int64_t not_after)
{
	struct made made = {
	    .key = world.key,
	    .subject = world.subject,
	    .issuer = issuer,
	    .issuer_key = issuer_key,
	    .not_before = NOW - 365 * DAY,
	    .not_after = not_after,
	    .usage = "critical,digitalSignature",
	    .extended = extended,
	    .constraints = "CA:FALSE",
	};

	return made_certificate(&made);
}

static inline int world_make(void **state)
{
	(void)state;
	world.ca_key = made_key("P-256");
	world.key = made_key("P-256");
	world.other_key = made_key("P-256");
	world.subject = made_name("Example Government", "Chen Mei-ling");
	world.ca = made_ca(world.ca_key, "Issuing", NULL, NULL, NOW);
	world.other_ca = made_ca(world.other_key, "Issuing", NULL, NULL, NOW);
	world.certificate = world_certificate("clientAuth", world.ca, world.ca_key, NOW + 20 * DAY);
	world.other = world_certificate("clientAuth", world.ca, world.ca_key, NOW + 20 * DAY);
	world.responder = world_certificate("OCSPSigning", world.ca, world.ca_key, NOW + DAY);
	return 0;
}

static inline int world_remove(void **state)
{
	(void)state;
	X509_free(world.ca);
	X509_free(world.other_ca);
	X509_free(world.certificate);
	X509_free(world.other);
	X509_free(world.responder);
	X509_NAME_free(world.subject);
	EVP_PKEY_free(world.ca_key);
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.other_key);
	return 0;
}

#endif
