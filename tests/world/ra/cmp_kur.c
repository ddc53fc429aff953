/* SPDX-License-Identifier: MIT */
/* Key update requests (RFC 9810 §5.3.5), their confirmation (§5.3.18) and polling (§5.3.22). */
#include <string.h>
#include <time.h>

#include <openssl/cmperr.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tests/world/ra/cmp.h"
#include "tests/world/ra/spoil.h"
#include "tests/world/ra/store.h"

#define DAY	 INT64_C(86400)
#define BACKDATE 60

static OSSL_CMP_PKISI *reject(int reason, const char *text)
{
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, 1 << reason, text);
}

/* --- what is asked for -------------------------------------------------------------------------
 */

static bool same_name(const X509_NAME *one, const X509_NAME *other)
{
	return one && other && X509_NAME_cmp(one, other) == 0;
}

/* What RFC 9810 §5.3.5 and appendix D.6 ask of a kur, by the certificate that it names. */
static OSSL_CMP_PKISI *judge(const struct cmp_transaction *transaction,
			     const OSSL_CRMF_MSG *request, X509 *old)
{
	OSSL_CRMF_CERTTEMPLATE *wanted = OSSL_CRMF_MSG_get0_tmpl(request);

	if (!old)
		return reject(OSSL_CMP_PKIFAILUREINFO_badCertId, "no such certificate was issued");
	if (X509_cmp_current_time(X509_get0_notAfter(old)) < 0)
		return reject(OSSL_CMP_PKIFAILUREINFO_badCertId, "the certificate has expired");
	if (!same_name(transaction->sender, X509_get_subject_name(old)))
		return reject(OSSL_CMP_PKIFAILUREINFO_notAuthorized,
			      "the certificate is another person's");
	if (!same_name(OSSL_CRMF_CERTTEMPLATE_get0_subject(wanted), X509_get_subject_name(old)))
		return reject(OSSL_CMP_PKIFAILUREINFO_badCertTemplate,
			      "the subject is not the old certificate's");
	return NULL;
}

X509 *cmp_find_old(const struct ra *ra, const OSSL_CRMF_MSG *request)
{
	const OSSL_CRMF_CERTID *id = OSSL_CRMF_MSG_get0_regCtrl_oldCertID(request);

	return id ? store_by_serial(ra->store, OSSL_CRMF_CERTID_get0_serialNumber(id)) : NULL;
}

/* --- issuing -----------------------------------------------------------------------------------
 */

static X509_EXTENSIONS *alternative_name(const OSSL_CRMF_MSG *request)
{
	X509_EXTENSIONS *asked =
	    OSSL_CRMF_CERTTEMPLATE_get0_extensions(OSSL_CRMF_MSG_get0_tmpl(request));
	X509_EXTENSION *names =
	    X509v3_get_ext(asked, X509v3_get_ext_by_NID(asked, NID_subject_alt_name, -1));
	X509_EXTENSIONS *extensions = NULL;

	return names ? X509v3_add_ext(&extensions, names, -1) : NULL;
}

static X509 *issue(struct cmp_transaction *transaction, const OSSL_CRMF_MSG *request, X509 *old)
{
	const struct ra *ra = transaction->ra;
	int64_t now = (int64_t)time(NULL);
	X509_EXTENSIONS *extensions = alternative_name(request);
	struct issue_order order = {
	    .key = transaction->key,
	    .subject = X509_get_subject_name(old),
	    .role = issue_role_of(X509_get_key_usage(old)),
	    .not_before = now - BACKDATE,
	    .not_after = now + ra->days * DAY,
	    .extra = extensions,
	};
	struct spoilt spoilt;
	X509 *certificate = NULL;

	if (spoil_order(ra, transaction->misbehave, &order, issue_not_after(old), &spoilt) == 0 &&
	    issue_certificate(spoilt.issuer, &order, &certificate) == 0) {
		store_log_issue(ra->store, transaction->role, certificate);
		if (!spoilt.is && issue_record(&ra->ca, certificate) < 0) {
			X509_free(certificate);
			certificate = NULL;
		}
	}
	spoilt_free(&spoilt);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return certificate;
}

static STACK_OF(X509) *chain(const struct ra *ra)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();

	if (certificates && X509_up_ref(ra->ca.certificate) == 1)
		sk_X509_push(certificates, ra->ca.certificate);
	return certificates;
}

static OSSL_CMP_PKISI *instead(const struct cmp_transaction *transaction)
{
	const struct misbehave *misbehave = transaction->misbehave;

	if (misbehaves(misbehave, MISBEHAVE_CMP_REJECTION))
		return reject(OSSL_CMP_PKIFAILUREINFO_badRequest, "policy 7 forbids it");
	if (misbehaves(misbehave, MISBEHAVE_CMP_NOT_AUTHORIZED))
		return reject(OSSL_CMP_PKIFAILUREINFO_notAuthorized,
			      "this person may not renew online");
	if (misbehaves(misbehave, MISBEHAVE_CMP_SYSTEM_FAILURE))
		return reject(OSSL_CMP_PKIFAILUREINFO_systemFailure,
			      "the signing module does not answer");
	return NULL;
}

