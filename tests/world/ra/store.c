/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/store.h"

#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/sha.h>

struct entry {
	struct entry *next;
	unsigned char hash[SHA256_DIGEST_LENGTH];
	int64_t first_seen;
	X509 *issued;
};

struct store {
	const struct issue_ca *ca;
	FILE *log;
	pthread_mutex_t mutex;
	struct entry *entries;
};

struct store *store_open(const struct issue_ca *ca, const char *log)
{
	struct store *store = calloc(1, sizeof *store);

	if (!store)
		return NULL;
	store->ca = ca;
	store->log = fopen(log, "ae");
	if (!store->log) {
		free(store);
		return NULL;
	}
	pthread_mutex_init(&store->mutex, NULL);
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	while (store->entries) {
		struct entry *entry = store->entries;

		store->entries = entry->next;
		X509_free(entry->issued);
		free(entry);
	}
	pthread_mutex_destroy(&store->mutex);
	fclose(store->log);
	free(store);
}

/* --- log: one fprintf a line, which stdio keeps whole between threads ---------------------------
 */

void store_log_handshake(struct store *store)
{
	fprintf(store->log, "%" PRId64 " handshake\n", (int64_t)time(NULL));
	fflush(store->log);
}

void store_log_request(struct store *store, const char *method, const char *path, unsigned status)
{
	char shown[256];
	size_t length = 0;

	/* The client chose the path, and it has been percent-decoded. */
	for (; path[length] && length + 1 < sizeof shown; length++)
		shown[length] = path[length] > ' ' && path[length] < 0x7f ? path[length] : '?';
	shown[length] = '\0';
	fprintf(store->log, "%" PRId64 " request %s %s %u\n", (int64_t)time(NULL), method, shown,
		status);
	fflush(store->log);
}

static void key_hash(X509 *certificate, char ret[2 * SHA256_DIGEST_LENGTH + 1])
{
	unsigned char *der = NULL;
	unsigned char hash[SHA256_DIGEST_LENGTH];
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);

	SHA256(der, length > 0 ? (size_t)length : 0, hash);
	OPENSSL_free(der);
	for (size_t i = 0; i < sizeof hash; i++)
		snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

void store_log_issue(struct store *store, enum issue_role role, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = number ? BN_bn2hex(number) : NULL;
	BIO *subject = BIO_new(BIO_s_mem());
	char hash[2 * SHA256_DIGEST_LENGTH + 1];
	char *name = NULL;

	if (serial && subject) {
		X509_NAME_print_ex(subject, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
		int length = (int)BIO_get_mem_data(subject, &name);
		key_hash(certificate, hash);
		fprintf(store->log, "%" PRId64 " issue %s %s %" PRId64 " %s %.*s\n",
			(int64_t)time(NULL), issue_role_name(role), serial,
			issue_not_after(certificate), hash, length, name);
		fflush(store->log);
	}
	BIO_free(subject);
	OPENSSL_free(serial);
	BN_free(number);
}

void store_log_message(struct store *store, int type, int certificates)
{
	fprintf(store->log, "%" PRId64 " message %d with %d certificates\n", (int64_t)time(NULL),
		type, certificates);
	fflush(store->log);
}

void store_log_confirm(struct store *store, const char *how, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = number ? BN_bn2hex(number) : NULL;

	if (serial)
		fprintf(store->log, "%" PRId64 " confirm %s %s\n", (int64_t)time(NULL), how,
			serial);
	fflush(store->log);
	OPENSSL_free(serial);
	BN_free(number);
}

void store_log_phrase(struct store *store, const char *name, const char *how)
{
	fprintf(store->log, "%" PRId64 " phrase %s %s\n", (int64_t)time(NULL), how, name);
	fflush(store->log);
}

void store_log_revocation(struct store *store, const char *how, const char *serial, int reason,
			  const char *result)
{
	fprintf(store->log, "%" PRId64 " revoke %s %s %d %s\n", (int64_t)time(NULL), how, serial,
		reason, result);
	fflush(store->log);
}

/* --- requests -------------------------------------------------------------------------------- */

void store_lock(struct store *store)
{
	pthread_mutex_lock(&store->mutex);
}

void store_unlock(struct store *store)
{
	pthread_mutex_unlock(&store->mutex);
}

static struct entry *find(const struct store *store, const unsigned char *hash)
{
	for (struct entry *entry = store->entries; entry; entry = entry->next)
		if (memcmp(entry->hash, hash, sizeof entry->hash) == 0)
			return entry;
	return NULL;
}

int store_seen(struct store *store, const unsigned char *request, size_t length,
	       struct store_request *ret)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256(request, length, hash);
	struct entry *entry = find(store, hash);
	bool again = entry;
	if (!entry) {
		entry = calloc(1, sizeof *entry);
		if (!entry)
			return -1;
		memcpy(entry->hash, hash, sizeof hash);
		entry->first_seen = (int64_t)time(NULL);
		entry->next = store->entries;
		store->entries = entry;
	}
	*ret = (struct store_request){again, entry->first_seen, entry->issued};
	return 0;
}

int store_remember(struct store *store, const unsigned char *request, size_t length, X509 *issued)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256(request, length, hash);
	struct entry *entry = find(store, hash);
	if (!entry || X509_up_ref(issued) != 1)
		return -1;
	X509_free(entry->issued);
	entry->issued = issued;
	return 0;
}

/* --- what was issued before, by whichever program of the test world ------------------------------
 */

static X509 *read_issued(const struct store *store, const char *name)
{
	char path[PATH_MAX + 512];

	snprintf(path, sizeof path, "%s/issued/%s", store->ca->folder, name);
	FILE *file = fopen(path, "re");
	X509 *certificate = file ? d2i_X509_fp(file, NULL) : NULL;
	if (file)
		fclose(file);
	return certificate;
}

X509 *store_predecessor(struct store *store, EVP_PKEY *key)
{
	char path[PATH_MAX + 64];
	X509 *last = NULL;

	snprintf(path, sizeof path, "%s/issued", store->ca->folder);
	DIR *folder = opendir(path);
	if (!folder)
		return NULL;
	for (struct dirent *file; (file = readdir(folder));) {
		X509 *certificate =
		    file->d_name[0] == '.' ? NULL : read_issued(store, file->d_name);
		EVP_PKEY *certified = certificate ? X509_get0_pubkey(certificate) : NULL;

		if (certified && EVP_PKEY_eq(certified, key) == 1 &&
		    (!last || issue_not_after(certificate) > issue_not_after(last))) {
			X509_free(last);
			last = certificate;
		} else {
			X509_free(certificate);
		}
	}
	closedir(folder);
	return last;
}

X509 *store_by_serial(struct store *store, const ASN1_INTEGER *serial)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	char name[128] = "";

	if (hex && strlen(hex) < sizeof name - 4)
		snprintf(name, sizeof name, "%s.der", hex);
	OPENSSL_free(hex);
	BN_free(number);
	return name[0] ? read_issued(store, name) : NULL;
}
