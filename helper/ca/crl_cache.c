/* SPDX-License-Identifier: MIT */
#include "helper/ca/crl_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "helper/ca/crl.h"

/* FOLDER/crl-HASH: an address may hold any character. */
static bool path_of(const char *folder, const char *url, char out[PATH_MAX])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char name[33];

	if (folder == NULL || EVP_Digest(url, strlen(url), hash, NULL, EVP_sha256(), NULL) != 1)
		return false;
	for (size_t i = 0; i < 16; i++)
		snprintf(name + 2 * i, 3, "%02x", hash[i]);
	return snprintf(out, PATH_MAX, "%s/crl-%s", folder, name) < PATH_MAX - 16;
}

static unsigned char *read_whole(int fd, size_t size, size_t *ret_length)
{
	unsigned char *bytes = malloc(size + 1);
	size_t used = 0;
	ssize_t n = 1;

	while (bytes != NULL && used < size && n > 0) {
		n = read(fd, bytes + used, size - used);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			used += (size_t)n;
	}
	*ret_length = used;
	return bytes;
}

unsigned char *crl_cache_read(const char *folder, const char *url, size_t *ret_length)
{
	char path[PATH_MAX];
	unsigned char *bytes = NULL;
	struct stat status;
	int fd;

	if (!path_of(folder, url, path))
		return NULL;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= CRL_MAX)
		bytes = read_whole(fd, (size_t)status.st_size, ret_length);
	close(fd);
	return bytes;
}

static bool write_whole(int fd, const unsigned char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return true;
}

void crl_cache_write(const char *folder, const char *url, const unsigned char *der, size_t length)
{
	char path[PATH_MAX], aside[PATH_MAX + 8];
	bool written;
	int fd;

	if (!path_of(folder, url, path))
		return;
	snprintf(aside, sizeof(aside), "%s.XXXXXX", path);
	fd = mkostemp(aside, O_CLOEXEC);
	if (fd < 0)
		return;
	written = write_whole(fd, der, length);
	if (close(fd) != 0 || !written || rename(aside, path) < 0)
		unlink(aside);
}
