/* SPDX-License-Identifier: MIT */
/*
 * Whether what the CA issued may go on the card. A CA's answer is as good as its signature chain
 * says, and still may be for another key, for another person, for another purpose or for less
 * time: then the card stays as it is.
 */
#include "helper/ca/ca.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "helper/ca/anchors.h"
#include "helper/card/usage.h"

static bool same_key(X509 *issued, EVP_PKEY *requested)
{
	EVP_PKEY *public = X509_get0_pubkey(issued);
	bool same;

	ERR_set_mark();
	same = public != NULL && EVP_PKEY_eq(public, requested) == 1;
	ERR_pop_to_mark();
	return same;
}

/* --- the subject's names ------------------------------------------------------------------- */

/* False if it cannot be read, or is there twice; no subjectAltName is *ret == NULL. */
static bool alternative_names(X509 *certificate, GENERAL_NAMES **ret)
{
	int found = -1;

	ERR_set_mark();
	*ret = X509_get_ext_d2i(certificate, NID_subject_alt_name, &found, NULL);
	ERR_pop_to_mark();
	return *ret != NULL || found == -1;
}

static bool has_all(const GENERAL_NAMES *names, const GENERAL_NAMES *wanted)
{
	bool found = true;

	for (int i = 0; found && i < sk_GENERAL_NAME_num(wanted); i++) {
		found = false;
		for (int j = 0; !found && j < sk_GENERAL_NAME_num(names); j++)
			found = GENERAL_NAME_cmp(sk_GENERAL_NAME_value(wanted, i),
						 sk_GENERAL_NAME_value(names, j)) == 0;
	}
	return found;
}

/* In any order: a CA that rebuilds the extension says the same with it. */
static bool same_alternative_names(X509 *issued, X509 *old)
{
	GENERAL_NAMES *of_issued = NULL, *of_old = NULL;
	bool same = alternative_names(issued, &of_issued) && alternative_names(old, &of_old) &&
		    has_all(of_issued, of_old) && has_all(of_old, of_issued);

	GENERAL_NAMES_free(of_issued);
	GENERAL_NAMES_free(of_old);
	return same;
}

/* --- its purpose --------------------------------------------------------------------------- */

/* The bits of keyUsage (RFC 5280 §4.2.1.3) in groups: a CA may move within one. */
static const int signing[] = {0, -1};
static const int committing[] = {1, -1}; /* nonRepudiation */
static const int enciphering[] = {2, 3, 4, -1};

static bool has_any(const ASN1_BIT_STRING *usage, const int *bits)
{
	for (; *bits >= 0; bits++)
		if (ASN1_BIT_STRING_get_bit(usage, *bits) == 1)
			return true;
	return false;
}

/* What the old certificate's key could do, the new one's can. No keyUsage is no restriction. */
static bool keeps_usage(X509 *issued, X509 *old)
{
	ASN1_BIT_STRING *now, *before;
	bool kept;

	ERR_set_mark();
	now = X509_get_ext_d2i(issued, NID_key_usage, NULL, NULL);
	before = X509_get_ext_d2i(old, NID_key_usage, NULL, NULL);
	ERR_pop_to_mark();
	kept = now == NULL || before == NULL ||
	       ((has_any(now, signing) || !has_any(before, signing)) &&
		(has_any(now, committing) || !has_any(before, committing)) &&
		(has_any(now, enciphering) || !has_any(before, enciphering)));
	ASN1_BIT_STRING_free(now);
	ASN1_BIT_STRING_free(before);
	return kept;
}

static bool allows(const EXTENDED_KEY_USAGE *usage, int purpose)
{
	for (int i = 0; i < sk_ASN1_OBJECT_num(usage); i++) {
		int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i));

		if (nid == purpose || nid == NID_anyExtendedKeyUsage)
			return true;
	}
	return usage == NULL; /* no extendedKeyUsage is no restriction */
}

