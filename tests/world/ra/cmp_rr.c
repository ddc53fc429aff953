/* SPDX-License-Identifier: MIT */
/* Revocation requests (RFC 9810 §5.3.9), signed, or protected by a MAC from a phrase (§5.1.3.1). */
#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/crmf.h>
#include <openssl/x509v3.h>

#include "tests/world/ra/cmp.h"
#include "tests/world/ra/phrases.h"
#include "tests/world/ra/store.h"

/* --- the phrase ------------------------------------------------------------------------------ */

/* id-PasswordBasedMac, 1.2.840.113533.7.66.13 */
static bool has_mac(const struct cmp_parts *parts, struct der *ret)
{
	static const unsigned char pbm[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
					    0xf6, 0x7d, 0x07, 0x42, 0x0d};
	struct der tagged, algorithm, type;

	if (!der_tagged(&parts->header, CMP_TAG(1), 3, &tagged) ||
	    !der_child(&tagged, 0, &algorithm) || !der_child(&algorithm, 0, &type) ||
	    (size_t)(type.end - type.start) != sizeof pbm ||
	    memcmp(type.start, pbm, sizeof pbm) != 0)
		return false;
	return der_child(&algorithm, 1, ret);
}

/* senderKID: by what the client says that the phrase is to be found */
static void name_of(const struct cmp_parts *parts, char ret[PHRASE_NAME_MAX])
{
	struct der tagged, string;

	ret[0] = '\0';
	if (der_tagged(&parts->header, CMP_TAG(2), 3, &tagged) && der_child(&tagged, 0, &string))
		snprintf(ret, PHRASE_NAME_MAX, "%.*s", (int)(string.end - string.content),
			 (const char *)string.content);
}

/* PBMParameter ::= SEQUENCE { salt, owf, iterationCount, mac }; it has no accessor */
static void log_iterations(const struct cmp_transaction *transaction, const struct der *parameter)
{
	struct der count;
	char how[64] = "mac";
	long iterations = 0;

	if (!der_child(parameter, 2, &count))
		return;
	for (const unsigned char *at = count.content; at < count.end; at++)
		iterations = iterations << 8 | *at;
	snprintf(how, sizeof how, "mac-of-%ld-iterations", iterations);
	store_log_phrase(transaction->ra->store, transaction->name, how);
}

bool cmp_rr_prepare(struct cmp_transaction *transaction, const struct der_bytes *bytes)
{
	OSSL_CMP_CTX *context = OSSL_CMP_SRV_CTX_get0_cmp_ctx(transaction->server);
	struct cmp_parts parts;
	struct der parameter;

	if (!cmp_parts_read(bytes, &parts) || !has_mac(&parts, &parameter))
		return true;
	transaction->by_mac = true;
	name_of(&parts, transaction->name);
	log_iterations(transaction, &parameter);
	if (phrase_is_limited(transaction->ra, transaction->name))
		return false;
	if (phrase_of(transaction->ra, transaction->name, transaction->phrase))
		OSSL_CMP_CTX_set1_secretValue(context, (unsigned char *)transaction->phrase,
					      (int)strlen(transaction->phrase));
	return true;
}

void cmp_rr_finish(struct cmp_transaction *transaction)
{
	if (transaction->by_mac && !transaction->believed)
		phrase_was_wrong(transaction->ra, transaction->name);
}

/* Anew, where something else was changed. */
static bool protect(const struct cmp_transaction *transaction, struct der_bytes *message)
{
	struct der_bytes text = {0}, protection = {0};
	struct cmp_parts parts;
	struct der parameter;
	unsigned char *mac = NULL;
	size_t length = 0;

	if (!cmp_parts_read(message, &parts) || !has_mac(&parts, &parameter) ||
	    !parts.protection.start)
		return false;
	const unsigned char *at = parameter.start;
	OSSL_CRMF_PBMPARAMETER *how =
	    d2i_OSSL_CRMF_PBMPARAMETER(NULL, &at, (long)(parameter.end - parameter.start));
	der_add_element(&text, &parts.header);
	der_add_element(&text, &parts.body);
	der_wrap(&text, 0x30);
	bool done = how && OSSL_CRMF_pbm_new(NULL, NULL, how, text.data, text.length,
					     (const unsigned char *)transaction->phrase,
					     strlen(transaction->phrase), &mac, &length) == 1;
	if (done) {
		der_add(&protection, "", 1);
		der_add(&protection, mac, length);
		der_wrap(&protection, 0x03);
		der_wrap(&protection, CMP_TAG(0));
		cmp_change(message, (const struct der[]){parts.message, parts.protection}, 2,
			   &protection);
	}
	OPENSSL_free(mac);
	OSSL_CRMF_PBMPARAMETER_free(how);
	der_free(&text);
	der_free(&protection);
	return done;
}

