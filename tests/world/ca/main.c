/* SPDX-License-Identifier: MIT */
/* test-ca: makes the test world's CA, and issues persons' certificates from the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include "tests/world/ca/index.h"
#include "tests/world/ca/issue.h"
#include "tests/world/ca/tell.h"
#include "tests/world/ca/world.h"

#define DAY	 INT64_C(86400)
#define BACKDATE 300 /* for a clock that is a little behind ours */

static const char help[] =
    "test-ca init DIR [--rsa] [--shared-keys]\n"
    "    makes a CA in DIR: root, issuing, server, expired-server and rogue-*\n"
    "test-ca sign --ca DIR --spki FILE --subject /C=TW/CN=... [--role signature|encryption|both]\n"
    "    [--days N] [--not-before EPOCH] [--not-after EPOCH] [--email a@b] [--rogue] [--out FILE]\n"
    "    [--serial HEX]\n"
    "    issues a person's certificate for a DER SubjectPublicKeyInfo, and writes its DER; with a\n"
    "    serial number that somebody has chosen it is not recorded\n"
    "test-ca revoke --ca DIR --serial HEX [--reason keyCompromise]\n"
    "test-ca list --ca DIR [--rogue] [--this-update EPOCH] [--next-update EPOCH] [--out FILE]\n"
    "    a CRL of what is revoked, in DER; good for a day unless said otherwise\n"
    "test-ca good --ca DIR --certificate FILE [--signer responder] [--this-update EPOCH]\n"
    "    [--next-update EPOCH] [--out FILE]\n"
    "    a prepared OCSP answer, 'good', for a DER certificate\n"
    "test-ca directory --ca DIR --base DN [--crowd N] [--out FILE]\n"
    "    LDIF of the people with certificates, and N others\n";

static int usage(void)
{
	fputs(help, stderr);
	return 2;
}

static int failed(const char *what)
{
	fprintf(stderr, "test-ca: %s\n", what);
	ERR_print_errors_fp(stderr);
	return 1;
}

static int init(int argc, char **argv)
{
	static const struct option table[] = {
	    {"rsa", no_argument, NULL, 'r'},
	    {"shared-keys", no_argument, NULL, 's'},
	    {0},
	};
	struct world_options options = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'r')
			options.rsa = true;
		else if (option == 's')
			options.shared_keys = true;
		else
			return usage();
	}
	if (argc != optind + 1)
		return usage();
	return world_make(argv[optind], &options) < 0 ? failed(argv[optind]) : 0;
}

struct wish {
	const char *folder;
	const char *prefix;
	const char *spki;
	const char *subject;
	const char *email;
	const char *serial;
	const char *out;
	enum issue_role role;
	int64_t not_before;
	int64_t not_after;
};

static int parse_number(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno || end == text || *end) {
		fprintf(stderr, "test-ca: not a number: %s\n", text);
		return -1;
	}
	*ret = number;
	return 0;
}

static int parse_days(const char *text, int64_t *ret_not_after)
{
	int64_t days;

	if (parse_number(text, &days) < 0)
		return -1;
	*ret_not_after = (int64_t)time(NULL) + days * DAY;
	return 0;
}

/* One option of `sign`. Returns -1 for one that is none, or has a bad value. */
static int take_option(int option, struct wish *wish)
{
	switch (option) {
	case 'c':
		wish->folder = optarg;
		return 0;
	case 'g':
		wish->prefix = "rogue-";
		return 0;
	case 'k':
		wish->spki = optarg;
		return 0;
	case 's':
		wish->subject = optarg;
		return 0;
	case 'e':
		wish->email = optarg;
		return 0;
	case 'n':
		wish->serial = optarg;
		return 0;
	case 'o':
		wish->out = optarg;
		return 0;
	case 'r':
		return issue_role_parse(optarg, &wish->role);
	case 'd':
		return parse_days(optarg, &wish->not_after);
	case 'b':
		return parse_number(optarg, &wish->not_before);
	case 'a':
		return parse_number(optarg, &wish->not_after);
	default:
		return -1;
	}
}

static EVP_PKEY *read_spki(const char *path)
{
	FILE *file = fopen(path, "re");
	EVP_PKEY *key = file ? d2i_PUBKEY_fp(file, NULL) : NULL;

	if (file)
		fclose(file);
	else
		perror(path);
	return key;
}

static int write_certificate(const char *path, X509 *certificate)
{
	FILE *file = path ? fopen(path, "we") : stdout;

	if (!file) {
		perror(path);
		return -1;
	}
	int done = i2d_X509_fp(file, certificate) == 1;
	return fclose(file) == 0 && done ? 0 : -1;
}

static int issue(const struct wish *wish)
{
	struct issue_ca ca;
	struct issue_order order = {
	    .role = wish->role,
	    .not_before = wish->not_before,
	    .not_after = wish->not_after,
	    .email = wish->email,
	    .serial = wish->serial,
	};
	X509_NAME *subject = issue_name(wish->subject);
	X509 *certificate = NULL;
	int result = -1;

	order.subject = subject;
	order.key = read_spki(wish->spki);
	if (issue_ca_open(wish->folder, wish->prefix, &ca) == 0 && order.key && subject &&
	    issue_certificate(&ca, &order, &certificate) == 0 &&
	    (wish->serial || issue_record(&ca, certificate) == 0))
		result = write_certificate(wish->out, certificate);
	X509_free(certificate);
	EVP_PKEY_free(order.key);
	X509_NAME_free(subject);
	issue_ca_close(&ca);
	return result;
}

