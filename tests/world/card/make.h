/* SPDX-License-Identifier: MIT */
/* The parts of `test-card make`. Functions return -1 after a word on stderr. */
#ifndef CERTRENEW_TESTS_CARD_MAKE_H
#define CERTRENEW_TESTS_CARD_MAKE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tests/world/ca/issue.h"
#include "tests/world/card/object.h"
#include "tests/world/card/order.h"

struct making {
	const struct order *order;
	struct token token;
	struct issue_ca ca;
	X509_NAME *subject;
	int64_t not_before;
	int64_t not_after;
};

struct key_wish {
	const char *type; /* rsa:BITS, ec:CURVE or ed25519 */
	struct bytes id;
	const char *label;
	bool sign;
	bool decrypt; /* or agree on keys, where the type is EC */
	bool private; /* CKA_PRIVATE of the private key */
	bool always_authenticate;
};

/* Generates the pair on the token. Free *ret_public with EVP_PKEY_free. */
int generate_pair(struct token *token, const struct key_wish *wish, EVP_PKEY **ret_public);

/* What a card's own certificates may be like. */
struct manner {
	bool private; /* shown after a login only */
	bool unmodifiable;
	bool undestroyable;
};

int write_certificate(struct token *token, X509 *certificate, const struct bytes *id,
		      const char *label);
int write_certificate_as(struct token *token, X509 *certificate, const struct bytes *id,
			 const char *label, const struct manner *manner);
/* As it is: any type, any bytes. Returns the module's answer. */
CK_RV write_raw_certificate(struct token *token, CK_CERTIFICATE_TYPE type,
			    const struct bytes *value, const struct bytes *id, const char *label);

/* Issues for the person of the order. `record`: the RA shall know it (issue_record). */
int certify(struct making *making, EVP_PKEY *key, enum issue_role role, int64_t not_before,
	    int64_t not_after, bool record, X509 **ret_certificate);

/* Whatever of the strange things the order asks for. */
int add_oddities(struct making *making);

#endif
