/* SPDX-License-Identifier: MIT */
#include "helper/ca/anchors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "helper/ca/openssl_errors.h"

enum { ANCHORS_SIZE_MAX = 1 << 20 };

/* O_NONBLOCK: a FIFO in the file's place must not hold us. */
static int open_regular(const char *path, size_t *ret_size, struct failure *failure)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return fail(failure, FAILURE_CONFIG, "trust: %s: %s", path,
			    errno == ELOOP ? "a symbolic link; name the file itself"
					   : strerror(errno));
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
	    status.st_size > ANCHORS_SIZE_MAX) {
		close(fd);
		return fail(failure, FAILURE_CONFIG,
			    "trust: %s: not a regular file of at most %d bytes", path,
			    ANCHORS_SIZE_MAX);
	}
	*ret_size = (size_t)status.st_size;
	return fd;
}

static int read_file(const char *path, char **ret, size_t *ret_length, struct failure *failure)
{
	size_t size = 0, used = 0;
	ssize_t n = 1;
	char *text;
	int fd = open_regular(path, &size, failure);

	if (fd < 0)
		return fd;
	text = OPENSSL_malloc(size + 1);
	while (text != NULL && used < size && n > 0) {
		n = read(fd, text + used, size - used);
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

int anchors_load(const char *path, X509_STORE **ret, struct failure *failure)
{
	X509_STORE *store = NULL;
	BIO *bio = NULL;
	char *text = NULL, reasons[256];
	size_t length = 0;
	int count, r = read_file(path, &text, &length, failure);

	if (r < 0)
		return r;
	ERR_clear_error();
	store = X509_STORE_new();
	bio = BIO_new_mem_buf(text, (int)length);
	if (store == NULL || bio == NULL ||
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1) {
		r = fail(failure, FAILURE_SYSTEM, "no memory");
		goto out;
	}
	count = add_all(store, bio);
	if (count < 1) {
		openssl_errors(reasons, sizeof(reasons));
		r = fail(failure, FAILURE_CONFIG, "trust: %s: no PEM certificates: %s", path,
			 count == 0 ? "none in the file" : reasons);
		goto out;
	}
	*ret = store;
	store = NULL;
out:
	X509_STORE_free(store);
	BIO_free(bio);
	OPENSSL_free(text);
	return r;
}
