/* SPDX-License-Identifier: MIT */
/*
 * certrenew-lookup: what `certrenew` does over the network as the person who calls it, with no
 * right of ours: searching the CA's directory, and asking whether a certificate still stands. A
 * program of its own, so that the command itself starts without libcurl and OpenSSL.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "helper/command/columns.h"
#include "helper/command/exit.h"
#include "helper/common/log.h"
#include "helper/common/secret.h"
#include "helper/lookup/card_status.h"
#include "helper/lookup/reach.h"
#include "helper/lookup/revoke.h"
#include "helper/lookup/search.h"
#include "helper/lookup/set_phrase.h"
#include "helper/lookup/settings.h"
#include "helper/words/language.h"

static int usage(FILE *out, int result)
{
	fputs(_("Usage: certrenew search --email ADDRESS | --name NAME [OPTION]\n"
		"       certrenew status --online [--json]\n"
		"\n"
		"  --status valid|revoked|expired|any   which certificates (valid)\n"
		"  --serial NUMBER                      this certificate alone\n"
		"  --save FILE                          into a new file, as PEM\n"
		"  --json                               for programs\n"
		"\n"
		"Exit status of search: 0 found, 1 nothing found, 3 error.\n"),
	      out);
	return result;
}

struct options {
	struct search_options search;
	bool help, online, for_search; /* options that belong to one of the two */
};

static int take_option(int option, struct options *options)
{
	struct found_query *query = &options->search.query;

	options->for_search = options->for_search || strchr("enstf", option) != NULL;
	switch (option) {
	case 'e':
		query->email = optarg;
		return 0;
	case 'n':
		query->name = optarg;
		return 0;
	case 's':
		query->serial = optarg;
		return 0;
	case 't':
		return found_wanted_parse(optarg, &query->wanted);
	case 'f':
		options->search.save = optarg;
		return 0;
	case 'j':
		options->search.json = true;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	case 'o':
		options->online = true;
		return 0;
	default:
		return -1;
	}
}

static int parse(int count, char *arguments[], struct options *options)
{
	static const struct option table[] = {
	    {"email", required_argument, NULL, 'e'},
	    {"name", required_argument, NULL, 'n'},
	    {"serial", required_argument, NULL, 's'},
	    {"status", required_argument, NULL, 't'},
	    {"save", required_argument, NULL, 'f'},
	    {"json", no_argument, NULL, 'j'},
	    {"online", no_argument, NULL, 'o'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(count, arguments, "", table, NULL)) != -1)
		if (take_option(option, options) < 0)
			return -1;
	return optind == count - 1 ? 0 : -1;
}

/* Its reason was said on standard error. */
static int without_settings(bool searches, bool json)
{
	if (json && searches)
		search_failed(FAILURE_CONFIG);
	else if (json)
		card_status_failed(FAILURE_CONFIG);
	return EXIT_ERROR;
}

static int run(const char *command, const struct options *options)
{
	const struct found_query *query = &options->search.query;
	bool searches = strcmp(command, "search") == 0 && !options->online &&
			(query->email == NULL) != (query->name == NULL);
	bool asks = strcmp(command, "status") == 0 && options->online && !options->for_search;
	struct config *config = NULL;
	int result;

	if (!searches && !asks)
		return usage(stderr, EXIT_ERROR);
	if (settings_load(&config) != EXIT_FINE)
		return without_settings(searches, options->search.json);
	result =
	    searches ? search(config, &options->search) : card_status(config, options->search.json);
	config_free(config);
	return result;
}

int main(int count, char *arguments[])
{
	struct options options = {.search = {.query = {.wanted = WANTED_VALID}}};

	/* A phrase passes through libraries that make copies: none is to outlive the process. */
	secret_seal_process();
	log_open("certrenew-lookup");
	columns_begin();
	language_choose(language_of_environment(), false);
	if (count > 1 && strcmp(arguments[1], "revoke") == 0)
		return revoke_main(count, arguments);
	if (count > 1 && strcmp(arguments[1], "set-phrase") == 0)
		return set_phrase_main(count);
	if (count == 2 && strcmp(arguments[1], "reach") == 0)
		return reach_main();
	if (parse(count, arguments, &options) < 0)
		return usage(stderr, EXIT_ERROR);
	if (options.help)
		return usage(stdout, EXIT_FINE);
	return run(arguments[optind], &options);
}
