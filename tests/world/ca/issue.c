/* SPDX-License-Identifier: MIT */
#include "tests/world/ca/issue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "tests/world/ca/index.h"

#define SERIAL_BYTES 16

struct profile {
	const char *name;
	const char *usage;    /* keyUsage, for RSA */
	const char *usage_ec; /* EC can agree on keys, not encipher them (RFC 5480 §3) */
	const char *extended;
	const char *constraints;
};

static const struct profile profiles[] = {
    [ISSUE_SIGNATURE] = {"signature", "critical,digitalSignature,nonRepudiation",
			 "critical,digitalSignature,nonRepudiation", "clientAuth,emailProtection",
			 "CA:FALSE"},
    [ISSUE_ENCRYPTION] = {"encryption", "critical,keyEncipherment,dataEncipherment",
			  "critical,keyAgreement", "emailProtection", "CA:FALSE"},
    [ISSUE_BOTH] = {"both",
		    "critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment",
		    "critical,digitalSignature,nonRepudiation,keyAgreement",
		    "clientAuth,emailProtection", "CA:FALSE"},
    [ISSUE_LOGIN] = {"login", "critical,digitalSignature", "critical,digitalSignature",
		     "clientAuth", "CA:FALSE"},
    [ISSUE_SERVER] = {"server", "critical,digitalSignature,keyEncipherment",
		      "critical,digitalSignature", "serverAuth", "CA:FALSE"},
    [ISSUE_RA] = {"ra", "critical,digitalSignature", "critical,digitalSignature", "cmcRA",
		  "CA:FALSE"},
    [ISSUE_AUTHORITY] = {"authority", "critical,keyCertSign,cRLSign",
			 "critical,keyCertSign,cRLSign", NULL, "critical,CA:TRUE"},
    [ISSUE_RESPONDER] = {"responder", "critical,digitalSignature", "critical,digitalSignature",
			 "OCSPSigning", "CA:FALSE"},
};

#define PROFILES (sizeof profiles / sizeof profiles[0])

static int refuse(const char *what, const char *which)
{
	ERR_raise_data(ERR_LIB_USER, ERR_R_PASSED_INVALID_ARGUMENT, "%s: %s", what, which);
	return -1;
}

const char *issue_role_name(enum issue_role role)
{
	return profiles[role].name;
}

int issue_role_parse(const char *text, enum issue_role *ret)
{
	for (size_t i = 0; i < PROFILES; i++) {
		if (strcmp(profiles[i].name, text) == 0) {
			*ret = (enum issue_role)i;
			return 0;
		}
	}
	return refuse("no such role", text);
}

enum issue_role issue_role_of(uint32_t key_usage)
{
	bool signs = key_usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	bool enciphers =
	    key_usage & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT);

	if (key_usage == UINT32_MAX || !enciphers)
		return ISSUE_SIGNATURE;
	return signs ? ISSUE_BOTH : ISSUE_ENCRYPTION;
}

int64_t issue_not_after(const X509 *certificate)
{
	struct tm parts = {0};

	ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts);
	return (int64_t)timegm(&parts);
}

/* --- names --------------------------------------------------------------------------------- */

/* Copies up to an unescaped character of `stops`, and returns where that stands in `text`. */
static const char *take(const char *text, const char *stops, char *ret, size_t size)
{
	size_t length = 0;

	while (*text && !strchr(stops, *text) && length + 1 < size) {
		if (*text == '\\' && text[1])
			text++;
		ret[length++] = *text++;
	}
	ret[length] = '\0';
	return text;
}

