/* SPDX-License-Identifier: MIT */
#include "tests/world/card/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/world/ca/issue.h"

static const CK_ATTRIBUTE_TYPE digested[] = {
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_CERTIFICATE_TYPE,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_TRUSTED,
    CKA_CERTIFICATE_CATEGORY,
    CKA_KEY_TYPE,
    CKA_SUBJECT,
    CKA_ID,
    CKA_SENSITIVE,
    CKA_ENCRYPT,
    CKA_DECRYPT,
    CKA_WRAP,
    CKA_UNWRAP,
    CKA_SIGN,
    CKA_SIGN_RECOVER,
    CKA_VERIFY,
    CKA_VERIFY_RECOVER,
    CKA_DERIVE,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_EXTRACTABLE,
    CKA_LOCAL,
    CKA_NEVER_EXTRACTABLE,
    CKA_ALWAYS_SENSITIVE,
    CKA_KEY_GEN_MECHANISM,
    CKA_MODIFIABLE,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_ALWAYS_AUTHENTICATE,
};

static const struct {
	CK_OBJECT_CLASS class;
	const char *name;
} classes[] = {
    {CKO_DATA, "data"},
    {CKO_CERTIFICATE, "certificate"},
    {CKO_PUBLIC_KEY, "public-key"},
    {CKO_PRIVATE_KEY, "private-key"},
    {CKO_SECRET_KEY, "secret-key"},
};

static const struct {
	CK_ATTRIBUTE_TYPE type;
	const char *name;
} usages[] = {
    {CKA_SIGN, "sign"},
    {CKA_DECRYPT, "decrypt"},
    {CKA_DERIVE, "derive"},
    {CKA_VERIFY, "verify"},
    {CKA_ENCRYPT, "encrypt"},
    {CKA_UNWRAP, "unwrap"},
    {CKA_PRIVATE, "private"},
    {CKA_ALWAYS_AUTHENTICATE, "always-authenticate"},
    {CKA_EXTRACTABLE, "extractable"},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void print_hex(FILE *line, const unsigned char *data, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(line, "%02x", data[i]);
	if (length == 0)
		fputc('-', line);
}

static void print_quoted(FILE *line, const unsigned char *text, size_t length)
{
	fputc('"', line);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			fprintf(line, "\\%c", text[i]);
		else if (text[i] < 0x20 || text[i] == 0x7f)
			fprintf(line, "\\x%02x", text[i]);
		else
			fputc(text[i], line);
	}
	fputc('"', line);
}

static void print_digest(FILE *line, const char *name, const void *data, size_t length)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t size = 0;

	if (EVP_Q_digest(NULL, "SHA256", NULL, data, length, digest, &size) == 1) {
		fprintf(line, " %s=", name);
		print_hex(line, digest, size);
	}
}

static void print_attributes(FILE *line, const struct token *token, CK_OBJECT_HANDLE object)
{
	char *text = NULL;
	size_t size = 0;
	FILE *all = open_memstream(&text, &size);

	if (all == NULL)
		return;
	for (size_t i = 0; i < LENGTH(digested); i++) {
		struct bytes value = {0};

		if (object_read(token, object, digested[i], &value) < 0)
			continue;
		fprintf(all, "%lx:%zu:", digested[i], value.length);
		fwrite(value.data, 1, value.length, all);
		bytes_free(&value);
	}
	fclose(all);
	print_digest(line, "attributes", text, size);
	free(text);
}

static void print_label(FILE *line, const struct token *token, CK_OBJECT_HANDLE object)
{
	struct bytes label = {0};

	if (object_read(token, object, CKA_LABEL, &label) < 0)
		return;
	fputs(" label=", line);
	print_quoted(line, label.data, label.length);
	bytes_free(&label);
}

static int64_t seconds(const ASN1_TIME *time)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0;
	int rest = 0;

	if (epoch != NULL)
		ASN1_TIME_diff(&days, &rest, epoch, time);
	ASN1_TIME_free(epoch);
	return (int64_t)days * 86400 + rest;
}

static void print_subject(FILE *line, X509 *certificate)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *text = NULL;
	long length;

	if (memory == NULL)
		return;
	X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0,
			   XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	length = BIO_get_mem_data(memory, &text);
	fputs(" subject=", line);
	print_quoted(line, (unsigned char *)text, (size_t)length);
	BIO_free(memory);
}

