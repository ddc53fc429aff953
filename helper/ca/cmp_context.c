/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_context.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "helper/ca/anchors.h"
#include "helper/ca/openssl_errors.h"
#include "helper/card/usage.h"

/* --- who may speak as the CA -------------------------------------------------------------------
 */

/* `trust` vouches for the colleagues' certificates as well: none of them is the CA's voice. */
static bool speaks_by_its_usage(X509 *certificate)
{
	EXTENDED_KEY_USAGE *usage;
	bool found = usage_is_ca(certificate);

	ERR_set_mark();
	usage = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
	ERR_pop_to_mark();
	for (int i = 0; !found && i < sk_ASN1_OBJECT_num(usage); i++) {
		int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i));

		found = nid == NID_cmcCA || nid == NID_cmcRA; /* RFC 9480 §2.2 */
	}
	sk_ASN1_OBJECT_pop_free(usage, ASN1_OBJECT_free);
	return found;
}

static int index_of_settings(void)
{
	static int index = -1;

	if (index < 0)
		index = X509_STORE_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return index;
}

static int judge_speaker(int good, X509_STORE_CTX *verification)
{
	const struct config_ca *settings =
	    X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(verification), index_of_settings());
	X509 *certificate = X509_STORE_CTX_get_current_cert(verification);

	if (!good || X509_STORE_CTX_get_error_depth(verification) > 0)
		return good;
	if (settings->sender[0] != '\0'
		? ca_name_matches(settings->sender, X509_get_subject_name(certificate))
		: speaks_by_its_usage(certificate))
		return 1;
	X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

int cmp_context_trust(OSSL_CMP_CTX *context, const struct config_ca *settings,
		      struct failure *failure)
{
	X509_STORE *anchors = NULL;
	int r = anchors_load(settings->trust, &anchors, failure);

	if (r < 0)
		return r;
	X509_STORE_set_verify_cb(anchors, judge_speaker);
	if (index_of_settings() < 0 ||
	    X509_STORE_set_ex_data(anchors, index_of_settings(), (void *)settings) != 1 ||
	    OSSL_CMP_CTX_set0_trustedStore(context, anchors) != 1) {
		X509_STORE_free(anchors);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	return 0;
}

/* --- what is asked for -------------------------------------------------------------------------
 */

static int proof_of(const struct config_ca *settings, X509 *old)
{
	if (usage_role(old) == ROLE_SIGNATURE)
		return OSSL_CRMF_POPO_SIGNATURE;
	switch (settings->encryption_proof) {
	case PROOF_DECRYPT:
		return OSSL_CRMF_POPO_KEYENC;
	case PROOF_RA_VERIFIED:
		return OSSL_CRMF_POPO_RAVERIFIED;
	case PROOF_SIGNATURE:
		break;
	}
	return OSSL_CRMF_POPO_SIGNATURE;
}

#define OPTION(name, value) (OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_##name, (value)) == 1)

/* What is said again to a context, and never sent, costs the card no signature. */
static bool set_request(OSSL_CMP_CTX *context, const struct config_ca *settings,
			const struct ca_enrolment *enrolment, enum cmp_opening opening)
{
	bool begins = opening == CMP_BEGINS;

	if (EVP_PKEY_up_ref(enrolment->key) != 1)
		return false;
	if (OSSL_CMP_CTX_set0_newPkey(context, 1, enrolment->key) != 1) {
		EVP_PKEY_free(enrolment->key);
		return false;
	}
	return OSSL_CMP_CTX_set1_oldCert(context, enrolment->old) == 1 &&
	       OPTION(POPO_METHOD,
		      begins ? proof_of(settings, enrolment->old) : OSSL_CRMF_POPO_NONE) &&
	       OPTION(UNPROTECTED_SEND, !begins) &&
	       OPTION(IMPLICIT_CONFIRM, settings->implicit_confirm) &&
	       OPTION(UNPROTECTED_ERRORS, settings->unsigned_errors);
}

/* OpenSSL says more about a message that does not verify when somebody seems to listen. */
static int listen_to_nothing(const char *function, const char *file, int line,
			     OSSL_CMP_severity level, const char *message)
{
	(void)function;
	(void)file;
	(void)line;
	(void)level;
	(void)message;
	return 1;
}

bool cmp_context_quieten(OSSL_CMP_CTX *context)
{
	return OSSL_CMP_CTX_set_log_cb(context, listen_to_nothing) == 1 &&
	       OPTION(LOG_VERBOSITY, OSSL_CMP_LOG_EMERG);
}

static bool set_up(OSSL_CMP_CTX *context, const struct config_ca *settings,
		   const struct ca_identity *identity, const struct ca_enrolment *enrolment,
		   STACK_OF(X509) *extra, enum cmp_opening opening)
{
	return cmp_context_quieten(context) &&
	       OSSL_CMP_CTX_set1_cert(context, identity->certificate) == 1 &&
	       OSSL_CMP_CTX_set1_pkey(context, identity->key) == 1 &&
	       (extra == NULL || OSSL_CMP_CTX_set1_extraCertsOut(context, extra) == 1) &&
	       set_request(context, settings, enrolment, opening);
}

int cmp_context_new(const struct config_ca *settings, const struct ca_identity *identity,
		    const struct ca_enrolment *enrolment, STACK_OF(X509) *extra,
		    enum cmp_opening opening, OSSL_CMP_CTX **ret, struct failure *failure)
{
	OSSL_CMP_CTX *context = OSSL_CMP_CTX_new(NULL, NULL);
	char reasons[256];
	int r;

	if (context == NULL || !set_up(context, settings, identity, enrolment, extra, opening)) {
		openssl_errors(reasons, sizeof(reasons));
		r = fail(failure, FAILURE_SYSTEM, "CMP cannot be set up: %s", reasons);
	} else {
		r = cmp_context_trust(context, settings, failure);
	}
	if (r < 0)
		OSSL_CMP_CTX_free(context);
	else
		*ret = context;
	return r;
}