X509_NAME *issue_name(const char *text)
{
	X509_NAME *name = X509_NAME_new();
	const char *next = text;

	while (name && *next) {
		char type[64], value[256];
		int raw, set = *next == '+' ? -1 : 0; /* -1: joins the RDN before it */

		if (*next != '/' && *next != '+')
			goto malformed;
		next = take(next + 1, "=", type, sizeof type);
		if (*next != '=')
			goto malformed;
		next = take(next + 1, "/+", value, sizeof value);
		raw = value[0] == '!';
		if (X509_NAME_add_entry_by_txt(name, type, raw ? V_ASN1_T61STRING : MBSTRING_UTF8,
					       (const unsigned char *)value + raw, -1, -1,
					       set) != 1)
			goto malformed;
	}
	return name;

malformed:
	refuse("not a name like /C=TW/CN=Chen", text);
	X509_NAME_free(name);
	return NULL;
}

/* --- issuing ------------------------------------------------------------------------------- */

static BIGNUM *random_serial(void)
{
	unsigned char bytes[SERIAL_BYTES];

	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return NULL;
	bytes[0] = (bytes[0] & 0x3f) | 0x40; /* positive, and always 16 bytes long */
	return BN_bin2bn(bytes, sizeof bytes, NULL);
}

static int set_serial(X509 *certificate, const char *wanted)
{
	BIGNUM *number = NULL;
	ASN1_INTEGER *serial = NULL;

	if (!wanted)
		number = random_serial();
	else if (BN_hex2bn(&number, wanted) == 0)
		return refuse("not a serial number", wanted);
	if (number)
		serial = BN_to_ASN1_INTEGER(number, NULL);
	BN_free(number);
	int done = serial && X509_set_serialNumber(certificate, serial) == 1;
	ASN1_INTEGER_free(serial);
	return done ? 0 : -1;
}

static int set_validity(X509 *certificate, int64_t not_before, int64_t not_after)
{
	if (not_before > ISSUE_NO_EXPIRY || not_after > ISSUE_NO_EXPIRY)
		return refuse("validity", "beyond the year 9999");
	/* ASN1_TIME_set takes GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
	if (!ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)not_before) ||
	    !ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)not_after))
		return -1;
	return 0;
}

static int add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, context, nid, value);
	int done = extension && X509_add_ext(certificate, extension, -1) == 1;

	X509_EXTENSION_free(extension);
	return done ? 0 : -1;
}

static int add_profile(X509 *certificate, X509 *issuer, enum issue_role role)
{
	const struct profile *profile = &profiles[role];
	bool rsa = EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA");
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	if (add_extension(certificate, &context, NID_basic_constraints, profile->constraints) ||
	    add_extension(certificate, &context, NID_key_usage,
			  rsa ? profile->usage : profile->usage_ec) ||
	    add_extension(certificate, &context, NID_subject_key_identifier, "hash"))
		return -1;
	if (issuer != certificate && /* self-signed: the two identifiers are one */
	    add_extension(certificate, &context, NID_authority_key_identifier, "keyid:always"))
		return -1;
	if (role == ISSUE_RESPONDER &&
	    add_extension(certificate, &context, NID_id_pkix_OCSP_noCheck, "ignored"))
		return -1;
	if (profile->extended)
		return add_extension(certificate, &context, NID_ext_key_usage, profile->extended);
	return 0;
}

static int add_email(X509 *certificate, const char *email)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *address = ASN1_IA5STRING_new();
	int done = 0;

	if (!names || !name || !address || ASN1_STRING_set(address, email, -1) != 1)
		goto out;
	GENERAL_NAME_set0_value(name, GEN_EMAIL, address);
	address = NULL;
	if (sk_GENERAL_NAME_push(names, name) <= 0)
		goto out;
	name = NULL;
	done = X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
out:
	ASN1_IA5STRING_free(address);
	GENERAL_NAME_free(name);
	GENERAL_NAMES_free(names);
	return done ? 0 : -1;
}

static int add_extra(X509 *certificate, const X509_EXTENSIONS *extra)
{
	for (int i = 0; i < sk_X509_EXTENSION_num(extra); i++)
		if (X509_add_ext(certificate, sk_X509_EXTENSION_value(extra, i), -1) != 1)
			return -1;
	return 0;
}

