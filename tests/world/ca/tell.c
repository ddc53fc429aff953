/* SPDX-License-Identifier: MIT */
#include "tests/world/ca/tell.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include "tests/world/ca/index.h"

/* --- a list ---------------------------------------------------------------------------------- */

int tell_list(const struct issue_ca *ca, const char *folder, const struct tell_dates *dates,
	      FILE *out)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *last = ASN1_TIME_set(NULL, (time_t)dates->this_update);
	ASN1_TIME *next = ASN1_TIME_set(NULL, (time_t)dates->next_update);
	int done = crl && last && next && X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
		   X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->certificate)) == 1 &&
		   X509_CRL_set1_lastUpdate(crl, last) == 1 &&
		   X509_CRL_set1_nextUpdate(crl, next) == 1 && index_list(folder, crl) == 0 &&
		   X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, ca->key, EVP_sha256()) > 0 &&
		   i2d_X509_CRL_fp(out, crl) == 1;

	X509_CRL_free(crl);
	ASN1_TIME_free(last);
	ASN1_TIME_free(next);
	return done ? 0 : -1;
}

/* --- an answer ------------------------------------------------------------------------------- */

static FILE *open_member(const struct issue_ca *ca, const char *name, const char *suffix)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof path, "%s/%s%s", ca->folder, name, suffix);
	return fopen(path, "re");
}

static OCSP_BASICRESP *make_good(const struct issue_ca *ca, X509 *certificate,
				 const struct tell_dates *dates)
{
	OCSP_BASICRESP *answer = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), certificate, ca->certificate);
	ASN1_TIME *last = ASN1_GENERALIZEDTIME_set(NULL, (time_t)dates->this_update);
	ASN1_TIME *next = ASN1_GENERALIZEDTIME_set(NULL, (time_t)dates->next_update);

	if (!answer || !id || !last || !next ||
	    !OCSP_basic_add1_status(answer, id, V_OCSP_CERTSTATUS_GOOD, 0, NULL, last, next)) {
		OCSP_BASICRESP_free(answer);
		answer = NULL;
	}
	OCSP_CERTID_free(id);
	ASN1_TIME_free(last);
	ASN1_TIME_free(next);
	return answer;
}

int tell_good(const struct issue_ca *ca, X509 *certificate, const char *signer,
	      const struct tell_dates *dates, FILE *out)
{
	FILE *certificate_file = open_member(ca, signer, ".pem");
	FILE *key_file = open_member(ca, signer, ".key");
	X509 *by = certificate_file ? PEM_read_X509(certificate_file, NULL, NULL, NULL) : NULL;
	EVP_PKEY *key = key_file ? PEM_read_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
	OCSP_BASICRESP *answer = make_good(ca, certificate, dates);
	OCSP_RESPONSE *response = NULL;
	int done = 0;

	if (answer && by && key && OCSP_basic_sign(answer, by, key, EVP_sha256(), NULL, 0) == 1) {
		response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, answer);
		done =
		    response && ASN1_i2d_fp((i2d_of_void *)i2d_OCSP_RESPONSE, out, response) == 1;
	}
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(answer);
	X509_free(by);
	EVP_PKEY_free(key);
	if (certificate_file)
		fclose(certificate_file);
	if (key_file)
		fclose(key_file);
	return done ? 0 : -1;
}
