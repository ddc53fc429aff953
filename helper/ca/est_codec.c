/* SPDX-License-Identifier: MIT */
#include "helper/ca/est_codec.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>

enum { LINE_BYTES = 48, LINE_CHARACTERS = 64 };

/* The first byte of a SEQUENCE. In base64 a SEQUENCE begins with 'M', so the two can't be mixed up.
 */
enum { DER_SEQUENCE = 0x30 };

int est_encode(const unsigned char *der, size_t length, char **ret, size_t *ret_length,
	       struct failure *failure)
{
	size_t lines = (length + LINE_BYTES - 1) / LINE_BYTES;
	char *text = OPENSSL_malloc(lines * (LINE_CHARACTERS + 1) + 1);
	char *end = text;

	if (text == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	for (size_t at = 0; at < length; at += LINE_BYTES) {
		size_t take = length - at < LINE_BYTES ? length - at : LINE_BYTES;

		end += EVP_EncodeBlock((unsigned char *)end, der + at, (int)take);
		*end++ = '\n';
	}
	*end = '\0';
	*ret = text;
	*ret_length = (size_t)(end - text);
	return 0;
}

static bool is_base64(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/';
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Drops the blanks; false for any other character, or for padding that is not at the end. */
static bool gather(const unsigned char *body, size_t length, unsigned char *out, size_t *ret_length,
		   size_t *ret_padding)
{
	size_t used = 0, padding = 0;

	for (size_t i = 0; i < length; i++) {
		if (is_blank(body[i]))
			continue;
		if (body[i] == '=')
			padding++;
		else if (!is_base64(body[i]) || padding > 0)
			return false;
		out[used++] = body[i];
	}
	*ret_length = used;
	*ret_padding = padding;
	return padding <= 2 && used % 4 == 0;
}

int est_decode(const unsigned char *body, size_t length, unsigned char **ret, size_t *ret_length,
	       struct failure *failure)
{
	unsigned char *text = OPENSSL_malloc(length + 1), *der = OPENSSL_malloc(length + 1);
	size_t used, padding;
	int decoded, r;

	if (text == NULL || der == NULL) {
		r = fail(failure, FAILURE_SYSTEM, "no memory");
		goto out;
	}
	if (length > 0 && body[0] == DER_SEQUENCE) {
		memcpy(der, body, length);
		*ret_length = length;
	} else if (gather(body, length, text, &used, &padding) &&
		   (decoded = EVP_DecodeBlock(der, text, (int)used)) >= (int)padding) {
		*ret_length = (size_t)decoded - padding; /* which EVP_DecodeBlock counts too */
	} else {
		r = fail(failure, FAILURE_CA_GARBAGE, "the answer is neither base64 nor DER");
		goto out;
	}
	*ret = der;
	der = NULL;
	r = 0;
out:
	OPENSSL_free(text);
	OPENSSL_free(der);
	return r;
}

static CMS_ContentInfo *parse_cms(const unsigned char *der, size_t length)
{
	const unsigned char *at = der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)length);

	if (cms != NULL &&
	    (at != der + length || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)) {
		CMS_ContentInfo_free(cms);
		return NULL;
	}
	return cms;
}

int est_decode_certificates(const unsigned char *body, size_t length, STACK_OF(X509) **ret,
			    struct failure *failure)
{
	STACK_OF(X509) *certificates = NULL;
	CMS_ContentInfo *cms;
	unsigned char *der;
	size_t der_length;
	int count, r = est_decode(body, length, &der, &der_length, failure);

	if (r < 0)
		return r;
	ERR_set_mark();
	cms = parse_cms(der, der_length);
	if (cms != NULL)
		certificates = CMS_get1_certs(cms);
	ERR_pop_to_mark();
	count = certificates == NULL ? 0 : sk_X509_num(certificates);
	if (cms == NULL)
		r = fail(failure, FAILURE_CA_GARBAGE, "the answer is no PKCS#7 of certificates");
	else if (count < 1 || count > EST_CERTIFICATES_MAX)
		r = fail(failure, FAILURE_CA_GARBAGE, "the answer holds %d certificates", count);
	if (r == 0)
		*ret = certificates;
	else
		sk_X509_pop_free(certificates, X509_free);
	CMS_ContentInfo_free(cms);
	OPENSSL_free(der);
	return r;
}

/* --- CSR attributes ------------------------------------------------------------------------ */

static bool is_wanted_digest(int nid)
{
	return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* The digest that this OID asks for, if it is for a key of this kind. */
static int digest_of(const ASN1_OBJECT *object, const EVP_PKEY *key)
{
	int nid = OBJ_obj2nid(object), digest = NID_undef, kind = NID_undef;

	if (is_wanted_digest(nid))
		return nid;
	if (OBJ_find_sigid_algs(nid, &digest, &kind) != 1 || !is_wanted_digest(digest))
		return NID_undef;
	if ((kind == NID_rsaEncryption && EVP_PKEY_is_a(key, "RSA")) ||
	    (kind == NID_X9_62_id_ecPublicKey && EVP_PKEY_is_a(key, "EC")))
		return digest;
	return NID_undef;
}

/* One element of CsrAttrs: an OID, or an Attribute (a SEQUENCE), which is passed over. */
static const unsigned char *take_element(const unsigned char *at, const unsigned char *end,
					 const EVP_PKEY *key, int *ret_nid)
{
	const unsigned char *element = at;
	ASN1_OBJECT *object;
	long length;
	int tag, class, flags;

	flags = ASN1_get_object(&at, &length, &tag, &class, end - at);
	if ((flags & 0x81) != 0 || class != V_ASN1_UNIVERSAL || length > end - at)
		return NULL; /* 0x80: malformed, 0x01: of indefinite length */
	at += length;
	if (tag == V_ASN1_SEQUENCE)
		return at;
	if (tag != V_ASN1_OBJECT ||
	    (object = d2i_ASN1_OBJECT(NULL, &element, at - element)) == NULL)
		return NULL;
	*ret_nid = digest_of(object, key);
	ASN1_OBJECT_free(object);
	return at;
}

static bool find_digest(const unsigned char *der, size_t size, const EVP_PKEY *key, int *ret_nid)
{
	const unsigned char *at = der, *end = der + size;
	int tag, class, flags, nid, found = NID_undef;
	long length;

	flags = ASN1_get_object(&at, &length, &tag, &class, (long)size);
	if ((flags & 0x81) != 0 || class != V_ASN1_UNIVERSAL || tag != V_ASN1_SEQUENCE ||
	    length != end - at)
		return false;
	while (at < end) {
		nid = NID_undef;
		at = take_element(at, end, key, &nid);
		if (at == NULL)
			return false;
		if (found == NID_undef)
			found = nid;
	}
	*ret_nid = found;
	return true;
}

int est_wanted_digest(const unsigned char *der, size_t length, const EVP_PKEY *key, int *ret_nid,
		      struct failure *failure)
{
	int nid = NID_undef;
	bool well_formed;

	ERR_set_mark();
	well_formed = length == 0 || find_digest(der, length, key, &nid);
	ERR_pop_to_mark();
	if (!well_formed)
		return fail(failure, FAILURE_CA_GARBAGE, "the CSR attributes are malformed");
	*ret_nid = nid;
	return 0;
}
