/* SPDX-License-Identifier: MIT */
/*
 * The test world's CA on disk. Every NAME is a certificate NAME.pem with its key NAME.key:
 *
 *   root, issuing                the CA; trust.pem is root.pem under the name that clients know
 *   server                       TLS for localhost, ra.example.test and 127.0.0.1 (a chain)
 *   expired-server               the same, ended yesterday
 *   rogue-root, rogue-issuing,
 *   rogue-server                 the same names, under a root that nobody trusts
 *   responder                    OCSP for what `issuing` issued
 *   index.txt                    what was issued and revoked, see index.h
 *   issued/                      what was issued to persons, see issue_record
 */
#ifndef CERTRENEW_TESTS_WORLD_H
#define CERTRENEW_TESTS_WORLD_H

#include <stdbool.h>

struct world_options {
	bool rsa;	  /* RSA 2048 keys; otherwise EC P-256, which are made faster */
	bool shared_keys; /* others may read the keys and add to issued/: for a CA of test users */
};

/* Makes the folder (0755) and all of the above, replacing older files. Returns 0, or -1 as issue.h.
 */
int world_make(const char *folder, const struct world_options *options);

#endif