/* A card that signed in must still sign in; other purposes are the CA's to take away. */
static bool keeps_sign_in(X509 *issued, X509 *old)
{
	static const int purposes[] = {NID_client_auth, NID_ms_smartcard_login,
				       NID_pkInitClientAuth};
	EXTENDED_KEY_USAGE *now, *before;
	bool kept = true;

	ERR_set_mark();
	now = X509_get_ext_d2i(issued, NID_ext_key_usage, NULL, NULL);
	before = X509_get_ext_d2i(old, NID_ext_key_usage, NULL, NULL);
	ERR_pop_to_mark();
	for (size_t i = 0; before != NULL && i < sizeof(purposes) / sizeof(int); i++)
		kept = kept && (allows(now, purposes[i]) || !allows(before, purposes[i]));
	sk_ASN1_OBJECT_pop_free(now, ASN1_OBJECT_free);
	sk_ASN1_OBJECT_pop_free(before, ASN1_OBJECT_free);
	return kept;
}

static bool same_purpose(X509 *issued, X509 *old)
{
	return usage_role(issued) == usage_role(old) && !usage_is_ca(issued) &&
	       keeps_usage(issued, old) && keeps_sign_in(issued, old);
}

/* --- its time and its issuer --------------------------------------------------------------- */

static int judge_dates(X509 *issued, X509 *old, int64_t now, int64_t *ret_time,
		       struct failure *failure)
{
	int64_t not_before, not_after, old_not_before, old_not_after;

	if (usage_dates(issued, &not_before, &not_after) < 0 ||
	    usage_dates(old, &old_not_before, &old_not_after) < 0)
		return fail(failure, FAILURE_ISSUED_SHORTER, "a date cannot be read");
	if (not_after <= old_not_after)
		return fail(failure, FAILURE_ISSUED_SHORTER, "it ends at %lld, the old one at %lld",
			    (long long)not_after, (long long)old_not_after);
	/* Before it begins, its own beginning is the time that the chain is judged at. */
	*ret_time = not_before > now ? not_before : now;
	return 0;
}

static int judge_chain(X509 *issued, X509_STORE *anchors, STACK_OF(X509) *intermediates,
		       int64_t time, struct failure *failure)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	int error, r = 0;

	ERR_set_mark();
	if (context == NULL || X509_STORE_CTX_init(context, anchors, issued, intermediates) != 1) {
		r = fail(failure, FAILURE_SYSTEM, "no memory");
		goto out;
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)time);
	if (X509_verify_cert(context) != 1) {
		error = X509_STORE_CTX_get_error(context);
		r = fail(failure, FAILURE_ISSUED_UNTRUSTED, "%s (%d), at depth %d of its chain",
			 X509_verify_cert_error_string(error), error,
			 X509_STORE_CTX_get_error_depth(context));
	}
out:
	ERR_pop_to_mark();
	X509_STORE_CTX_free(context);
	return r;
}

int ca_judge_issued(X509 *issued, X509 *old, EVP_PKEY *requested, const char *trust,
		    STACK_OF(X509) *intermediates, int64_t now, struct failure *failure)
{
	X509_STORE *anchors = NULL;
	int64_t time = now;
	int r;

	if (!same_key(issued, requested))
		return fail(failure, FAILURE_ISSUED_WRONG_KEY, "it is for another key");
	if (X509_NAME_cmp(X509_get_subject_name(issued), X509_get_subject_name(old)) != 0)
		return fail(failure, FAILURE_ISSUED_WRONG_SUBJECT, "it has another subject");
	if (!same_alternative_names(issued, old))
		return fail(failure, FAILURE_ISSUED_WRONG_SUBJECT, "it has another subjectAltName");
	if (!same_purpose(issued, old))
		return fail(
		    failure, FAILURE_ISSUED_WRONG_USAGE,
		    "its keyUsage or extendedKeyUsage does not allow what the old one's did");
	r = judge_dates(issued, old, now, &time, failure);
	if (r < 0)
		return r;
	r = anchors_load(trust, &anchors, failure);
	if (r < 0)
		return r;
	r = judge_chain(issued, anchors, intermediates, time, failure);
	X509_STORE_free(anchors);
	if (r == 0 && time > now + CA_CLOCK_SLACK)
		r = fail(failure, FAILURE_ISSUED_NOT_YET, "it begins at %lld, and here it is %lld",
			 (long long)time, (long long)now);
	return r;
}
