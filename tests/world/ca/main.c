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

#include "tests/world/ca/issue.h"
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
    "    serial number that somebody has chosen it is not recorded\n";

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

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "init") == 0)
		return init(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "sign") == 0)
		return sign(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return fputs(help, stdout) < 0;
	return usage();
}
