/* SPDX-License-Identifier: MIT */
/* Which [ca] section is an issuer's. A file of its own: certrenew-check needs nothing else of this
 * folder, and no library but libcrypto for it. */
#include <openssl/bio.h>
#include <openssl/crypto.h>

#include "conf/config_name.h"
#include "helper/ca/ca.h"

/* As RFC 4514 text; NULL when there is no memory. Freed with OPENSSL_free. */
static char *text_of(const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		char *bytes;
		long length = BIO_get_mem_data(bio, &bytes);

		text = OPENSSL_strndup(bytes, (size_t)length);
	}
	BIO_free(bio);
	return text;
}

bool ca_name_matches(const char *configured, const X509_NAME *name)
{
	char *text = text_of(name);
	bool same = text != NULL && config_same_name(configured, text);

	OPENSSL_free(text);
	return same;
}

const struct config_ca *ca_for_issuer(const struct config *config, const X509_NAME *issuer)
{
	char *text = text_of(issuer);
	const struct config_ca *found = text == NULL ? NULL : config_ca_for_issuer(config, text);

	OPENSSL_free(text);
	return found;
}
