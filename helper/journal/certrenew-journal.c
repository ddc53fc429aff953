/* SPDX-License-Identifier: MIT */
/*
 * certrenew-journal: what `certrenew journal` does, for root alone. A program of its own, as the
 * command itself knows no certificates. Root's rights are used for three things only: listing
 * names, opening a lock, and making the file that is exported. Whatever is in the journal is read
 * by the account that wrote it: a driver that has taken that over can put into the journal what it
 * likes, and gains nothing when an administrator looks.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/command/columns.h"
#include "helper/command/exit.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/common/secret.h"
#include "helper/journal/journal_command.h"
#include "helper/supervisor/folders.h"
#include "helper/words/language.h"

struct wanted {
	const char *verb, *id, *path;
	enum export_what what;
	int kinds; /* how often --old, --new or --request was said */
	bool json, yes, help;
};

static int usage(FILE *out, int result)
{
	fputs(
	    _("Usage: certrenew journal list [--json]\n"
	      "       certrenew journal show ID [--json]\n"
	      "       certrenew journal export ID [--old | --new | --request] FILE\n"
	      "       certrenew journal discard ID [--yes]\n"
	      "\n"
	      "Shows what is kept of renewals on this computer: unfinished ones, and the old\n"
	      "certificates of finished ones. For the administrator.\n"
	      "\n"
	      "  --old      the certificate that was renewed, which mail from before still needs\n"
	      "  --new      the one that was issued\n"
	      "  --request  what was sent to the certification authority\n"
	      "  --yes      without a question\n"
	      "  --json     for programs\n"
	      "\n"
	      "Exit status: 0 done, or nothing is unfinished, 1 something is unfinished, or the\n"
	      "question was not answered with yes, 2 a record is damaged, 3 error.\n"),
	    out);
	return result;
}

int journal_error(const char *what, const struct failure *failure)
{
	fprintf(stderr, "certrenew: %s: %s\n", what, failure->detail);
	return EXIT_ERROR;
}

static int parse(int count, char *arguments[], struct wanted *wanted)
{
	static const struct option table[] = {
	    {"old", no_argument, NULL, 'o'},
	    {"new", no_argument, NULL, 'n'},
	    {"request", no_argument, NULL, 'r'},
	    {"json", no_argument, NULL, 'j'},
	    {"yes", no_argument, NULL, 'y'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	static const char kinds[] = "onr";
	int option;

	while ((option = getopt_long(count, arguments, "", table, NULL)) != -1) {
		if (option == '?')
			return -1;
		if (strchr(kinds, option) != NULL) {
			wanted->what = (enum export_what)(strchr(kinds, option) - kinds);
			wanted->kinds++;
		}
		wanted->json = wanted->json || option == 'j';
		wanted->yes = wanted->yes || option == 'y';
		wanted->help = wanted->help || option == 'h';
	}
	/* The first is 'journal' itself. */
	wanted->verb = optind + 1 < count ? arguments[optind + 1] : "";
	wanted->id = optind + 2 < count ? arguments[optind + 2] : NULL;
	wanted->path = optind + 3 < count ? arguments[optind + 3] : NULL;
	return optind + 4 < count ? -1 : 0;
}

static bool makes_sense(const struct wanted *wanted)
{
	const char *verb = wanted->verb;
	bool exports = strcmp(verb, "export") == 0, discards = strcmp(verb, "discard") == 0;
	bool lists = strcmp(verb, "list") == 0, shows = strcmp(verb, "show") == 0;

	return (lists || shows || exports || discards) && (wanted->id != NULL) == !lists &&
	       (wanted->path != NULL) == exports && wanted->kinds <= (exports ? 1 : 0) &&
	       (!wanted->json || lists || shows) && (!wanted->yes || discards);
}

/* Before anything was listed or shown. */
static int give_up(const struct wanted *wanted, const char *what, const struct failure *failure)
{
	if (wanted->json)
		journal_json_failed(wanted->id == NULL, failure->code);
	return journal_error(what, failure);
}

/* As the account from here on. */
static int run_reading(const struct wanted *wanted, struct records *records, struct record *record,
		       int lock)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (records_read(records, &failure) < 0)
		return give_up(wanted, _("the records cannot be read"), &failure);
	if (record == NULL)
		return journal_list(records, wanted->json);
	if (strcmp(wanted->verb, "show") == 0)
		return journal_show(record, wanted->json);
	return journal_discard(records, record, lock, wanted->yes);
}

static bool is_of_a_card(const struct record *record)
{
	return record->serial[0] != '\0' || record->label[0] != '\0';
}

static int run(const struct wanted *wanted, const struct account *account, struct records *records)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct record *record = NULL;
	int lock = -1;

	if (wanted->id != NULL) {
		record = records_find(records, wanted->id, &failure);
		if (record == NULL)
			return give_up(wanted, wanted->id, &failure);
	}
	if (wanted->path != NULL)
		return journal_export(account, records, record, wanted->what, wanted->path);
	if (strcmp(wanted->verb, "discard") == 0 && is_of_a_card(record)) {
		lock = folders_make(account->uid, account->gid, &failure);
		if (lock == 0)
			lock = folders_open_lock(record->folder, &failure);
		if (lock < 0)
			return journal_error(_("the card's lock cannot be opened"), &failure);
	}
	if (child_drop(account) < 0) {
		fail_errno(&failure, "%s", CERTRENEW_USER);
		return give_up(wanted, _("the records cannot be read"), &failure);
	}
	return run_reading(wanted, records, record, lock);
}

int main(int count, char *arguments[])
{
	struct failure failure = {.code = FAILURE_NONE};
	struct records records = {.items = NULL};
	struct wanted wanted = {.verb = ""};
	struct account account;
	int result;

	log_open("certrenew-journal");
	columns_begin();
	language_choose(language_of_environment(), false);
	if (parse(count, arguments, &wanted) < 0)
		return usage(stderr, EXIT_ERROR);
	if (wanted.help)
		return usage(stdout, EXIT_FINE);
	if (!makes_sense(&wanted))
		return usage(stderr, EXIT_ERROR);
	if (geteuid() != 0) {
		fprintf(stderr, "certrenew: %s\n",
			_("Only the administrator may look into the records: "
			  "'sudo certrenew journal'. 'certrenew status' says what is unfinished "
			  "on your own card."));
		if (wanted.json)
			journal_json_failed(wanted.id == NULL, FAILURE_REFUSED);
		return EXIT_ERROR;
	}
	secret_seal_process();
	umask(077);
	if (child_account(&account, &failure) < 0 || records_names(&records, &failure) < 0)
		return give_up(&wanted, _("the records cannot be read"), &failure);
	result = run(&wanted, &account, &records);
	records_free(&records);
	return result;
}
