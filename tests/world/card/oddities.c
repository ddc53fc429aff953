/* SPDX-License-Identifier: MIT */
/* What real cards hold beside a person's two certificates, and what broken ones hold. */
#include "tests/world/card/make.h"

#include <openssl/ec.h>

enum { DAY = 86400 };

static const char junk[] = "0\x82\x03\xe8 this began like a certificate and went on as a letter";

static int add_unparsable(struct making *making)
{
	struct bytes value = {(unsigned char *)junk, sizeof(junk) - 1};
	unsigned char byte = 0x21;
	CK_RV rv = write_raw_certificate(&making->token, CKC_X_509, &value,
					 &(struct bytes){&byte, 1}, "Unparsable");

	return rv == CKR_OK ? 0 : complain_rv("--unparsable", rv);
}

/* Modules differ in what they take; one of these is enough. */
static int add_non_x509(struct making *making)
{
	static const CK_CERTIFICATE_TYPE types[] = {CKC_X_509_ATTR_CERT, CKC_WTLS, CKC_OPENPGP,
						    CKC_VENDOR_DEFINED};
	struct bytes value = {(unsigned char *)junk, sizeof(junk) - 1};
	unsigned char byte = 0x22;
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		rv = write_raw_certificate(&making->token, types[i], &value,
					   &(struct bytes){&byte, 1}, "Not X.509");
		if (rv == CKR_OK)
			return 0;
	}
	return complain_rv("--non-x509: this module takes no such certificate", rv);
}

static int add_ca_certificates(struct making *making)
{
	unsigned char root = 0x31;
	unsigned char issuing = 0x32;

	if (write_certificate(&making->token, making->ca.root, &(struct bytes){&root, 1},
			      "Root CA") < 0)
		return -1;
	return write_certificate(&making->token, making->ca.certificate,
				 &(struct bytes){&issuing, 1}, "Issuing CA");
}

/* Of persons and of CAs in turn. They end before the person's own, which so stay the current ones.
 */
static int add_certificates(struct making *making, int64_t count)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	int rc = key == NULL || count > 256 ? complain("--extra-certificates: at most 256") : 0;

	for (int64_t i = 0; rc == 0 && i < count; i++) {
		unsigned char id[] = {0x51, (unsigned char)i};
		bool person = i % 2 == 0;
		X509 *certificate = NULL;

		rc = certify(making, key, person ? ISSUE_SIGNATURE : ISSUE_AUTHORITY,
			     making->not_before, making->not_after - DAY, false, &certificate);
		if (rc == 0)
			rc = write_certificate(&making->token, certificate,
					       &(struct bytes){id, sizeof(id)},
					       person ? "Without key" : "Some CA");
		X509_free(certificate);
	}
	EVP_PKEY_free(key);
	return rc;
}

/* The person's by name and purpose, and of a year more; their keys are elsewhere. */
static int add_newer_keyless(struct making *making)
{
	static const enum issue_role roles[] = {ISSUE_SIGNATURE, ISSUE_ENCRYPTION};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = NULL;
	int rc = key == NULL ? complain("--newer-keyless: no key") : 0;

	for (size_t i = 0; rc == 0 && i < 2; i++) {
		unsigned char id[] = {0x61, (unsigned char)i};

		rc = certify(making, key, roles[i], making->not_before,
			     making->not_after + 365 * DAY, false, &certificate);
		if (rc == 0)
			rc = write_certificate(&making->token, certificate,
					       &(struct bytes){id, sizeof(id)}, "Elsewhere");
		X509_free(certificate);
		certificate = NULL;
	}
	EVP_PKEY_free(key);
	return rc;
}

/* Of the same person and role as the signature certificate, for another purpose and key; it ends
 * when the other's successor has ended, too. */
static int add_login_certificate(struct making *making)
{
	unsigned char id = 0x11;
	struct key_wish wish = {
	    .type = making->order->key,
	    .id = {&id, sizeof(id)},
	    .label = "Login",
	    .sign = true,
	    .private = true,
	};
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int rc = generate_pair(&making->token, &wish, &key);

	if (rc == 0)
		rc = certify(making, key, ISSUE_LOGIN, making->not_before,
			     making->not_after + 3650LL * DAY, true, &certificate);
	if (rc == 0)
		rc = write_certificate(&making->token, certificate, &wish.id, wish.label);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return rc;
}

static int add_ed25519(struct making *making, bool certified)
{
	unsigned char id = 0x41;
	struct key_wish wish = {
	    .type = "ed25519",
	    .id = {&id, sizeof(id)},
	    .label = "Ed25519",
	    .sign = true,
	    .private = true,
	};
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int rc = generate_pair(&making->token, &wish, &key);

	if (rc == 0 && certified)
		rc = certify(making, key, ISSUE_SIGNATURE, making->not_before,
			     making->not_after - DAY, true, &certificate);
	if (rc == 0 && certified)
		rc = write_certificate(&making->token, certificate, &wish.id, wish.label);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return rc;
}

int add_oddities(struct making *making)
{
	const struct order *order = making->order;
	bool ed25519 = order->extra_ed25519 || order->certify_ed25519;

	if (ed25519 && add_ed25519(making, order->certify_ed25519) < 0)
		return -1;
	if (order->login_certificate && add_login_certificate(making) < 0)
		return -1;
	if (order->newer_keyless && add_newer_keyless(making) < 0)
		return -1;
	if (order->unparsable && add_unparsable(making) < 0)
		return -1;
	if (order->non_x509 && add_non_x509(making) < 0)
		return -1;
	if (order->ca_certificates && add_ca_certificates(making) < 0)
		return -1;
	return add_certificates(making, order->extra_certificates);
}
