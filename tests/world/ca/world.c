/* SPDX-License-Identifier: MIT */
#include "tests/world/ca/world.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "tests/world/ca/index.h"
#include "tests/world/ca/issue.h"

#define DAY	     INT64_C(86400)
#define SERVER_NAMES "DNS:localhost,DNS:ra.example.test,IP:127.0.0.1"

struct member {
	const char *name;
	const char *signer; /* NULL: self-signed */
	const char *subject;
	enum issue_role role;
	int from_days; /* relative to today */
	int until_days;
};

/* Each after its signer. The CA's own dates are wide, for tests that move the clock. */
static const struct member members[] = {
    {"root", NULL, "/C=TW/O=Example Government/CN=Example Root CA", ISSUE_AUTHORITY, -7300, 14600},
    {"issuing", "root", "/C=TW/O=Example Government/CN=Example Issuing CA", ISSUE_AUTHORITY, -7300,
     14600},
    {"server", "issuing", "/C=TW/O=Example Government/CN=ra.example.test", ISSUE_SERVER, -365,
     7300},
    {"expired-server", "issuing", "/C=TW/O=Example Government/CN=ra.example.test", ISSUE_SERVER,
     -365, -1},
    {"responder", "issuing", "/C=TW/O=Example Government/CN=Example OCSP Responder",
     ISSUE_RESPONDER, -365, 7300},
    {"rogue-root", NULL, "/C=TW/O=Rogue/CN=Rogue Root CA", ISSUE_AUTHORITY, -7300, 14600},
    {"rogue-issuing", "rogue-root", "/C=TW/O=Rogue/CN=Rogue Issuing CA", ISSUE_AUTHORITY, -7300,
     14600},
    {"rogue-server", "rogue-issuing", "/C=TW/O=Rogue/CN=ra.example.test", ISSUE_SERVER, -365, 7300},
};

#define MEMBERS (sizeof members / sizeof members[0])

struct pair {
	X509 *certificate;
	EVP_PKEY *key;
};

static int refuse(const char *path)
{
	ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "%s: %s", path, strerror(errno));
	return -1;
}

/* --- making ---------------------------------------------------------------------------------- */

static const struct pair *signer_of(const struct member *member, const struct pair made[MEMBERS])
{
	for (size_t i = 0; member->signer && i < MEMBERS; i++)
		if (strcmp(members[i].name, member->signer) == 0)
			return &made[i];
	return NULL;
}

static X509_EXTENSIONS *server_names(void)
{
	X509_EXTENSIONS *extensions = sk_X509_EXTENSION_new_null();
	X509_EXTENSION *names =
	    X509V3_EXT_nconf_nid(NULL, NULL, NID_subject_alt_name, SERVER_NAMES);

	if (!extensions || !names || sk_X509_EXTENSION_push(extensions, names) <= 0) {
		X509_EXTENSION_free(names);
		sk_X509_EXTENSION_free(extensions);
		return NULL;
	}
	return extensions;
}

static int make_member(const struct member *member, bool rsa, const struct pair *signer,
		       struct pair *ret)
{
	int64_t now = (int64_t)time(NULL);
	X509_NAME *subject = issue_name(member->subject);
	X509_EXTENSIONS *names = member->role == ISSUE_SERVER ? server_names() : NULL;
	EVP_PKEY *key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	struct issue_ca ca = {
	    .certificate = signer ? signer->certificate : NULL,
	    .key = signer ? signer->key : key,
	};
	struct issue_order order = {
	    .key = key,
	    .subject = subject,
	    .role = member->role,
	    .not_before = now + member->from_days * DAY,
	    .not_after = now + member->until_days * DAY,
	    .extra = names,
	};
	int result = -1;

	if (key && subject)
		result = issue_certificate(&ca, &order, &ret->certificate);
	ret->key = key;
	X509_NAME_free(subject);
	sk_X509_EXTENSION_pop_free(names, X509_EXTENSION_free);
	return result;
}

/* --- writing --------------------------------------------------------------------------------- */

static FILE *create(const char *folder, const char *name, const char *suffix, mode_t mode)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	FILE *file = NULL;
	if (descriptor >= 0 && fchmod(descriptor, mode) == 0)
		file = fdopen(descriptor, "w");
	if (!file) {
		refuse(path);
		if (descriptor >= 0)
			close(descriptor);
	}
	return file;
}

static int write_certificates(const char *folder, const char *name, X509 *certificate, X509 *chain)
{
	FILE *file = create(folder, name, ".pem", 0644);

	if (!file)
		return -1;
	int done = PEM_write_X509(file, certificate) == 1;
	if (chain)
		done &= PEM_write_X509(file, chain) == 1;
	if (fclose(file) != 0)
		return refuse(name);
	return done ? 0 : -1;
}

static int write_key(const char *folder, const char *name, EVP_PKEY *key, mode_t mode)
{
	FILE *file = create(folder, name, ".key", mode);

	if (!file)
		return -1;
	int done = PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
	if (fclose(file) != 0)
		return refuse(name);
	return done ? 0 : -1;
}

static int write_member(const char *folder, const struct member *member, const struct pair *pair,
			const struct pair *signer, mode_t key_mode)
{
	X509 *chain = member->role == ISSUE_SERVER ? signer->certificate : NULL;

	if (write_certificates(folder, member->name, pair->certificate, chain) < 0 ||
	    write_key(folder, member->name, pair->key, key_mode) < 0)
		return -1;
	if (strcmp(member->name, "root") == 0)
		return write_certificates(folder, "trust", pair->certificate, NULL);
	return 0;
}

/* As mkdir, but whatever the umask is, and an existing folder is fine. */
static int make_folder(const char *path, mode_t mode)
{
	if ((mkdir(path, mode) < 0 && errno != EEXIST) || chmod(path, mode) < 0)
		return refuse(path);
	return 0;
}

int world_make(const char *folder, const struct world_options *options)
{
	struct pair made[MEMBERS] = {0};
	mode_t key_mode = options->shared_keys ? 0644 : 0600;
	char issued[PATH_MAX];
	int result = -1;

	snprintf(issued, sizeof issued, "%s/issued", folder);
	if (make_folder(folder, 0755) < 0 ||
	    make_folder(issued, options->shared_keys ? 01777 : 0755) < 0)
		return -1;
	if (index_make(folder, options->shared_keys) < 0)
		return refuse(folder);
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct pair *signer = signer_of(&members[i], made);

		if (make_member(&members[i], options->rsa, signer, &made[i]) < 0 ||
		    write_member(folder, &members[i], &made[i], signer, key_mode) < 0)
			goto out;
	}
	result = 0;
out:
	for (size_t i = 0; i < MEMBERS; i++) {
		X509_free(made[i].certificate);
		EVP_PKEY_free(made[i].key);
	}
	return result;
}
