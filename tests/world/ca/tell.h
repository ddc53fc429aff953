/* SPDX-License-Identifier: MIT */
/*
 * What the CA tells of certificates: a revocation list, a prepared OCSP answer, and its directory
 * as LDIF. Functions return -1 with the reason in OpenSSL's error queue.
 */
#ifndef CERTRENEW_TESTS_TELL_H
#define CERTRENEW_TESTS_TELL_H

#include <stdint.h>
#include <stdio.h>

#include "tests/world/ca/issue.h"

/* The dates of a list or an answer, in seconds since the epoch. */
struct tell_dates {
	int64_t this_update, next_update;
};

/* Signed by `ca`; what is in it, the index of `folder` says. DER. */
int tell_list(const struct issue_ca *ca, const char *folder, const struct tell_dates *dates,
	      FILE *out);

/* 'good' for the certificate, without a nonce, signed by FOLDER/SIGNER.{pem,key}. DER. */
int tell_good(const struct issue_ca *ca, X509 *certificate, const char *signer,
	      const struct tell_dates *dates, FILE *out);

/*
 * LDIF under `base`: inetOrgPerson with userCertificate;binary, one entry for each e-mail address
 * of FOLDER/issued; and `crowd` people besides, with a certificate each that nobody recorded.
 */
int tell_directory(const struct issue_ca *ca, const char *base, int crowd, FILE *out);

#endif
