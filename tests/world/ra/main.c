/* SPDX-License-Identifier: MIT */
/* test-ra: the options, and the server's life until SIGTERM. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "tests/world/ra/certstore.h"
#include "tests/world/ra/cmp.h"
#include "tests/world/ra/est.h"
#include "tests/world/ra/form.h"
#include "tests/world/ra/http.h"
#include "tests/world/ra/ra.h"
#include "tests/world/ra/store.h"

static const struct http_endpoint *const tables[] = {est_endpoints, cmp_endpoints, form_endpoints,
						     certstore_endpoints, NULL};

static const char help[] =
    "test-ra --ca DIR --log FILE [option...]: an EST and CMP server on 127.0.0.1, until SIGTERM\n"
    "  --ca DIR              made by `test-ca init`\n"
    "  --log FILE            one line for each event is appended\n"
    "  --port N              0, the default: any that is free\n"
    "  --port-file FILE      holds the port's number, once it listens\n"
    "  --server-cert FILE    PEM; DIR/server.pem\n"
    "  --server-key FILE     PEM; DIR/server.key\n"
    "  --priorities STRING   GnuTLS's, such as NORMAL:-VERS-ALL:+VERS-TLS1.2\n"
    "  --days N              what is issued is valid for so long; 365\n"
    "  --pending SECONDS     answer 202, or 'waiting', until so much later than a request was\n"
    "                        first seen\n"
    "  --retry-after-date    with a date, not seconds\n"
    "  --lenient             EST: base64 in lines of any length, names in another encoding\n"
    "  --same-key-refused    a key is certified once\n"
    "  --plain               HTTP without TLS\n"
    "  --proxied             a proxy before it says who the client is, in X-Client-Cert\n"
    "  --confirmation-required  CMP: no implicitConfirm\n"
    "  --remembers           CMP: the same request again is answered as the first time\n"
    "  --ra-verified         CMP: a request may say that an RA verified its key\n"
    "  --phrase-tries N      after so many wrong challenge phrases of a certificate: no more\n"
    "  --refuse-reason N     a CRLReason for which nothing is revoked\n"
    "  --misbehave NAME      may be given several times\n"
    "  --misbehave-only-role signature|encryption\n"
    "  --misbehave-times N   then be honest\n"
    "names: ";

struct options {
	struct http_options http;
	const char *folder;
	const char *log;
	const char *port_file;
	char certificate[PATH_MAX];
	char key[PATH_MAX];
};

static int parse_number(const char *text, int most, int *ret)
{
	char *end;

	errno = 0;
	long number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > most) {
		fprintf(stderr, "test-ra: not a number up to %d: %s\n", most, text);
		return -1;
	}
	*ret = (int)number;
	return 0;
}

static int parse_port(const char *text, uint16_t *ret)
{
	int port;

	if (parse_number(text, UINT16_MAX, &port) < 0)
		return -1;
	*ret = (uint16_t)port;
	return 0;
}

static int add_misbehaviour(struct misbehave *misbehave, const char *name)
{
	if (misbehave_add(misbehave, name) == 0)
		return 0;
	fprintf(stderr, "test-ra: no such misbehaviour: %s\n", name);
	return -1;
}

static int limit_misbehaviour(struct misbehave *misbehave, const char *role)
{
	misbehave->limited = true;
	return issue_role_parse(role, &misbehave->only);
}

/* Returns -1 for an option that is none, or has a bad value. */
static int take_option(int option, struct options *options, struct ra *ra)
{
	switch (option) {
	case 'a':
		options->folder = optarg;
		return 0;
	case 'l':
		options->log = optarg;
		return 0;
	case 'p':
		return parse_port(optarg, &options->http.port);
	case 'f':
		options->port_file = optarg;
		return 0;
	case 'c':
		options->http.certificate = optarg;
		return 0;
	case 'k':
		options->http.key = optarg;
		return 0;
	case 't':
		options->http.priorities = optarg;
		return 0;
	case 'd':
		return parse_number(optarg, 365 * 1000, &ra->days);
	case 'w':
		return parse_number(optarg, INT_MAX, &ra->pending);
	case 'r':
		ra->retry_after_date = true;
		return 0;
	case 'g':
		ra->lenient = true;
		return 0;
	case 's':
		ra->same_key_refused = true;
		return 0;
	case 'h':
		options->http.plain = true;
		return 0;
	case 'x':
		options->http.proxied = true;
		return 0;
	case 'i':
		ra->confirmation_required = true;
		return 0;
	case 'b':
		ra->remembers = true;
		return 0;
	case 'v':
		ra->ra_verified = true;
		return 0;
	case 'y':
		return parse_number(optarg, INT_MAX, &ra->phrase_tries);
	case 'e':
		return parse_number(optarg, 10, &ra->refused_reason);
	case 'm':
		return add_misbehaviour(&ra->misbehave, optarg);
	case 'o':
		return limit_misbehaviour(&ra->misbehave, optarg);
	case 'n':
		return parse_number(optarg, INT_MAX, &ra->misbehave.times);
	default:
		return -1;
	}
}

