/* SPDX-License-Identifier: MIT */
/* Which [ca] section is an issuer's. A file of its own: certrenew-check needs nothing else of this
 * folder, and no library but libcrypto for it. */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>

#include "helper/ca/ca.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes what a backslash stands before: two hexadecimal digits, or a character as it is. */
static char take_escaped(const char **text)
{
	int high = hex_digit((*text)[0]), low = high < 0 ? -1 : hex_digit((*text)[1]);
	char c = **text;

	*text += low < 0 ? 1 : 2;
	return low < 0 ? c : (char)(high << 4 | low);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * RFC 4514 lets one name be written in many ways, and an administrator's way is not OpenSSL's:
 * blanks at the separators, needless escapes and ASCII case don't count (RFC 5280 §7.1). `out`
 * takes as many bytes as `text` has, with its NUL.
 */
static void canonicalise(const char *text, char *out)
{
	bool in_type = true, fresh = true, blank = false;

	while (*text != '\0') {
		bool escaped = *text == '\\' && text[1] != '\0';
		bool separates =
		    !escaped && (*text == ',' || *text == '+' || (*text == '=' && in_type));
		char c = escaped ? (text++, take_escaped(&text)) : *text++;

		if (separates) {
			*out++ = c;
			in_type = c != '=';
			fresh = true;
			blank = false;
		} else if (c == ' ') {
			blank = !fresh;
		} else {
			if (blank)
				*out++ = ' ';
			if (escaped && (c == ',' || c == '+' || c == '\\'))
				*out++ = '\\';
			*out++ = lower(c);
			fresh = blank = false;
		}
	}
	*out = '\0';
}

/* As RFC 4514 text, canonical; NULL when there is no memory. Freed with OPENSSL_free. */
static char *canonical_text(const X509_NAME *name)
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
	if (text != NULL)
		canonicalise(text, text);
	return text;
}

static bool names(const char *configured, const char *issuer)
{
	char *text = OPENSSL_strdup(configured);
	bool same = false;

	if (text != NULL) {
		canonicalise(text, text);
		same = strcmp(text, issuer) == 0;
	}
	OPENSSL_free(text);
	return same;
}

bool ca_name_matches(const char *configured, const X509_NAME *name)
{
	char *text = canonical_text(name);
	bool same = text != NULL && names(configured, text);

	OPENSSL_free(text);
	return same;
}

const struct config_ca *ca_for_issuer(const struct config *config, const X509_NAME *issuer)
{
	const struct config_ca *found = NULL;
	char *text = canonical_text(issuer);

	if (text == NULL)
		return NULL;
	for (size_t i = 0; found == NULL && i < config->ca_count; i++)
		if (config->cas[i].issuer[0] != '\0' && names(config->cas[i].issuer, text))
			found = &config->cas[i];
	for (size_t i = 0; found == NULL && i < config->ca_count; i++)
		if (config->cas[i].issuer[0] == '\0')
			found = &config->cas[i];
	OPENSSL_free(text);
	return found;
}
