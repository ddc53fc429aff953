/* SPDX-License-Identifier: MIT */
/* certrenew: the command, for people and for scripts. It has no right that its user has not. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/config.h"
#include "helper/command/exit.h"
#include "helper/command/lookup.h"
#include "helper/command/renew.h"
#include "helper/command/status.h"
#include "helper/common/paths.h"

static const char usage[] =
    "Usage: certrenew COMMAND [OPTION]\n"
    "\n"
    "Renews the certificates on a smartcard before they expire.\n"
    "\n"
    "  status [--json]       show the card's certificates and what is due\n"
    "  status --online       and whether they were revoked; asks the network\n"
    "  search --email X      find a person's certificates in the directory; also --name X\n"
    "  renew [--yes]         renew what is due; --yes does not ask whether to\n"
    "  check-config [FILE]   show the configuration in force (" PATH_CONFIG ")\n"
    "\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 nothing (more) to do, 1 something is due, 2 something is expired or\n"
    "unusable, 3 error.\n";

static int misuse(const char *what)
{
	fprintf(stderr, "certrenew: %s\nTry 'certrenew --help'.\n", what);
	return EXIT_ERROR;
}

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

static int run(const char *command, bool json, bool yes, int count, char *arguments[])
{
	if (json && strcmp(command, "status") != 0)
		return misuse("--json belongs to status");
	if (yes && strcmp(command, "renew") != 0)
		return misuse("--yes belongs to renew");
	if (strcmp(command, "check-config") == 0 && count <= 1)
		return check_config(count == 1 ? arguments[0] : NULL);
	if (strcmp(command, "status") == 0 && count == 0)
		return status(json);
	if (strcmp(command, "renew") == 0 && count == 0)
		return renew(yes);
	return misuse("no such command, or too many arguments");
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
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {"json", no_argument, NULL, 'j'},
	    {"yes", no_argument, NULL, 'y'},
	    {NULL, 0, NULL, 0},
	};
	bool json = false, yes = false;
	int option;

	fill_standard_files();
	if (lookup_is_asked(count, arguments))
		return lookup(arguments);
	while ((option = getopt_long(count, arguments, "hVjy", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(usage, stdout);
			return EXIT_FINE;
		case 'V':
			puts("certrenew " VERSION);
			return EXIT_FINE;
		case 'j':
			json = true;
			break;
		case 'y':
			yes = true;
			break;
		default:
			fputs("Try 'certrenew --help'.\n", stderr);
			return EXIT_ERROR;
		}
	}
	if (optind == count)
		return misuse("no command given");
	return run(arguments[optind], json, yes, count - optind - 1, arguments + optind + 1);
}
