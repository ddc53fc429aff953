/* SPDX-License-Identifier: MIT */
#include "helper/ca/anchors.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "conf/config.h"
#include "helper/ca/openssl_errors.h"
#include "helper/common/trusted.h"

enum { ANCHORS_SIZE_MAX = 1 << 20 };

static int read_file(const char *path, char **ret, size_t *ret_length, struct failure *failure)
{
	char why[TRUSTED_WHY_MAX], *text;
	size_t used = 0;
	ssize_t n = 1;
	int fd = trusted_open(path, ANCHORS_SIZE_MAX, why);

	if (fd < 0)
		return fail(failure, FAILURE_CONFIG, "trust: %s: %s", path, why);
	text = OPENSSL_malloc(ANCHORS_SIZE_MAX);
	while (text != NULL && used < ANCHORS_SIZE_MAX && n > 0) {
		n = read(fd, text + used, ANCHORS_SIZE_MAX - used);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			used += (size_t)n;
	}
	close(fd);
	if (text == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	if (n < 0) {
		OPENSSL_free(text);
		return fail(failure, FAILURE_CONFIG, "trust: %s: cannot be read", path);
	}
	*ret = text;
	*ret_length = used;
	return 0;
}

/* Instead of OpenSSL's own, which would ask at the terminal for an encrypted entry. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

/* How many it added, or -1; at the end of the text OpenSSL's last error is 'no start line'. */
static int add_all(X509_STORE *store, BIO *text)
{
	X509 *certificate;
	int count = 0;

	while ((certificate = PEM_read_bio_X509(text, NULL, no_passphrase, NULL)) != NULL) {
		int added = X509_STORE_add_cert(store, certificate);

		X509_free(certificate);
		if (added != 1)
			return -1;
		count++;
	}
	if (ERR_GET_LIB(ERR_peek_last_error()) != ERR_LIB_PEM ||
	    ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return -1;
	ERR_clear_error();
	return count;
}

static int add_file(X509_STORE *store, const char *path, struct failure *failure)
{
	char *text = NULL, reasons[256];
	size_t length = 0;
	int count = 0, r = read_file(path, &text, &length, failure);
	BIO *bio = r < 0 ? NULL : BIO_new_mem_buf(text, (int)length);

	ERR_clear_error();
	if (r == 0)
		count = bio == NULL ? -1 : add_all(store, bio);
	if (r == 0 && count < 1) {
		openssl_errors(reasons, sizeof(reasons));
		r = fail(failure, FAILURE_CONFIG, "trust: %s: no PEM certificates: %s", path,
			 count == 0 ? "none in the file" : reasons);
	}
	BIO_free(bio);
	OPENSSL_free(text);
	return r;
}

int anchors_load(const char *trust, X509_STORE **ret, struct failure *failure)
{
	X509_STORE *store = X509_STORE_new();
	int r = 0;

	if (store == NULL || X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		r = fail(failure, FAILURE_SYSTEM, "no memory");
	else if (strcmp(trust, CONFIG_TRUST_SYSTEM) != 0)
		r = add_file(store, trust, failure);
	else if (X509_STORE_set_default_paths(store) != 1)
		r = fail(failure, FAILURE_CONFIG, "trust: the system's CAs cannot be read");
	if (r == 0)
		*ret = store;
	else
		X509_STORE_free(store);
	return r;
}
