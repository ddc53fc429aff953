/* SPDX-License-Identifier: MIT */
/* Proofs that a private key on the token is the other half of a public key, by using both. */
#ifndef CERTRENEW_TESTS_CARD_PROOFS_H
#define CERTRENEW_TESTS_CARD_PROOFS_H

#include "tests/world/card/object.h"

/* The PIN is for keys that want one at each use. What fails says so on stderr. */
bool prove_signing(struct token *token, CK_OBJECT_HANDLE key, const char *pin,
		   EVP_PKEY *public_key);
bool prove_decryption(struct token *token, CK_OBJECT_HANDLE key, const char *pin,
		      EVP_PKEY *public_key);
/* EC: the same secret on the card as outside it. */
bool prove_agreement(struct token *token, CK_OBJECT_HANDLE key, EVP_PKEY *public_key);

#endif
