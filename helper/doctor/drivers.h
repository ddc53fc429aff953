/* SPDX-License-Identifier: MIT */
/* Which PKCS#11 drivers this machine has, by name: none is loaded. */
#ifndef CERTRENEW_DRIVERS_H
#define CERTRENEW_DRIVERS_H

#include <stddef.h>

enum { DRIVERS_PATH_MAX = 512 };

/* Where `module` is looked for first: a name without a slash in the system's folder of drivers. */
void drivers_path(const char *module, char ret[DRIVERS_PATH_MAX]);

/*
 * Lists the drivers that p11-kit's module files (pkcs11.conf(5)) name, without `module` itself and
 * without those of p11-kit that hold no cards, comma-separated, in the order of their files' names.
 * Returns how many; what does not fit is left out.
 */
size_t drivers_others(const char *module, char *out, size_t size);

#endif