static int sign(int argc, char **argv)
{
	static const struct option table[] = {
	    {"ca", required_argument, NULL, 'c'},
	    {"rogue", no_argument, NULL, 'g'},
	    {"serial", required_argument, NULL, 'n'},
	    {"spki", required_argument, NULL, 'k'},
	    {"subject", required_argument, NULL, 's'},
	    {"role", required_argument, NULL, 'r'},
	    {"email", required_argument, NULL, 'e'},
	    {"days", required_argument, NULL, 'd'},
	    {"not-before", required_argument, NULL, 'b'},
	    {"not-after", required_argument, NULL, 'a'},
	    {"out", required_argument, NULL, 'o'},
	    {0},
	};
	int64_t now = (int64_t)time(NULL);
	struct wish wish = {
	    .prefix = "", .not_before = now - BACKDATE, .not_after = now + 365 * DAY};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (take_option(option, &wish) < 0)
			return usage();
	if (argc != optind || !wish.folder || !wish.spki || !wish.subject)
		return usage();
	return issue(&wish) < 0 ? failed("nothing issued") : 0;
}

/* --- what is revoked, and what is told about it ------------------------------------------------
 */

struct telling {
	const char *folder, *prefix, *serial, *reason, *certificate, *signer, *base, *out;
	struct tell_dates dates;
	int64_t crowd;
};

static int take_telling(int option, struct telling *telling)
{
	const char **texts[] = {
	    ['c'] = &telling->folder,	   ['s'] = &telling->serial, ['r'] = &telling->reason,
	    ['f'] = &telling->certificate, ['b'] = &telling->base,   ['o'] = &telling->out,
	    ['i'] = &telling->signer};

	switch (option) {
	case 'g':
		telling->prefix = "rogue-";
		return 0;
	case 't':
		return parse_number(optarg, &telling->dates.this_update);
	case 'n':
		return parse_number(optarg, &telling->dates.next_update);
	case 'w':
		return parse_number(optarg, &telling->crowd);
	case '?':
		return -1;
	default:
		*texts[option] = optarg;
		return 0;
	}
}

static int parse_telling(int argc, char **argv, struct telling *ret)
{
	static const struct option table[] = {
	    {"ca", required_argument, NULL, 'c'},
	    {"rogue", no_argument, NULL, 'g'},
	    {"serial", required_argument, NULL, 's'},
	    {"reason", required_argument, NULL, 'r'},
	    {"certificate", required_argument, NULL, 'f'},
	    {"signer", required_argument, NULL, 'i'},
	    {"this-update", required_argument, NULL, 't'},
	    {"next-update", required_argument, NULL, 'n'},
	    {"base", required_argument, NULL, 'b'},
	    {"crowd", required_argument, NULL, 'w'},
	    {"out", required_argument, NULL, 'o'},
	    {0},
	};
	int64_t now = (int64_t)time(NULL);
	int option;

	*ret =
	    (struct telling){.prefix = "", .signer = "responder", .dates = {now - 60, now + DAY}};
	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (take_telling(option, ret) < 0)
			return -1;
	return argc == optind && ret->folder ? 0 : -1;
}

static int revoke(const struct telling *telling)
{
	int result;

	if (!telling->serial)
		return usage();
	result =
	    index_revoke(telling->folder, telling->serial, telling->reason, (int64_t)time(NULL));
	if (result > 0)
		fprintf(stderr, "test-ca: %s is %s\n", telling->serial,
			result == 1 ? "revoked already" : "unknown");
	return result < 0 ? failed("not revoked") : result;
}

static X509 *read_certificate(const char *path)
{
	FILE *file = fopen(path, "re");
	X509 *certificate = file ? d2i_X509_fp(file, NULL) : NULL;

	if (file)
		fclose(file);
	return certificate;
}

static int tell_into(const char *what, const struct telling *telling, const struct issue_ca *ca,
		     FILE *out)
{
	X509 *certificate = NULL;
	int result = -1;

	if (strcmp(what, "list") == 0)
		return tell_list(ca, telling->folder, &telling->dates, out);
	if (strcmp(what, "directory") == 0)
		return tell_directory(ca, telling->base, (int)telling->crowd, out);
	certificate = read_certificate(telling->certificate);
	if (certificate)
		result = tell_good(ca, certificate, telling->signer, &telling->dates, out);
	X509_free(certificate);
	return result;
}

static int tell(const char *what, int argc, char **argv)
{
	struct telling telling;
	struct issue_ca ca;
	int result = -1;

	if (parse_telling(argc, argv, &telling) < 0)
		return usage();
	if (strcmp(what, "revoke") == 0)
		return revoke(&telling);
	if ((strcmp(what, "good") == 0 && !telling.certificate) ||
	    (strcmp(what, "directory") == 0 && !telling.base))
		return usage();
	FILE *out = telling.out ? fopen(telling.out, "we") : stdout;
	if (!out) {
		perror(telling.out);
		return 1;
	}
	if (issue_ca_open(telling.folder, telling.prefix, &ca) == 0)
		result = tell_into(what, &telling, &ca, out);
	issue_ca_close(&ca);
	return fclose(out) != 0 || result < 0 ? failed(what) : 0;
}

int main(int argc, char **argv)
{
	static const char *const tellings[] = {"revoke", "list", "good", "directory"};

	for (size_t i = 0; argc > 1 && i < sizeof tellings / sizeof tellings[0]; i++)
		if (strcmp(argv[1], tellings[i]) == 0)
			return tell(argv[1], argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "init") == 0)
		return init(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "sign") == 0)
		return sign(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return fputs(help, stdout) < 0;
	return usage();
}
