/* SPDX-License-Identifier: MIT */
/*
 * A certificate's key on the token, as an EVP_PKEY that signs on the card. Everything that knows
 * libp11 is in key.c: whatever wraps keys after it (OpenSSL 4 has no ENGINE and no EVP_PKEY_METHOD,
 * a provider may take its place) changes this file only.
 */
#ifndef CERTRENEW_KEY_H
#define CERTRENEW_KEY_H

#include <openssl/evp.h>

#include "helper/card/object.h"
#include "helper/common/message.h"

struct certificate;

/* What the session shows of a certificate's key. */
struct key_seen {
	bool present;
	bool can_sign;
	bool wants_pin; /* the private key does, for each signature */
	bool told;	/* the private key's own modulus or point is the certificate's */
	CK_OBJECT_HANDLE private_key; /* 0 until a login shows it */
	CK_OBJECT_HANDLE
	public_key; /* its neighbour; 0: none is shown, or `told` made it needless */
};

/*
 * Looks for the key with the certificate's CKA_ID whose public part is the certificate's.
 * Returns 0 (also for none), or a failure of the driver.
 */
int key_look(const struct token *token, const struct certificate *certificate, struct key_seen *ret,
	     struct failure *failure);

/* As key_look, in a session that shows no private key: its public neighbour tells of it. */
int key_look_at_neighbour(const struct token *token, const struct certificate *certificate,
			  struct key_seen *ret, struct failure *failure);

/* Whether the session shows any private key. */
int key_any_private(const struct token *token, bool *ret, struct failure *failure);

/* As key_look, for a public key and a CKA_ID without a certificate. */
int key_look_by_id(const struct token *token, const struct object_id *id, EVP_PKEY *public,
		   struct key_seen *ret, struct failure *failure);

/* Whether one of the private keys that the login shows wants the PIN for each signature. */
int key_any_wants_pin(const struct token *token, bool *ret, struct failure *failure);

/* Whether this private key does (CKA_ALWAYS_AUTHENTICATE, PKCS#11 2.40 §4.9). */
bool key_wants_pin(const struct token *token, CK_OBJECT_HANDLE object);

/*
 * Whether a private EC key that does not tell its point is the one of `public`: it signs once, and
 * the signature is verified. The session is logged in; a key that wants its PIN each time, or may
 * not sign, proves nothing.
 */
bool key_proves(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public);

/* Whether the token has the mechanism that keys of this kind sign with, here: a driver may store
 * keys that it does nothing with. */
bool key_kind_signs(const struct token *token, EVP_PKEY *public);

struct key; /* a key of the token in use; dead after a logout */

/*
 * Opens the private key that key_look has seen, whose public part is `public`, for signing. The
 * session is logged in and stays open until key_close. A key that wants the PIN each time is given
 * the one that pin_keep has kept. Returns 0, -FAILURE_KEY_UNSUPPORTED for a key that is neither RSA
 * nor EC, or that wants a PIN that was not kept, -FAILURE_DRIVER or -FAILURE_CARD_ERROR.
 */
int key_open(struct token *token, const struct key_seen *seen, const struct object_id *id,
	     EVP_PKEY *public, struct key **ret, struct failure *failure);

EVP_PKEY *key_evp(const struct key *key); /* borrowed */

/* The token can pad neither with PSS nor leave it to us: TLS 1.3 is out of reach for RSA. */
bool key_is_tls12_only(const struct key *key);

/* Before the session is logged out or closed; NULL is fine. */
void key_close(struct key *key);

/*
 * Generates a key pair on the token of the kind and strength of `like` (RSA 2048 to 4096, EC P-256
 * or P-384) for the role, under `id`, which key_fresh_id chose; `each_time`: one that wants the PIN
 * for each signature, as the key did that it follows. A pair that an interrupted run made under
 * this id is taken as it is. The caller frees *ret_public.
 */
int key_generate(struct token *token, EVP_PKEY *like, enum certificate_role role, bool each_time,
		 const struct object_label *label, const struct object_id *id,
		 EVP_PKEY **ret_public, struct failure *failure);

/* Destroys the private and public key objects with this CKA_ID whose public part is `public`. */
int key_destroy(struct token *token, const struct object_id *id, EVP_PKEY *public,
		struct failure *failure);

/* A CKA_ID that no certificate or key on the token has, and none is to have: none of `promised`.
 * Returns 0, -FAILURE_CARD_FULL, or a failure of the driver. */
int key_fresh_id(const struct token *token, const struct object_id *promised, size_t promised_count,
		 struct object_id *ret, struct failure *failure);

#endif
