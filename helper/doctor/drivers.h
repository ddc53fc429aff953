/* SPDX-License-Identifier: MIT */
/* Which PKCS#11 drivers this machine has, by name: none is loaded. */
#ifndef CERTRENEW_DRIVERS_H
#define CERTRENEW_DRIVERS_H

#include <stdbool.h>
#include <stddef.h>

enum { DRIVERS_PATH_MAX = 512 };

/*
 * Where the driver is loaded from: a path as it is, a name without a slash in the system's folder
 * of drivers or, where it is not in that, among the libraries (ld.so(8)). Returns false if it is
 * not there; *ret is then where it is looked for first.
 */
bool drivers_find(const char *module, char ret[DRIVERS_PATH_MAX]);

/*
 * Lists the drivers that p11-kit's module files (pkcs11.conf(5)) name, without `module` itself and
 * without those of p11-kit that hold no cards, comma-separated, in the order of their files' names.
 * Returns how many; what does not fit is left out.
 */
size_t drivers_others(const char *module, char *out, size_t size);

#endif
