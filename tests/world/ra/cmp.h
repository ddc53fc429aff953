/* SPDX-License-Identifier: MIT */
/*
 * CMP (RFC 9810, over HTTP: RFC 9811) on OpenSSL's OSSL_CMP_SRV_*. cmp.c takes messages and finds
 * their transaction; cmp_kur.c answers key update requests; another request is another callback
 * beside it (see new_server in cmp.c).
 */
#ifndef CERTRENEW_TESTS_CMP_H
#define CERTRENEW_TESTS_CMP_H

#include <openssl/cmp.h>

#include "tests/world/ra/cmp_message.h"
#include "tests/world/ra/http.h"

extern const struct http_endpoint cmp_endpoints[];

/* Bodies of a PKIMessage (RFC 9810 §5.1.2) that OpenSSL does not name. */
enum { CMP_BODY_RR = 11, CMP_BODY_GENM = 21 };

/* Body types (RFC 9810 §5.1.2) that OpenSSL does not name in its headers. */
enum { BODY_KUP = 8, BODY_CERTCONF = 24 };

/* From its first message to the last, which may come over other connections. */
struct cmp_transaction {
	struct cmp_transaction *next;
	struct ra *ra;
	OSSL_CMP_SRV_CTX *server; /* of this transaction alone: OpenSSL crashes with a used one */
	ASN1_OCTET_STRING *id;
	const struct misbehave *misbehave;
	int64_t begun;
	OSSL_CMP_MSG *request; /* kept while it has to wait */
	X509_NAME *sender;     /* whom the request's protection shows it to be from */
	EVP_PKEY *key;	       /* that is to be certified */
	enum issue_role role;
	bool encrypts; /* the certificate is to be returned encrypted to the key */
	bool confirmed;
	bool turned_away; /* its confirmation, once */
	X509 *issued;

	/* rr, genm */
	bool by_mac;   /* protected by a phrase */
	bool believed; /* and by the right one */
	char name[512], phrase[256];
};

/* Who signs the RA's messages, made when it starts. */
struct cmp_signers {
	struct cmp_signer {
		X509 *certificate;
		EVP_PKEY *key;
	} ra, rogue, person;
};

/* Returns 0, or -1 with OpenSSL's error. */
int cmp_open(struct ra *ra);
void cmp_close(struct ra *ra);

/* --- cmp_kur.c: OSSL_CMP_SRV_*_cb_t, with a transaction as their context --------------------- */

/* The certificate that a request names as the one to be renewed; NULL: none. Free it. */
X509 *cmp_find_old(const struct ra *ra, const OSSL_CRMF_MSG *request);

OSSL_CMP_PKISI *cmp_kur(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
			const OSSL_CRMF_MSG *request, const X509_REQ *pkcs10, X509 **ret,
			STACK_OF(X509) **ret_chain, STACK_OF(X509) **ret_anchors);
int cmp_confirm(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
		const ASN1_OCTET_STRING *hash, const OSSL_CMP_PKISI *status);
int cmp_poll(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
	     OSSL_CMP_MSG **ret_request, int64_t *ret_check_after);
void cmp_client_error(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
		      const OSSL_CMP_PKISI *status, const ASN1_INTEGER *code,
		      const OSSL_CMP_PKIFREETEXT *details);

/* --- cmp_rr.c -----------------------------------------------------------------------------------
 */

OSSL_CMP_PKISI *cmp_rr(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
		       const X509_NAME *issuer, const ASN1_INTEGER *serial);

/* --- cmp_genm.c: a new phrase ------------------------------------------------------------------
 */

int cmp_genm(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
	     const STACK_OF(OSSL_CMP_ITAV) *in, STACK_OF(OSSL_CMP_ITAV) **ret);

/* Before a message: sets the phrase of who sends it. False: too many wrong ones were tried. */
bool cmp_rr_prepare(struct cmp_transaction *transaction, const struct der_bytes *bytes);
/* Afterwards: counts a wrong one. */
void cmp_rr_finish(struct cmp_transaction *transaction);
/* Protects an answer anew that was changed, as it was protected. */
bool cmp_rr_protect(const struct cmp_transaction *transaction, struct der_bytes *message);

/* --- cmp_spoil.c ------------------------------------------------------------------------------ */

/* The honest one's signer, or the one that misbehaves. */
const struct cmp_signer *cmp_spoil_signer(const struct ra *ra, const struct misbehave *misbehave);

/* Changes an answer's message; `to` is the body type of what it answers. */
void cmp_spoil(const struct cmp_transaction *transaction, int to, struct der_bytes *answer);

/* Whether no answer is given at all: to a first message of this body type. */
bool cmp_spoil_is_silent(const struct cmp_transaction *transaction, int to, bool again);

#endif