OSSL_CMP_PKISI *cmp_kur(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
			const OSSL_CRMF_MSG *request, const X509_REQ *pkcs10, X509 **ret,
			STACK_OF(X509) **ret_chain, STACK_OF(X509) **ret_anchors)
{
	struct cmp_transaction *transaction = OSSL_CMP_SRV_CTX_get0_custom_ctx(server);
	struct ra *ra = transaction->ra;
	int64_t now = (int64_t)time(NULL);
	OSSL_CMP_PKISI *status = instead(transaction);

	(void)message, (void)id, (void)pkcs10, (void)ret_anchors;
	if (status)
		return status;
	if (misbehaves(transaction->misbehave, MISBEHAVE_CMP_ERROR) ||
	    misbehaves(transaction->misbehave, MISBEHAVE_CMP_UNPROTECTED_ERROR)) {
		/* OpenSSL answers NULL with an error message, of this error. */
		ERR_raise_data(ERR_LIB_CMP, CMP_R_REQUEST_NOT_ACCEPTED, "policy 7 forbids it");
		return NULL;
	}
	if (now < transaction->begun + ra->pending)
		return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0,
					       "an officer has to approve it");
	X509 *old = cmp_find_old(ra, request);
	status = judge(transaction, request, old);
	if (!status) {
		if (!transaction->issued)
			transaction->issued = issue(transaction, request, old);
		*ret_chain = chain(ra);
		if (transaction->issued && X509_up_ref(transaction->issued) == 1)
			*ret = transaction->issued;
		if (*ret)
			status = OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, NULL);
	}
	X509_free(old);
	return status;
}

/* --- confirming and polling ---------------------------------------------------------------------
 */

static bool fits(const ASN1_OCTET_STRING *hash, X509 *certificate)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	/* RFC 9810 §5.3.18: with the digest of the certificate's signature, SHA-256 here. */
	return X509_digest(certificate, EVP_sha256(), digest, &length) == 1 &&
	       ASN1_STRING_length(hash) == (int)length &&
	       memcmp(ASN1_STRING_get0_data(hash), digest, length) == 0;
}

static bool accepts(const OSSL_CMP_PKISI *status)
{
	char text[512];

	/* 'accepted' is also what no status says (§5.3.18); there is no accessor for it. */
	return !status || (OSSL_CMP_snprint_PKIStatusInfo(status, text, sizeof text) &&
			   strstr(text, "PKIStatus: accepted"));
}

int cmp_confirm(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
		const ASN1_OCTET_STRING *hash, const OSSL_CMP_PKISI *status)
{
	struct cmp_transaction *transaction = OSSL_CMP_SRV_CTX_get0_custom_ctx(server);

	(void)message, (void)id;
	if (!transaction->issued || !fits(hash, transaction->issued) ||
	    misbehaves(transaction->misbehave, MISBEHAVE_CMP_CONFIRM_REFUSED))
		return 0;
	transaction->confirmed = true;
	store_log_confirm(transaction->ra->store, accepts(status) ? "accepted" : "rejected",
			  transaction->issued);
	return 1;
}

int cmp_poll(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message, int id,
	     OSSL_CMP_MSG **ret_request, int64_t *ret_check_after)
{
	struct cmp_transaction *transaction = OSSL_CMP_SRV_CTX_get0_custom_ctx(server);
	int64_t left = transaction->begun + transaction->ra->pending - (int64_t)time(NULL);

	(void)message, (void)id;
	*ret_request = NULL;
	if (left <= 0)
		*ret_request = OSSL_CMP_MSG_dup(transaction->request);
	else if (misbehaves(transaction->misbehave, MISBEHAVE_CMP_CHECK_AFTER_HUGE))
		left = INT64_C(1) << 40;
	else if (misbehaves(transaction->misbehave, MISBEHAVE_CMP_CHECK_AFTER_NEGATIVE))
		left = -1;
	else if (misbehaves(transaction->misbehave, MISBEHAVE_CMP_CHECK_AFTER_ZERO))
		left = 0;
	else if (misbehaves(transaction->misbehave, MISBEHAVE_CMP_CHECK_AFTER_LONG))
		left = 1000000000;
	*ret_check_after = left;
	return 1;
}

void cmp_client_error(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
		      const OSSL_CMP_PKISI *status, const ASN1_INTEGER *code,
		      const OSSL_CMP_PKIFREETEXT *details)
{
	(void)server, (void)message, (void)status, (void)code, (void)details;
}
