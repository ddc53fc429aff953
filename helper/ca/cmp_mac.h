/* SPDX-License-Identifier: MIT */
/*
 * A message's protection by a MAC from a phrase (PasswordBasedMac, RFC 9810 §5.1.3.1), made anew.
 * OpenSSL makes one of 500 iterations, and has no setting for more; a phrase is easier to guess
 * than the keys that this was made for.
 */
#ifndef CERTRENEW_CMP_MAC_H
#define CERTRENEW_CMP_MAC_H

#include <openssl/cmp.h>

#include "helper/common/failure.h"
#include "helper/common/secret.h"

struct cmp_mac {
	const struct secret *phrase;
	int hash, mac; /* NIDs: of the key's derivation, of the MAC */
	int iterations;
};

/*
 * A copy of a protected message with another protection; the caller frees *ret with
 * OSSL_CMP_MSG_free. Returns 0 or -FAILURE_SYSTEM.
 */
int cmp_mac_protect(const OSSL_CMP_MSG *message, const struct cmp_mac *how, OSSL_CMP_MSG **ret,
		    struct failure *failure);

#endif