static int parse_options(int argc, char **argv, struct options *options, struct ra *ra)
{
	static const struct option table[] = {
	    {"ca", required_argument, NULL, 'a'},
	    {"log", required_argument, NULL, 'l'},
	    {"port", required_argument, NULL, 'p'},
	    {"port-file", required_argument, NULL, 'f'},
	    {"server-cert", required_argument, NULL, 'c'},
	    {"server-key", required_argument, NULL, 'k'},
	    {"priorities", required_argument, NULL, 't'},
	    {"days", required_argument, NULL, 'd'},
	    {"pending", required_argument, NULL, 'w'},
	    {"retry-after-date", no_argument, NULL, 'r'},
	    {"lenient", no_argument, NULL, 'g'},
	    {"same-key-refused", no_argument, NULL, 's'},
	    {"plain", no_argument, NULL, 'h'},
	    {"proxied", no_argument, NULL, 'x'},
	    {"confirmation-required", no_argument, NULL, 'i'},
	    {"remembers", no_argument, NULL, 'b'},
	    {"ra-verified", no_argument, NULL, 'v'},
	    {"phrase-tries", required_argument, NULL, 'y'},
	    {"refuse-reason", required_argument, NULL, 'e'},
	    {"misbehave", required_argument, NULL, 'm'},
	    {"misbehave-only-role", required_argument, NULL, 'o'},
	    {"misbehave-times", required_argument, NULL, 'n'},
	    {0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (take_option(option, options, ra) < 0)
			return -1;
	if (argc != optind || !options->folder || !options->log)
		return -1;
	snprintf(options->certificate, PATH_MAX, "%s/server.pem", options->folder);
	snprintf(options->key, PATH_MAX, "%s/server.key", options->folder);
	if (!options->http.certificate)
		options->http.certificate = options->certificate;
	if (!options->http.key)
		options->http.key = options->key;
	return 0;
}

/* By renaming, so that a reader sees no number or the whole one. */
static int write_port(const char *path, uint16_t port)
{
	char aside[PATH_MAX];

	snprintf(aside, sizeof aside, "%s.new", path);
	FILE *file = fopen(aside, "we");
	if (!file || fprintf(file, "%" PRIu16 "\n", port) < 0 || fclose(file) != 0 ||
	    rename(aside, path) < 0) {
		perror(path);
		return -1;
	}
	return 0;
}

static int run(struct ra *ra, const struct options *options, const sigset_t *end)
{
	struct http_server *server = http_start(ra, &options->http);
	int result = 1;
	int signal_number;

	if (!server)
		return 1;
	if (!options->port_file || write_port(options->port_file, http_port(server)) == 0) {
		sigwait(end, &signal_number);
		result = 0;
	}
	http_stop(server);
	return result;
}

int main(int argc, char **argv)
{
	struct options options = {.http.tables = tables};
	struct ra ra = {.days = 365, .refused_reason = -1};
	sigset_t end;
	int result = 1;

	if (parse_options(argc, argv, &options, &ra) < 0) {
		fputs(help, stderr);
		misbehave_list(stderr);
		return 2;
	}
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	pthread_sigmask(SIG_BLOCK, &end, NULL); /* before there are threads: they inherit it */
	signal(SIGPIPE, SIG_IGN);

	if (issue_ca_open(options.folder, "", &ra.ca) < 0 ||
	    issue_ca_open(options.folder, "rogue-", &ra.rogue) < 0)
		ERR_print_errors_fp(stderr);
	else if (!(ra.store = store_open(&ra.ca, options.log)))
		perror(options.log);
	else if (cmp_open(&ra) < 0)
		ERR_print_errors_fp(stderr);
	else
		result = run(&ra, &options, &end);
	cmp_close(&ra);
	store_close(ra.store);
	issue_ca_close(&ra.ca);
	issue_ca_close(&ra.rogue);
	return result;
}
