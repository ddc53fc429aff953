/* SPDX-License-Identifier: MIT */
#include "helper/card/write.h"

#include <stdlib.h>
#include <string.h>

int write_is_possible(const struct token *token, struct failure *failure)
{
	if ((token->info.flags & CKF_WRITE_PROTECTED) != 0)
		return fail(failure, FAILURE_CARD_READ_ONLY, "the token is write-protected");
	if ((token->info.flags & CKF_USER_PIN_INITIALIZED) == 0)
		return fail(failure, FAILURE_CARD_UNINITIALISED, "no user PIN was ever set");
	return 0;
}

/* 1, 0, or a failure of the driver: a card that is pulled just now holds no answer. */
static int has_bytes(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
		     size_t length, struct failure *failure)
{
	CK_ATTRIBUTE attribute = {CKA_VALUE, malloc(length), length};
	int same;
	CK_RV rv;

	if (attribute.pValue == NULL)
		return fail_errno(failure, "no memory for a certificate");
	rv = object_read(token, object, &attribute, 1);
	same = rv == CKR_OK && attribute.ulValueLen == length &&
	       memcmp(attribute.pValue, der, length) == 0;
	free(attribute.pValue);
	return rv == CKR_OK ? same : driver_failure(rv, "C_GetAttributeValue", failure);
}

/* Keeps those of the objects that have these bytes. */
static int keep_same(const struct token *token, const unsigned char *der, size_t length,
		     CK_OBJECT_HANDLE *objects, size_t *count, struct failure *failure)
{
	size_t same = 0;
	int result;

	for (size_t i = 0; i < *count; i++) {
		result = has_bytes(token, objects[i], der, length, failure);
		if (result < 0)
			return result;
		if (result == 1)
			objects[same++] = objects[i];
	}
	*count = same;
	return 0;
}

int write_find(const struct token *token, X509 *certificate, CK_OBJECT_HANDLE **ret,
	       size_t *ret_count, struct failure *failure)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE *objects = NULL;
	unsigned char *der = NULL;
	size_t count = 0;
	int length, result;

	length = i2d_X509(certificate, &der);
	if (length < 0)
		return fail(failure, FAILURE_SYSTEM, "a certificate cannot be encoded");
	/* Not by CKA_VALUE: few drivers search by it. */
	result = object_find(token, &template, 1, &objects, &count, failure);
	if (result == 0)
		result = keep_same(token, der, (size_t)length, objects, &count, failure);
	OPENSSL_free(der);
	if (result < 0) {
		free(objects);
		return result;
	}
	*ret = objects;
	*ret_count = count;
	return 0;
}

/* The DER pieces of a certificate that a certificate object repeats. */
struct pieces {
	unsigned char *value, *subject, *issuer, *serial;
	int value_length, subject_length, issuer_length, serial_length;
};

static int take_apart(X509 *certificate, struct pieces *pieces)
{
	pieces->value_length = i2d_X509(certificate, &pieces->value);
	pieces->subject_length =
	    i2d_X509_NAME(X509_get_subject_name(certificate), &pieces->subject);
	pieces->issuer_length = i2d_X509_NAME(X509_get_issuer_name(certificate), &pieces->issuer);
	pieces->serial_length =
	    i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &pieces->serial);
	return pieces->value_length < 0 || pieces->subject_length < 0 ||
		       pieces->issuer_length < 0 || pieces->serial_length < 0
		   ? -1
		   : 0;
}

/*
 * Every one of these attributes: libp11 leaves some out, and NSS and openCryptoki refuse its
 * certificates for it.
 */
int write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
		      const struct object_label *label, struct failure *failure)
{
	struct pieces pieces = {.value = NULL};
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_OBJECT_HANDLE object = 0;
	CK_RV rv;
	int result = 0;

	if (take_apart(certificate, &pieces) == 0) {
		CK_ATTRIBUTE template[] = {
		    {CKA_CLASS, &class, sizeof(class)},
		    {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
		    {CKA_TOKEN, &yes, sizeof(yes)},
		    {CKA_PRIVATE, &no, sizeof(no)},
		    {CKA_ID, (void *)id->bytes, id->length},
		    {CKA_LABEL, (void *)label->bytes, label->length},
		    {CKA_SUBJECT, pieces.subject, (CK_ULONG)pieces.subject_length},
		    {CKA_ISSUER, pieces.issuer, (CK_ULONG)pieces.issuer_length},
		    {CKA_SERIAL_NUMBER, pieces.serial, (CK_ULONG)pieces.serial_length},
		    {CKA_VALUE, pieces.value, (CK_ULONG)pieces.value_length},
		};

		rv = token->driver->p11->C_CreateObject(token->session, template, 10, &object);
		if (rv != CKR_OK)
			result = driver_failure(rv, "C_CreateObject", failure);
	} else {
		result = fail(failure, FAILURE_SYSTEM, "a certificate cannot be encoded");
	}
	OPENSSL_free(pieces.value);
	OPENSSL_free(pieces.subject);
	OPENSSL_free(pieces.issuer);
	OPENSSL_free(pieces.serial);
	return result;
}

int write_move(struct token *token, CK_OBJECT_HANDLE object, const struct object_id *id,
	       struct failure *failure)
{
	CK_ATTRIBUTE attribute = {CKA_ID, (void *)id->bytes, id->length};
	CK_RV rv;

	rv = token->driver->p11->C_SetAttributeValue(token->session, object, &attribute, 1);
	return rv == CKR_OK ? 0 : driver_failure(rv, "C_SetAttributeValue", failure);
}

int write_remove(struct token *token, CK_OBJECT_HANDLE object, struct failure *failure)
{
	CK_RV rv;

	rv = token->driver->p11->C_DestroyObject(token->session, object);
	return rv == CKR_OK ? 0 : driver_failure(rv, "C_DestroyObject", failure);
}