static void print_x509(FILE *line, X509 *certificate)
{
	enum issue_role role = X509_check_ca(certificate) > 0
				   ? ISSUE_AUTHORITY
				   : issue_role_of(X509_get_key_usage(certificate));
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = number == NULL ? NULL : BN_bn2hex(number);

	fprintf(line, " role=%s serial=%s not-before=%lld not-after=%lld", issue_role_name(role),
		serial == NULL ? "-" : serial, (long long)seconds(X509_get0_notBefore(certificate)),
		(long long)seconds(X509_get0_notAfter(certificate)));
	OPENSSL_free(serial);
	BN_free(number);
}

static void print_certificate(FILE *line, const struct token *token, CK_OBJECT_HANDLE object)
{
	CK_ULONG type = object_number(token, object, CKA_CERTIFICATE_TYPE);
	struct bytes value = {0};
	const unsigned char *at = NULL;
	X509 *certificate = NULL;

	if (type == CKC_X_509)
		fputs(" type=x509", line);
	else
		fprintf(line, " type=0x%lx", type);
	if (object_read(token, object, CKA_VALUE, &value) == 0)
		at = value.data;
	if (type == CKC_X_509 && at != NULL)
		certificate = d2i_X509(NULL, &at, (long)value.length);
	if (certificate != NULL)
		print_x509(line, certificate);
	else if (type == CKC_X_509)
		fputs(" unparsable", line);
	print_digest(line, "sha256", value.data, value.length);
	print_attributes(line, token, object);
	print_label(line, token, object);
	if (certificate != NULL)
		print_subject(line, certificate);
	X509_free(certificate);
	bytes_free(&value);
}

/* A private EC key shows no point: then the public key object of the same id speaks for it. */
static EVP_PKEY *public_half(const struct token *token, CK_OBJECT_HANDLE object,
			     const struct bytes *id)
{
	EVP_PKEY *key = object_public_key(token, object);
	CK_OBJECT_HANDLE other;

	if (key == NULL && object_by_id(token, CKO_PUBLIC_KEY, id, &other) == 1)
		key = object_public_key(token, other);
	return key;
}

static void print_key(FILE *line, const struct token *token, CK_OBJECT_HANDLE object,
		      const struct bytes *id)
{
	CK_KEY_TYPE type = object_number(token, object, CKA_KEY_TYPE);
	EVP_PKEY *key = public_half(token, object, id);
	unsigned char *der = NULL;
	int length = key == NULL ? 0 : i2d_PUBKEY(key, &der);
	const char *comma = "";

	if (type == CKK_RSA)
		fputs(" type=rsa", line);
	else if (type == CKK_EC)
		fputs(" type=ec", line);
	else
		fprintf(line, " type=0x%lx", type);
	fputs(" flags=", line);
	for (size_t i = 0; i < LENGTH(usages); i++) {
		if (object_flag(token, object, usages[i].type)) {
			fprintf(line, "%s%s", comma, usages[i].name);
			comma = ",";
		}
	}
	if (length > 0)
		print_digest(line, "public", der, (size_t)length);
	else
		fputs(" public=-", line);
	print_attributes(line, token, object);
	print_label(line, token, object);
	OPENSSL_free(der);
	EVP_PKEY_free(key);
}

static const char *class_name(CK_OBJECT_CLASS class)
{
	for (size_t i = 0; i < LENGTH(classes); i++) {
		if (classes[i].class == class)
			return classes[i].name;
	}
	return "other";
}

char *describe_object(const struct token *token, CK_OBJECT_HANDLE object)
{
	CK_OBJECT_CLASS class = object_number(token, object, CKA_CLASS);
	struct bytes id = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *line = open_memstream(&text, &size);

	if (line == NULL)
		return NULL;
	(void)object_read(token, object, CKA_ID, &id);
	fprintf(line, "%s id=", class_name(class));
	print_hex(line, id.data, id.length);
	if (class == CKO_CERTIFICATE) {
		print_certificate(line, token, object);
	} else if (class == CKO_PUBLIC_KEY || class == CKO_PRIVATE_KEY) {
		print_key(line, token, object, &id);
	} else {
		print_attributes(line, token, object);
		print_label(line, token, object);
	}
	fclose(line);
	bytes_free(&id);
	return text;
}