/* FOLDER/extensions: where the world's responder and list are, for instance. */
static int add_world(X509 *certificate, const struct issue_ca *ca)
{
	char path[PATH_MAX + 64], line[512];
	X509V3_CTX context;
	int done = 1;

	snprintf(path, sizeof path, "%s/extensions", ca->folder);
	FILE *file = ca->folder[0] ? fopen(path, "re") : NULL;
	if (!file)
		return 0;
	X509V3_set_ctx(&context, ca->certificate, certificate, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	while (done && fgets(line, sizeof line, file)) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (!value)
			continue;
		*value = '\0';
		done = add_extension(certificate, &context, OBJ_txt2nid(line), value + 1) == 0;
	}
	fclose(file);
	return done ? 0 : -1;
}

static bool is_persons(enum issue_role role)
{
	return role == ISSUE_SIGNATURE || role == ISSUE_ENCRYPTION || role == ISSUE_BOTH ||
	       role == ISSUE_LOGIN;
}

int issue_certificate(const struct issue_ca *ca, const struct issue_order *order, X509 **ret)
{
	X509 *certificate = X509_new();
	X509 *issuer = ca->certificate ? ca->certificate : certificate;

	if (!certificate || X509_set_version(certificate, X509_VERSION_3) != 1 ||
	    set_serial(certificate, order->serial) < 0 ||
	    set_validity(certificate, order->not_before, order->not_after) < 0 ||
	    X509_set_subject_name(certificate, order->subject) != 1 ||
	    X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) != 1 ||
	    X509_set_pubkey(certificate, order->key) != 1 ||
	    add_profile(certificate, issuer, order->role) < 0 ||
	    (order->email && add_email(certificate, order->email) < 0) ||
	    add_extra(certificate, order->extra) < 0 ||
	    (is_persons(order->role) && add_world(certificate, ca) < 0) ||
	    X509_sign(certificate, ca->key, EVP_sha256()) <= 0) {
		X509_free(certificate);
		return -1;
	}
	*ret = certificate;
	return 0;
}

/* --- the CA's folder ----------------------------------------------------------------------- */

static FILE *open_named(const struct issue_ca *ca, const char *prefix, const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof path, "%s/%s%s", ca->folder, prefix, name);
	FILE *file = fopen(path, "re");
	if (!file)
		refuse(path, strerror(errno));
	return file;
}

static X509 *read_certificate(const struct issue_ca *ca, const char *prefix, const char *name)
{
	FILE *file = open_named(ca, prefix, name);
	X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

	if (file)
		fclose(file);
	return certificate;
}

static EVP_PKEY *read_key(const struct issue_ca *ca, const char *prefix, const char *name)
{
	FILE *file = open_named(ca, prefix, name);
	EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;

	if (file)
		fclose(file);
	return key;
}

int issue_ca_open(const char *folder, const char *prefix, struct issue_ca *ret)
{
	*ret = (struct issue_ca){0};
	snprintf(ret->folder, sizeof ret->folder, "%s", folder);
	ret->root = read_certificate(ret, prefix, "root.pem");
	ret->certificate = read_certificate(ret, prefix, "issuing.pem");
	ret->key = read_key(ret, prefix, "issuing.key");
	return ret->root && ret->certificate && ret->key ? 0 : -1;
}

void issue_ca_close(struct issue_ca *ca)
{
	X509_free(ca->root);
	X509_free(ca->certificate);
	EVP_PKEY_free(ca->key);
	*ca = (struct issue_ca){0};
}

int issue_record(const struct issue_ca *ca, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = number ? BN_bn2hex(number) : NULL;
	char path[PATH_MAX + 64];

	BN_free(number);
	if (!serial)
		return -1;
	snprintf(path, sizeof path, "%s/issued/%s.der", ca->folder, serial);
	OPENSSL_free(serial);
	FILE *file = fopen(path, "wxe");
	if (!file)
		return refuse(path, strerror(errno));
	int done = i2d_X509_fp(file, certificate) == 1;
	if (fclose(file) != 0 || !done)
		return refuse(path, "not written");
	return index_add(ca->folder, certificate);
}
