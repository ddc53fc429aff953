/* SPDX-License-Identifier: MIT */
/* Keys and certificates made in memory, for the tests of what judges and copies them. */
#ifndef CERTRENEW_TESTS_MADE_H
#define CERTRENEW_TESTS_MADE_H

#include <stdint.h>
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#define DAY INT64_C(86400)

/* What a test changes of a certificate; what it leaves zero is left out. */
struct made {
	EVP_PKEY *key; /* whose */
	X509_NAME *subject;
	X509 *issuer; /* NULL: self-signed */
	EVP_PKEY *issuer_key;
	int64_t not_before, not_after;
	const char *usage, *extended, *names, *constraints; /* as in openssl.cnf */
};

static inline EVP_PKEY *made_key(const char *curve)
{
	EVP_PKEY *made = curve == NULL ? EVP_RSA_gen(2048) : EVP_EC_gen(curve);

	if (made == NULL)
		abort();
	return made;
}

/* The public half alone, as a parsed certificate has it. */
static inline EVP_PKEY *made_public(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	const unsigned char *at = der;
	EVP_PKEY *public = d2i_PUBKEY(NULL, &at, length);

	if (public == NULL)
		abort();
	OPENSSL_free(der);
	return public;
}

static inline void made_name_add(X509_NAME *name, const char *type, int encoding, const char *value)
{
	if (X509_NAME_add_entry_by_txt(name, type, encoding, (const unsigned char *)value, -1, -1,
				       0) != 1)
		abort();
}

static inline X509_NAME *made_name(const char *organisation, const char *common_name)
{
	X509_NAME *name = X509_NAME_new();

	if (name == NULL)
		abort();
	made_name_add(name, "C", MBSTRING_UTF8, "TW");
	made_name_add(name, "O", MBSTRING_UTF8, organisation);
	made_name_add(name, "CN", MBSTRING_UTF8, common_name);
	return name;
}

static inline void made_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension;

	if (value == NULL)
		return;
	extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	if (extension == NULL || X509_add_ext(certificate, extension, -1) != 1)
		abort();
	X509_EXTENSION_free(extension);
}

/* An extension whose content no parser takes. */
static inline void made_broken_extension(X509 *certificate, int nid)
{
	ASN1_OCTET_STRING *content = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	if (content == NULL ||
	    ASN1_OCTET_STRING_set(content, (const unsigned char *)"\x30\x7f", 2) != 1)
		abort();
	extension = X509_EXTENSION_create_by_NID(NULL, nid, 0, content);
	if (extension == NULL || X509_add_ext(certificate, extension, -1) != 1)
		abort();
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(content);
}

static inline void made_sign(X509 *certificate, EVP_PKEY *key)
{
	if (X509_sign(certificate, key, EVP_sha256()) <= 0)
		abort();
}

static inline X509 *made_certificate(const struct made *made)
{
	X509 *certificate = X509_new();
	X509 *issuer = made->issuer != NULL ? made->issuer : certificate;
	static long serial = 1;

	if (certificate == NULL || X509_set_version(certificate, X509_VERSION_3) != 1 ||
	    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++) != 1 ||
	    ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)made->not_before) == NULL ||
	    ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)made->not_after) == NULL ||
	    X509_set_subject_name(certificate, made->subject) != 1 ||
	    X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) != 1 ||
	    X509_set_pubkey(certificate, made->key) != 1)
		abort();
	made_extension(certificate, NID_basic_constraints, made->constraints);
	made_extension(certificate, NID_key_usage, made->usage);
	made_extension(certificate, NID_ext_key_usage, made->extended);
	made_extension(certificate, NID_subject_alt_name, made->names);
	made_sign(certificate, made->issuer_key != NULL ? made->issuer_key : made->key);
	return certificate;
}

/* The CA of the tests: its name is its own, and it lasts for ten years around `now`. */
static inline X509 *made_ca(EVP_PKEY *key, const char *common_name, X509 *issuer,
			    EVP_PKEY *issuer_key, int64_t now)
{
	X509_NAME *name = made_name("Test CA", common_name);
	struct made made = {
	    .key = key,
	    .subject = name,
	    .issuer = issuer,
	    .issuer_key = issuer_key,
	    .not_before = now - 3650 * DAY,
	    .not_after = now + 36500 * DAY,
	    .usage = "critical,keyCertSign,cRLSign",
	    .constraints = "critical,CA:TRUE",
	};
	X509 *certificate = made_certificate(&made);

	X509_NAME_free(name);
	return certificate;
}

#endif
