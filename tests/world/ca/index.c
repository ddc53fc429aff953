/* SPDX-License-Identifier: MIT */
#include "tests/world/ca/index.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* A subject of 10 kB, with room to spare. */
#define LINE_LENGTH (32 << 10)

static const char *const reasons[] = {
    [0] = "unspecified",	[1] = "keyCompromise", [2] = "CACompromise",
    [3] = "affiliationChanged", [4] = "superseded",    [5] = "cessationOfOperation",
    [6] = "certificateHold",	[8] = "removeFromCRL", [9] = "privilegeWithdrawn",
    [10] = "AACompromise",
};

#define REASONS ((int)(sizeof reasons / sizeof reasons[0]))

static int refuse(const char *path)
{
	ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "%s: %s", path, strerror(errno));
	return -1;
}

static void path_of(const char *folder, const char *suffix, char ret[PATH_MAX + 64])
{
	snprintf(ret, PATH_MAX + 64, "%s/index.txt%s", folder, suffix);
}

static int write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return refuse(path);
	fputs(text, file);
	return fchmod(fileno(file), mode) == 0 && fclose(file) == 0 ? 0 : refuse(path);
}

int index_make(const char *folder, bool shared)
{
	char path[PATH_MAX + 64];

	path_of(folder, ".attr", path);
	if (write_file(path, "unique_subject = no\n", 0644) < 0)
		return -1;
	path_of(folder, "", path);
	return write_file(path, "", shared ? 0666 : 0644);
}

/* YYMMDDHHMMSSZ, or with four digits from 2050 on, as in a certificate. */
static void time_text(int64_t when, char ret[32])
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)when);

	snprintf(ret, 32, "%s", time ? (const char *)ASN1_STRING_get0_data(time) : "");
	ASN1_TIME_free(time);
}

int index_add(const char *folder, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *serial = number ? BN_bn2hex(number) : NULL;
	char *subject = X509_NAME_oneline(X509_get_subject_name(certificate), NULL, 0);
	char path[PATH_MAX + 64], line[LINE_LENGTH];
	int result = -1;

	path_of(folder, "", path);
	int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (file >= 0 && serial && subject) {
		int length = snprintf(line, sizeof line, "V\t%s\t\t%s\tunknown\t%s\n",
				      ASN1_STRING_get0_data(X509_get0_notAfter(certificate)),
				      serial, subject);

		/* One write: the RA and the cards' maker add at the same time. */
		if (length >= (int)sizeof line)
			errno = EMSGSIZE;
		else if (write(file, line, (size_t)length) == length)
			result = 0;
		if (result < 0)
			refuse(path);
	} else {
		refuse(path);
	}
	if (file >= 0)
		close(file);
	OPENSSL_free(serial);
	OPENSSL_free(subject);
	BN_free(number);
	return result;
}

/* --- revoking -------------------------------------------------------------------------------- */

struct line {
	char *status, *expiry, *revocation, *serial, *file, *subject;
};

static bool split(char *text, struct line *ret)
{
	text[strcspn(text, "\n")] = '\0';
	ret->status = strsep(&text, "\t");
	ret->expiry = strsep(&text, "\t");
	ret->revocation = strsep(&text, "\t");
	ret->serial = strsep(&text, "\t");
	ret->file = strsep(&text, "\t");
	ret->subject = strsep(&text, "\t");
	return ret->subject != NULL;
}

/* Copies a line; the wanted one as revoked. Returns what index_revoke does about this line. */
static int copy_line(const struct line *line, const char *serial, const char *reason, int64_t when,
		     FILE *to)
{
	bool wanted = strcmp(line->serial, serial) == 0;
	bool revoked = line->status[0] == 'R';
	char now[32];

	time_text(when, now);
	if (wanted && !revoked)
		fprintf(to, "R\t%s\t%s%s%s\t%s\t%s\t%s\n", line->expiry, now, reason ? "," : "",
			reason ? reason : "", line->serial, line->file, line->subject);
	else
		fprintf(to, "%s\t%s\t%s\t%s\t%s\t%s\n", line->status, line->expiry,
			line->revocation, line->serial, line->file, line->subject);
	return !wanted ? 2 : revoked;
}

int index_revoke(const char *folder, const char *serial, const char *reason, int64_t when)
{
	char path[PATH_MAX + 64], aside[PATH_MAX + 64], text[LINE_LENGTH];
	struct stat status;
	struct line line;
	int result = 2;

	path_of(folder, "", path);
	path_of(folder, ".new", aside);
	FILE *from = fopen(path, "re");
	FILE *to = from ? fopen(aside, "we") : NULL;
	if (!to || fstat(fileno(from), &status) < 0 || fchmod(fileno(to), status.st_mode) < 0) {
		if (from)
			fclose(from);
		if (to)
			fclose(to);
		return refuse(path);
	}
	while (fgets(text, sizeof text, from)) {
		if (!split(text, &line))
			continue;
		int of_line = copy_line(&line, serial, reason, when, to);
		if (of_line != 2)
			result = of_line;
	}
	fclose(from);
	return fclose(to) == 0 && rename(aside, path) == 0 ? result : refuse(path);
}

/* --- a list of what is revoked --------------------------------------------------------------- */

static int add_reason(X509_REVOKED *entry, const char *name)
{
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	int number = 0;

	while (number < REASONS && (!reasons[number] || strcmp(reasons[number], name) != 0))
		number++;
	int done = number < REASONS && reason && ASN1_ENUMERATED_set(reason, number) == 1 &&
		   X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0) == 1;
	ASN1_ENUMERATED_free(reason);
	return done ? 0 : -1;
}

static int list_line(const struct line *line, X509_CRL *crl)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *when = ASN1_TIME_new();
	ASN1_INTEGER *serial = NULL;
	BIGNUM *number = NULL;
	char *reason = strchr(line->revocation, ',');
	int done = -1;

	if (reason)
		*reason++ = '\0';
	if (BN_hex2bn(&number, line->serial) > 0)
		serial = BN_to_ASN1_INTEGER(number, NULL);
	if (entry && serial && when && ASN1_TIME_set_string(when, line->revocation) == 1 &&
	    X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
	    X509_REVOKED_set_revocationDate(entry, when) == 1 &&
	    (!reason || add_reason(entry, reason) == 0) && X509_CRL_add0_revoked(crl, entry) == 1) {
		entry = NULL;
		done = 0;
	}
	X509_REVOKED_free(entry);
	ASN1_TIME_free(when);
	ASN1_INTEGER_free(serial);
	BN_free(number);
	return done;
}

int index_list(const char *folder, X509_CRL *crl)
{
	char path[PATH_MAX + 64], text[LINE_LENGTH];
	struct line line;
	int result = 0;

	path_of(folder, "", path);
	FILE *file = fopen(path, "re");
	if (!file)
		return refuse(path);
	while (result == 0 && fgets(text, sizeof text, file))
		if (split(text, &line) && line.status[0] == 'R')
			result = list_line(&line, crl);
	fclose(file);
	return result;
}
