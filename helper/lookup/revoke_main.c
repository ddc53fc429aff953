/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/revoke.h"
#include "helper/lookup/settings.h"
#include "helper/words/language.h"

static int usage(FILE *out, int result)
{
	fputs(_("Usage: certrenew revoke [--email ADDRESS | --name NAME] [OPTION]\n"
		"       certrenew revoke --card [OPTION]\n"
		"\n"
		"  --card                a certificate of the card in the reader, with its PIN\n"
		"  --serial NUMBER       this certificate alone\n"
		"  --reason NAME         keyCompromise, superseded, cessationOfOperation,\n"
		"                        affiliationChanged, privilegeWithdrawn or unspecified\n"
		"  --phrase-fd N         the challenge phrase is read from this file descriptor\n"
		"  --accept-agreement    the agreement is accepted, nothing is asked about it\n"
		"  --wait                a terminal window stays open until Enter is pressed\n"
		"\n"
		"Exit status: 0 revoked, 1 nothing found or not wanted, 2 refused, 3 error,\n"
		"4 not known whether it was revoked.\n"),
	      out);
	return result;
}

static int parse_file(const char *text, int *ret)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end != '\0' || number < 0 || number > 65535)
		return -1;
	*ret = (int)number;
	return 0;
}

struct arguments {
	struct revoke_options options;
	bool help, wait;
};

static int take_option(int option, struct arguments *taken)
{
	struct revoke_options *options = &taken->options;

	switch (option) {
	case 'e':
		options->query.email = optarg;
		return 0;
	case 'n':
		options->query.name = optarg;
		return 0;
	case 's':
		options->query.serial = optarg;
		return 0;
	case 'r':
		options->reason = optarg;
		return 0;
	case 'p':
		return parse_file(optarg, &options->phrase_file);
	case 'a':
		options->accept = true;
		return 0;
	case 'c':
		options->card = true;
		return 0;
	case 'w':
		taken->wait = true;
		return 0;
	case 'h':
		taken->help = true;
		return 0;
	default:
		return -1;
	}
}

/* One way to find it, and one to prove it. */
static bool is_sensible(const struct revoke_options *options)
{
	bool email = options->query.email != NULL, name = options->query.name != NULL;

	return options->card ? !email && !name && options->phrase_file < 0 : !email || !name;
}

static int parse(int count, char *arguments[], struct arguments *taken)
{
	static const struct option table[] = {
	    {"email", required_argument, NULL, 'e'},
	    {"name", required_argument, NULL, 'n'},
	    {"serial", required_argument, NULL, 's'},
	    {"reason", required_argument, NULL, 'r'},
	    {"phrase-fd", required_argument, NULL, 'p'},
	    {"accept-agreement", no_argument, NULL, 'a'},
	    {"card", no_argument, NULL, 'c'},
	    {"wait", no_argument, NULL, 'w'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(count, arguments, "", table, NULL)) != -1)
		if (take_option(option, taken) < 0)
			return -1;
	return optind == count - 1 && is_sensible(&taken->options) ? 0 : -1;
}

/* From a desktop's menu: the window would close on the last words. */
static void wait_for_enter(void)
{
	char line[2];

	fflush(stdout);
	if (choose_can_ask())
		(void)terminal_read(_("Press Enter to close this window."), line, sizeof(line),
				    true);
}

static int run(const struct revoke_options *options)
{
	struct config *config = NULL;
	int result;

	if (settings_load(&config) != EXIT_FINE)
		return EXIT_ERROR;
	result =
	    options->card ? revoke_by_card(config, options) : revoke_certificate(config, options);
	config_free(config);
	return result;
}

int revoke_main(int count, char *arguments[])
{
	struct arguments taken = {.options = {.phrase_file = -1}};
	int result;

	if (parse(count, arguments, &taken) < 0)
		return usage(stderr, EXIT_ERROR);
	if (taken.help)
		return usage(stdout, EXIT_FINE);
	result = run(&taken.options);
	if (taken.wait)
		wait_for_enter();
	return result;
}