bool cmp_rr_protect(const struct cmp_transaction *transaction, struct der_bytes *message)
{
	return transaction->by_mac ? protect(transaction, message)
				   : cmp_protect(message, transaction->ra->signers->ra.key);
}

/* --- what is asked for -------------------------------------------------------------------------
 */

/* RevDetails ::= SEQUENCE { CertTemplate, crlEntryDetails Extensions OPTIONAL }: no accessor */
static int reason_of(const OSSL_CMP_MSG *message)
{
	struct der_bytes bytes = {0};
	struct cmp_parts parts;
	struct der all, details, extensions;
	unsigned char *der = NULL;
	int length = i2d_OSSL_CMP_MSG(message, &der), reason = 0;

	if (length > 0)
		der_add(&bytes, der, (size_t)length);
	OPENSSL_free(der);
	if (length > 0 && cmp_parts_read(&bytes, &parts) && der_child(&parts.body, 0, &all) &&
	    der_child(&all, 0, &details) && der_child(&details, 1, &extensions)) {
		const unsigned char *at = extensions.start;
		X509_EXTENSIONS *list =
		    d2i_X509_EXTENSIONS(NULL, &at, (long)(extensions.end - extensions.start));
		ASN1_ENUMERATED *value = X509V3_get_d2i(list, NID_crl_reason, NULL, NULL);

		reason = value ? (int)ASN1_ENUMERATED_get(value) : 0;
		ASN1_ENUMERATED_free(value);
		sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	}
	der_free(&bytes);
	return reason;
}

static OSSL_CMP_PKISI *reject(int reason, const char *text)
{
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, 1 << reason, text);
}

static OSSL_CMP_PKISI *tell(enum revoked result)
{
	switch (result) {
	case REVOKED:
		return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0,
					       "revoked by the Example RA");
	case REVOKED_BEFORE:
		return reject(OSSL_CMP_PKIFAILUREINFO_certRevoked, "it was revoked before");
	case REVOKED_UNKNOWN:
		return reject(OSSL_CMP_PKIFAILUREINFO_badCertId, "no such certificate was issued");
	case REVOKED_NOT_FOR_THIS_REASON:
		return reject(OSSL_CMP_PKIFAILUREINFO_unacceptedExtension,
			      "this reason is not permitted");
	case REVOKED_ERROR:
		break;
	}
	return reject(OSSL_CMP_PKIFAILUREINFO_systemFailure, "the index cannot be written");
}

OSSL_CMP_PKISI *cmp_rr(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
		       const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	struct cmp_transaction *transaction = OSSL_CMP_SRV_CTX_get0_custom_ctx(server);
	const struct misbehave *misbehave = transaction->misbehave;
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	OSSL_CMP_PKISI *status = NULL;

	transaction->believed = true;
	if (misbehaves(misbehave, MISBEHAVE_REVOKE_WAITING))
		status = OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0,
						 "an officer has to approve it");
	else if (misbehaves(misbehave, MISBEHAVE_CMP_NOT_AUTHORIZED))
		status = reject(OSSL_CMP_PKIFAILUREINFO_notAuthorized,
				"this person may not revoke online");
	else if (X509_NAME_cmp(issuer, X509_get_subject_name(transaction->ra->ca.certificate)) != 0)
		status = reject(OSSL_CMP_PKIFAILUREINFO_badCertId, "another CA issued it");
	else if (hex)
		status = tell(revoke_certificate(transaction->ra,
						 transaction->by_mac ? "mac" : "signature", hex,
						 reason_of(message)));
	OPENSSL_free(hex);
	BN_free(number);
	return status;
}
