/* SPDX-License-Identifier: MIT */
#include "helper/common/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

_Static_assert(sizeof(struct secret) <= 4096, "a secret fits a page of its own");

/* A mapping of its own, so that neither a neighbour on the heap nor a core file shows it. */
void *secret_allocate(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Both may be refused (RLIMIT_MEMLOCK, an old kernel); it is still wiped. */
	(void)mlock(memory, size);
	(void)madvise(memory, size, MADV_DONTDUMP);
	return memory;
}

void secret_release(void *memory, size_t size)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, size);
	munmap(memory, size);
}

struct secret *secret_new(const void *bytes, size_t length)
{
	struct secret *secret;

	if (length > SECRET_MAX)
		return NULL;
	secret = secret_allocate(sizeof(*secret));
	if (secret == NULL)
		return NULL;
	if (length > 0)
		memcpy(secret->bytes, bytes, length);
	secret->length = length;
	return secret;
}

void secret_free(struct secret *secret)
{
	secret_release(secret, sizeof(*secret));
}

void secret_seal_process(void)
{
	const struct rlimit none = {0, 0};

	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}
