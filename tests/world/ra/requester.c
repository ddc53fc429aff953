/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/requester.h"

#include <string.h>
#include <strings.h>

#include <openssl/x509v3.h>

#include "tests/world/ra/encoding.h"

/* --- the client's certificate ---------------------------------------------------------------- */

static const char *verify(const struct ra *ra, STACK_OF(X509) *sent)
{
	X509_STORE *trusted = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) *chain = sk_X509_dup(sent);
	const char *wrong = "out of memory";

	if (trusted && context && chain && X509_STORE_add_cert(trusted, ra->ca.root) == 1 &&
	    sk_X509_push(chain, ra->ca.certificate) > 0 &&
	    X509_STORE_CTX_init(context, trusted, sk_X509_value(sent, 0), chain) == 1) {
		X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
		wrong = X509_verify_cert(context) == 1
			    ? NULL
			    : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
	}
	X509_STORE_CTX_free(context);
	X509_STORE_free(trusted);
	sk_X509_free(chain);
	return wrong;
}

bool requester_is_known(const struct ra *ra, const struct http_request *request,
			struct http_answer *ret)
{
	if (!request->certificates) {
		http_text(ret, MHD_HTTP_UNAUTHORIZED, "a client certificate is required\n");
		return false;
	}
	const char *wrong = verify(ra, request->certificates);
	if (wrong)
		http_text(ret, MHD_HTTP_FORBIDDEN, "the client certificate: %s\n", wrong);
	return !wrong;
}

/* --- the request ----------------------------------------------------------------------------- */

static bool is_pkcs10(const char *content_type)
{
	static const char wanted[] = "application/pkcs10";
	size_t length = sizeof wanted - 1;

	return content_type && strncasecmp(content_type, wanted, length) == 0 &&
	       (content_type[length] == '\0' || content_type[length] == ';');
}

static const char *decode(const struct ra *ra, const struct http_request *request,
			  struct requested *requested)
{
	const char *wrong = encoding_read_base64(request->body, request->length, ra->lenient,
						 &requested->der, &requested->length);

	if (wrong)
		return wrong;
	const unsigned char *end = requested->der;
	requested->pkcs10 = d2i_X509_REQ(NULL, &end, (long)requested->length);
	if (!requested->pkcs10 || end != requested->der + requested->length)
		return "not a PKCS#10 request";
	requested->key = X509_REQ_get0_pubkey(requested->pkcs10);
	if (!requested->key)
		return "the request's key is of no known kind";
	if (X509_REQ_verify(requested->pkcs10, requested->key) != 1)
		return "the proof of possession does not verify";
	requested->extensions = X509_REQ_get_extensions(requested->pkcs10);
	return NULL;
}

bool requested_parse(const struct ra *ra, const struct http_request *request,
		     struct requested *requested, struct http_answer *ret)
{
	*requested = (struct requested){0};
	if (!is_pkcs10(request->content_type)) {
		http_text(ret, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "not application/pkcs10\n");
		return false;
	}
	const char *wrong = decode(ra, request, requested);
	if (wrong)
		http_text(ret, MHD_HTTP_BAD_REQUEST, "%s\n", wrong);
	return !wrong;
}

void requested_free(struct requested *requested)
{
	sk_X509_EXTENSION_pop_free(requested->extensions, X509_EXTENSION_free);
	X509_REQ_free(requested->pkcs10);
	OPENSSL_free(requested->der);
	*requested = (struct requested){0};
}

X509_EXTENSION *requested_alternative_name(const struct requested *requested)
{
	int at = X509v3_get_ext_by_NID(requested->extensions, NID_subject_alt_name, -1);

	return X509v3_get_ext(requested->extensions, at);
}

uint32_t requested_usage(const struct requested *requested)
{
	ASN1_BIT_STRING *bits = X509V3_get_d2i(requested->extensions, NID_key_usage, NULL, NULL);
	const unsigned char *bytes = bits ? ASN1_STRING_get0_data(bits) : NULL;
	uint32_t usage = 0;

	if (!bits)
		return UINT32_MAX;
	if (ASN1_STRING_length(bits) > 0)
		usage = bytes[0];
	if (ASN1_STRING_length(bits) > 1)
		usage |= (uint32_t)bytes[1] << 8;
	ASN1_BIT_STRING_free(bits);
	return usage;
}

static bool same_bytes(const X509_NAME *one, const X509_NAME *other)
{
	const unsigned char *der, *other_der;
	size_t length, other_length;

	return X509_NAME_get0_der(one, &der, &length) == 1 &&
	       X509_NAME_get0_der(other, &other_der, &other_length) == 1 &&
	       length == other_length && memcmp(der, other_der, length) == 0;
}

/* RFC 7030 §4.2.2 has them 'identical'; RFC 5280 §7.1 says when two names are equal. */
static bool same_name(const struct ra *ra, const X509_NAME *one, const X509_NAME *other)
{
	return ra->lenient ? X509_NAME_cmp(one, other) == 0 : same_bytes(one, other);
}

static bool same_extension(X509_EXTENSION *one, X509_EXTENSION *other)
{
	if (!one || !other)
		return one == other;
	return ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(one),
				     X509_EXTENSION_get_data(other)) == 0;
}

bool requested_is_own(const struct ra *ra, const struct requested *requested, X509 *certificate,
		      struct http_answer *ret)
{
	int at = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);

	if (!same_name(ra, X509_REQ_get_subject_name(requested->pkcs10),
		       X509_get_subject_name(certificate)))
		http_text(ret, MHD_HTTP_FORBIDDEN, "the subject is not the client's\n");
	else if (!same_extension(requested_alternative_name(requested),
				 X509_get_ext(certificate, at)))
		http_text(ret, MHD_HTTP_FORBIDDEN, "the subjectAltName is not the client's\n");
	else
		return true;
	return false;
}
