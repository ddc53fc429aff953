/* SPDX-License-Identifier: MIT */
/* Certificates onto the token. */
#include "tests/world/card/make.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

static const struct manner usual = {.private = false};

static CK_RV create(struct token *token, CK_CERTIFICATE_TYPE type, const CK_ATTRIBUTE *own,
		    CK_ULONG own_count, const struct bytes *id, const char *label,
		    const struct manner *manner)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BBOOL yes = CK_TRUE;
	CK_BBOOL private = manner->private;
	CK_BBOOL fixed = CK_FALSE;
	CK_ULONG count = 6;
	CK_OBJECT_HANDLE object;
	CK_ATTRIBUTE template[16] = {
	    {CKA_CLASS, &class, sizeof(class)}, {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &yes, sizeof(yes)},	{CKA_PRIVATE, &private, sizeof(private)},
	    {CKA_ID, id->data, id->length},	{CKA_LABEL, (void *)label, strlen(label)},
	};

	if (manner->unmodifiable)
		template[count++] = (CK_ATTRIBUTE){CKA_MODIFIABLE, &fixed, sizeof(fixed)};
	if (manner->undestroyable)
		template[count++] = (CK_ATTRIBUTE){CKA_DESTROYABLE, &fixed, sizeof(fixed)};
	memcpy(template + count, own, own_count * sizeof(*own));
	return token->p11->C_CreateObject(token->session, template, count + own_count, &object);
}

int write_certificate(struct token *token, X509 *certificate, const struct bytes *id,
		      const char *label)
{
	return write_certificate_as(token, certificate, id, label, &usual);
}

int write_certificate_as(struct token *token, X509 *certificate, const struct bytes *id,
			 const char *label, const struct manner *manner)
{
	unsigned char *value = NULL;
	unsigned char *subject = NULL;
	unsigned char *issuer = NULL;
	unsigned char *serial = NULL;
	int value_length = i2d_X509(certificate, &value);
	int subject_length = i2d_X509_NAME(X509_get_subject_name(certificate), &subject);
	int issuer_length = i2d_X509_NAME(X509_get_issuer_name(certificate), &issuer);
	int serial_length = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &serial);
	CK_ATTRIBUTE own[] = {
	    {CKA_VALUE, value, (CK_ULONG)value_length},
	    {CKA_SUBJECT, subject, (CK_ULONG)subject_length},
	    {CKA_ISSUER, issuer, (CK_ULONG)issuer_length},
	    {CKA_SERIAL_NUMBER, serial, (CK_ULONG)serial_length},
	};
	CK_RV rv = CKR_HOST_MEMORY;

	if (value_length > 0 && subject_length > 0 && issuer_length > 0 && serial_length > 0)
		rv = create(token, CKC_X_509, own, 4, id, label, manner);
	OPENSSL_free(value);
	OPENSSL_free(subject);
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
	return rv == CKR_OK ? 0 : complain_rv("C_CreateObject", rv);
}

CK_RV write_raw_certificate(struct token *token, CK_CERTIFICATE_TYPE type,
			    const struct bytes *value, const struct bytes *id, const char *label)
{
	static unsigned char empty_name[] = {0x30, 0x00};
	CK_ATTRIBUTE own[] = {
	    {CKA_VALUE, value->data, value->length},
	    {CKA_SUBJECT, empty_name, sizeof(empty_name)},
	};

	return create(token, type, own, 2, id, label, &usual);
}

int certify(struct making *making, EVP_PKEY *key, enum issue_role role, int64_t not_before,
	    int64_t not_after, bool record, X509 **ret_certificate)
{
	const char *email = making->order->email;
	bool named = role != ISSUE_AUTHORITY &&
		     (role != ISSUE_ENCRYPTION || !making->order->encryption_no_email);
	struct issue_order order = {
	    .key = key,
	    .subject = making->subject,
	    .role = role,
	    .not_before = not_before,
	    .not_after = not_after,
	    .email = email[0] != '\0' && named ? email : NULL,
	};
	X509 *certificate = NULL;

	if (issue_certificate(&making->ca, &order, &certificate) < 0 ||
	    (record && issue_record(&making->ca, certificate) < 0)) {
		ERR_print_errors_fp(stderr);
		X509_free(certificate);
		return complain("the CA issues nothing");
	}
	*ret_certificate = certificate;
	return 0;
}
