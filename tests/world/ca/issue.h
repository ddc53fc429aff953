/* SPDX-License-Identifier: MIT */
/*
 * Issuing certificates in the test world, for test-ca, test-ra and test-card. It shares no code
 * with the programs under test, so that neither end is only tested against itself.
 *
 * A folder made by `test-ca init` holds the CA; see world.h for its files. Functions that can
 * fail return -1 (or NULL) with the reason in OpenSSL's error queue: ERR_print_errors_fp(stderr).
 */
#ifndef CERTRENEW_TESTS_ISSUE_H
#define CERTRENEW_TESTS_ISSUE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* 99991231235959Z, 'no expiry' (RFC 5280 §4.1.2.5). */
#define ISSUE_NO_EXPIRY INT64_C(253402300799)

enum issue_role {
	ISSUE_SIGNATURE,  /* a person's: digitalSignature, nonRepudiation */
	ISSUE_ENCRYPTION, /* a person's: key and data encipherment (RSA) or keyAgreement (EC) */
	ISSUE_BOTH,	  /* a person's: all of these */
	ISSUE_LOGIN,	  /* a person's: digitalSignature alone */
	ISSUE_SERVER,	  /* TLS server */
	ISSUE_RA,	  /* who signs CMP messages */
	ISSUE_AUTHORITY,  /* a CA */
	ISSUE_RESPONDER,  /* OCSP: id-kp-OCSPSigning and id-pkix-ocsp-nocheck */
};

struct issue_ca {
	X509 *certificate; /* NULL: what is issued is self-signed */
	EVP_PKEY *key;
	X509 *root;	       /* NULL for a root of its own */
	char folder[PATH_MAX]; /* where issue_record keeps what was issued */
};

struct issue_order {
	EVP_PKEY *key; /* the public half is enough, unless self-signed */
	const X509_NAME *subject;
	enum issue_role role;
	int64_t not_before; /* seconds since the epoch, up to ISSUE_NO_EXPIRY */
	int64_t not_after;
	const char *email;	      /* an rfc822Name in the subjectAltName; NULL: none */
	const char *serial;	      /* hexadecimal; NULL: at random */
	const X509_EXTENSIONS *extra; /* copied as they are, after the role's own; NULL: none */
};

/*
 * Loads FOLDER/issuing.{pem,key} and FOLDER/root.pem; with prefix "rogue-" the same under that
 * name. Free with issue_ca_close, also after a failure.
 */
int issue_ca_open(const char *folder, const char *prefix, struct issue_ca *ret);
void issue_ca_close(struct issue_ca *ca);

/*
 * Issues a certificate: a random positive serial of 16 bytes, SKI, AKI, basicConstraints, and
 * keyUsage (critical) and extendedKeyUsage as the role says. A person's has the extensions of
 * FOLDER/extensions besides, if that is there: lines as in openssl.cnf, "crlDistributionPoints
 * URI:http://…". Free *ret with X509_free.
 */
int issue_certificate(const struct issue_ca *ca, const struct issue_order *order, X509 **ret);

/*
 * Keeps the certificate as FOLDER/issued/SERIAL.der, and in the index (index.h). By this the RA
 * knows, for a request with that key, which role the key has and until when it is certified: call
 * it for every certificate that goes on a card.
 */
int issue_record(const struct issue_ca *ca, X509 *certificate);

/*
 * "/C=TW/O=Example Government/CN=Chen Mei-ling": UTF-8; `+` instead of `/` adds to the same RDN;
 * a backslash takes the next character as it is; a value behind `!` is a TeletexString.
 * Free with X509_NAME_free.
 */
X509_NAME *issue_name(const char *text);

/* "signature", "encryption", "both", "login", "server", "ra", "authority", "responder". Parsing
 * returns -1 for another word. */
const char *issue_role_name(enum issue_role role);
int issue_role_parse(const char *text, enum issue_role *ret);

/* Seconds since the epoch. */
int64_t issue_not_after(const X509 *certificate);

/* A person's role by X509_get_key_usage's flags; UINT32_MAX, no keyUsage, means signature. */
enum issue_role issue_role_of(uint32_t key_usage);

#endif
