/* SPDX-License-Identifier: MIT */
/* Two CAs in memory and on disk, and a person's old and new certificate, for ca_judge_issued. */
#ifndef CERTRENEW_TESTS_JUDGE_WORLD_H
#define CERTRENEW_TESTS_JUDGE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "helper/ca/ca.h"
#include "tests/unit/made.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

#define SIGNS	 "critical,digitalSignature,nonRepudiation"
#define ENCRYPTS "critical,keyEncipherment,dataEncipherment"
#define NAMES	 "email:mei@example.org,DNS:mei.example.org"

static struct {
	char folder[64], root[96], issuing[96], other[96], path[96];
	EVP_PKEY *root_key, *issuing_key, *key, *another_key;
	X509 *root_ca, *issuing_ca, *other_ca;
	STACK_OF(X509) *intermediates;
	X509_NAME *subject, *another_subject;
} world;

static inline void write_pem(const char *path, X509 *first, X509 *second)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, first), 1);
	if (second != NULL)
		assert_int_equal(PEM_write_X509(file, second), 1);
	fclose(file);
}

static inline struct made usual(const char *usage)
{
	return (struct made){
	    .key = world.key,
	    .subject = world.subject,
	    .issuer = world.issuing_ca,
	    .issuer_key = world.issuing_key,
	    .not_before = NOW - 700 * DAY,
	    .not_after = NOW + 20 * DAY,
	    .usage = usage,
	    .extended = "clientAuth,emailProtection",
	    .names = NAMES,
	    .constraints = "CA:FALSE",
	};
}

/* A successor that is as it should be; the tests change one thing. */
static inline struct made successor(const char *usage)
{
	struct made made = usual(usage);

	made.not_before = NOW - 60;
	made.not_after = NOW + 365 * DAY;
	return made;
}

static inline int judge_by(const struct made *old, const struct made *issued, const char *trust,
			   STACK_OF(X509) *intermediates, struct failure *failure)
{
	X509 *old_certificate = made_certificate(old), *certificate = made_certificate(issued);
	EVP_PKEY *requested = made_public(world.key);
	int r;

	memset(failure, 0, sizeof(*failure));
	r = ca_judge_issued(certificate, old_certificate, requested, trust, intermediates, NOW,
			    failure);
	assert_int_equal(failure->code, -r);
	EVP_PKEY_free(requested);
	X509_free(old_certificate);
	X509_free(certificate);
	return r;
}

/* Against the root, with the issuing CA among what the RA offered. */
static inline int judge(const struct made *old, const struct made *issued)
{
	struct failure failure;

	return judge_by(old, issued, world.root, world.intermediates, &failure);
}

static inline int judge_world_make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(world.folder, sizeof(world.folder), "%s/test-judge-XXXXXX",
		 tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
	if (mkdtemp(world.folder) == NULL)
		return -1;
	snprintf(world.root, sizeof(world.root), "%s/root.pem", world.folder);
	snprintf(world.issuing, sizeof(world.issuing), "%s/issuing.pem", world.folder);
	snprintf(world.other, sizeof(world.other), "%s/other.pem", world.folder);
	snprintf(world.path, sizeof(world.path), "%s/trust.pem", world.folder);
	world.root_key = made_key("P-256");
	world.issuing_key = made_key("P-256");
	world.key = made_key("P-256");
	world.another_key = made_key("P-256");
	world.root_ca = made_ca(world.root_key, "Root", NULL, NULL, NOW);
	world.issuing_ca =
	    made_ca(world.issuing_key, "Issuing", world.root_ca, world.root_key, NOW);
	world.other_ca = made_ca(world.another_key, "Other", NULL, NULL, NOW);
	world.intermediates = sk_X509_new_null();
	sk_X509_push(world.intermediates, world.issuing_ca);
	world.subject = made_name("Example Government", "Chen Mei-ling");
	world.another_subject = made_name("Example Government", "Chen Mei-lin");
	write_pem(world.root, world.root_ca, NULL);
	write_pem(world.issuing, world.issuing_ca, NULL);
	write_pem(world.other, world.other_ca, NULL);
	return 0;
}

static inline int judge_world_remove(void **state)
{
	(void)state;
	unlink(world.root);
	unlink(world.issuing);
	unlink(world.other);
	unlink(world.path);
	rmdir(world.folder);
	sk_X509_free(world.intermediates);
	X509_free(world.root_ca);
	X509_free(world.issuing_ca);
	X509_free(world.other_ca);
	EVP_PKEY_free(world.root_key);
	EVP_PKEY_free(world.issuing_key);
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.another_key);
	X509_NAME_free(world.subject);
	X509_NAME_free(world.another_subject);
	return 0;
}

#endif
