/* SPDX-License-Identifier: MIT */
#include "helper/lookup/save.h"

#include <stdio.h>
#include <unistd.h>

#include <openssl/pem.h>

int save_certificates(const struct directory_result *directory, const char *path,
		      struct failure *failure)
{
	FILE *file = fopen(path, "wxe");
	bool written = true;

	if (file == NULL)
		return fail_errno(failure, "%s", path);
	for (size_t i = 0; i < directory->count; i++)
		written = written && PEM_write_X509(file, directory->entries[i].certificate) == 1;
	if (fclose(file) != 0 || !written) {
		fail_errno(failure, "%s", path);
		unlink(path);
		return -FAILURE_SYSTEM;
	}
	return 0;
}
