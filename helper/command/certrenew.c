/* SPDX-License-Identifier: MIT */
/* certrenew: the command, for people and for scripts. It has no right that its user has not. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/config.h"
#include "helper/command/columns.h"
#include "helper/command/doctor.h"
#include "helper/command/exit.h"
#include "helper/command/journal.h"
#include "helper/command/lookup.h"
#include "helper/command/renew.h"
#include "helper/command/status.h"
#include "helper/command/terminal.h"
#include "helper/common/paths.h"
#include "helper/common/secret.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

/* What was asked for on the command line. */
struct wanted {
	bool json, yes, desktop;
};

static void help_line(const char *form, const char *does)
{
	printf("  %-21s %s\n", form, does);
}

static int help(void)
{
	char text[WORDS_MAX];

	puts(_("Usage: certrenew COMMAND [OPTION]\n"
	       "\n"
	       "Renews the certificates on a smartcard before they expire.\n"));
	help_line("status [--json]", _("show the card's certificates and what is due"));
	help_line("status --online", _("and whether they were revoked; asks the network"));
	help_line("search --email X",
		  _("find a person's certificates in the directory; also --name X"));
	help_line("revoke", _("revoke the certificate of a card that is lost"));
	help_line("revoke --card", _("revoke a certificate of the card in the reader"));
	help_line("set-phrase", _("choose a new challenge phrase, where the CA takes one"));
	help_line("renew [--yes]", _("renew what is due; --yes does not ask whether to"));
	help_line("renew --desktop", _("the same in windows, where a desktop is running"));
	help_line("journal list", _("for the administrator: what is kept of renewals"));
	help_line("doctor [--json]", _("look whether all that a renewal needs is there"));
	help_line("check-config [FILE]",
		  sentence_make(text, _("show the configuration in force (%s)"), PATH_CONFIG));
	puts("\n  --help, --version\n");
	puts(
	    _("Exit status: 0 nothing (more) to do, 1 something is due, 2 something is expired or\n"
	      "unusable, 3 error."));
	puts(_(
	    "'certrenew search --help', 'certrenew revoke --help' and 'certrenew journal --help'\n"
	    "tell more about these."));
	return EXIT_FINE;
}

static int misuse(const char *what)
{
	fprintf(stderr, "certrenew: %s\n%s\n", what, _("Try 'certrenew --help'."));
	return EXIT_ERROR;
}

/* In English: what it says is quoted in logs, manuals and questions to others. */
static int check_config(const char *path)
{
	struct config *config = NULL;
	struct config_error error = {""};

	if (config_load(path != NULL ? path : PATH_CONFIG, path == NULL, &config, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_ERROR;
	}
	config_print(config, stdout);
	config_free(config);
	return EXIT_FINE;
}

static int run(const char *command, const struct wanted *wanted, int count, char *arguments[])
{
	if (wanted->json && strcmp(command, "status") != 0)
		return misuse(_("--json belongs to status"));
	if (wanted->yes && strcmp(command, "renew") != 0)
		return misuse(_("--yes belongs to renew"));
	if (wanted->desktop && strcmp(command, "renew") != 0)
		return misuse(_("--desktop belongs to renew"));
	if (wanted->desktop && wanted->yes)
		return misuse(_("--yes does not go with --desktop, which asks"));
	if (strcmp(command, "check-config") == 0 && count <= 1)
		return check_config(count == 1 ? arguments[0] : NULL);
	if (strcmp(command, "status") == 0 && count == 0)
		return status(wanted->json);
	if (strcmp(command, "renew") == 0 && count == 0)
		return wanted->desktop ? renew_on_desktop() : renew(wanted->yes);
	return misuse(_("no such command, or too many arguments"));
}

/* A descriptor below 3 that is closed would become the helper's channel, and be read as answers. */
static void fill_standard_files(void)
{
	int file;

	do {
		file = open("/dev/null", O_RDWR);
	} while (file >= 0 && file <= STDERR_FILENO);
	if (file >= 0)
		close(file);
}

int main(int count, char *arguments[])
{
	static const struct option options[] = {
	    {"help", no_argument, NULL, 'h'},	 {"version", no_argument, NULL, 'V'},
	    {"json", no_argument, NULL, 'j'},	 {"yes", no_argument, NULL, 'y'},
	    {"desktop", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0},
	};
	struct wanted wanted = {.json = false};
	int option;

	/* A PIN that is typed here passes through. */
	secret_seal_process();
	fill_standard_files();
	columns_begin();
	language_choose(language_of_environment(), terminal_flags() != 0);
	opterr = 0;
	if (lookup_is_asked(count, arguments))
		return lookup(arguments);
	if (journal_is_asked(count, arguments))
		return journal(arguments);
	if (doctor_is_asked(count, arguments))
		return doctor(arguments);
	while ((option = getopt_long(count, arguments, "hVjyd", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return help();
		case 'V':
			puts("certrenew " VERSION);
			return EXIT_FINE;
		case 'j':
			wanted.json = true;
			break;
		case 'y':
			wanted.yes = true;
			break;
		case 'd':
			wanted.desktop = true;
			break;
		default:
			return misuse(_("no such option"));
		}
	}
	if (optind == count)
		return misuse(_("no command given"));
	return run(arguments[optind], &wanted, count - optind - 1, arguments + optind + 1);
}
