/* SPDX-License-Identifier: MIT */
#include "helper/lookup/choose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/command/columns.h"
#include "helper/common/utf8.h"
#include "helper/lookup/phrases.h"
#include "helper/words/language.h"
#include "helper/words/sentence.h"

enum { TRIES = 3, LINE_LENGTH = 64, ROWS_DEFAULT = 24 };

bool choose_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* --- the list ------------------------------------------------------------------------------ */

static int rows(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row < 4)
		return ROWS_DEFAULT;
	return size.ws_row;
}

static bool read_line(char line[LINE_LENGTH])
{
	bool whole;
	int c = 0;

	fflush(stdout);
	if (fgets(line, LINE_LENGTH, stdin) == NULL)
		return false;
	whole = strchr(line, '\n') != NULL;
	line[strcspn(line, "\r\n")] = '\0';
	while (!whole && (c = getchar()) != EOF && c != '\n')
		;
	return true;
}

/* False if the rest is not wanted. */
static bool turn_page(void)
{
	char line[LINE_LENGTH];

	printf("%s", _("More? (Enter: yes, q: no) "));
	return read_line(line) && line[0] != 'q' && line[0] != 'n';
}

enum {
	COLUMN_NUMBER, /* where one is to be chosen */
	COLUMN_STATE,
	COLUMN_BEGINS,
	COLUMN_ENDS,
	COLUMN_USAGE,
	COLUMN_NAME,
	COLUMN_EMAIL,
	COLUMN_SERIAL,
	COLUMNS
};

struct row {
	char number[16], begins[DATE_MAX], ends[DATE_MAX], serial[SERIAL_TEXT_MAX];
	const char *cells[COLUMNS];
};

/* The cells point into the row. */
static void fill_row(struct row *row, const struct found *found, size_t i)
{
	const struct directory_entry *entry = &found->directory.entries[i];
	int64_t not_before = 0, not_after = 0;

	(void)usage_dates(entry->certificate, &not_before, &not_after);
	snprintf(row->number, sizeof(row->number), "%4zu", i + 1);
	row->cells[COLUMN_NUMBER] = row->number;
	row->cells[COLUMN_STATE] = phrase_state(found->standings[i].state);
	row->cells[COLUMN_BEGINS] = sentence_date(row->begins, not_before);
	row->cells[COLUMN_ENDS] = sentence_date(row->ends, not_after);
	row->cells[COLUMN_USAGE] = phrase_usage(entry->certificate);
	row->cells[COLUMN_NAME] = entry->name;
	row->cells[COLUMN_EMAIL] = entry->email;
	row->cells[COLUMN_SERIAL] =
	    naming_serial(entry->certificate, row->serial, sizeof(row->serial));
}

static void fill_heading(struct row *row)
{
	row->cells[COLUMN_NUMBER] = "";
	row->cells[COLUMN_STATE] = _("STATUS");
	row->cells[COLUMN_BEGINS] = _("VALID FROM");
	row->cells[COLUMN_ENDS] = _("VALID UNTIL");
	row->cells[COLUMN_USAGE] = _("USAGE");
	row->cells[COLUMN_NAME] = _("NAME");
	row->cells[COLUMN_EMAIL] = _("E-MAIL");
	row->cells[COLUMN_SERIAL] = _("SERIAL NUMBER");
}

static void measure(const struct found *found, int first, struct columns *columns)
{
	struct row row;

	fill_heading(&row);
	columns_widen(columns, row.cells + first);
	for (size_t i = 0; i < found->directory.count; i++) {
		fill_row(&row, found, i);
		columns_widen(columns, row.cells + first);
	}
}

static void print_cut(const struct directory_result *directory)
{
	if (directory->cut == DIRECTORY_CUT_BY_SERVER)
		printf("%s\n", _("The list is not complete: the directory does not give more. "
				 "Search for an e-mail address or a longer name."));
	if (directory->cut == DIRECTORY_CUT_BY_LIMIT)
		printf("%s\n", _("The list is not complete: there are more. Search for an e-mail "
				 "address or a longer name."));
	if (directory->unreadable > 0)
		printf(P_("%zu certificate in the directory cannot be read.\n",
			  "%zu certificates in the directory cannot be read.\n",
			  (long long)directory->unreadable),
		       directory->unreadable);
}

void choose_list(const struct found *found, bool numbered)
{
	int page = choose_can_ask() ? rows() - 2 : 0, shown = 1;
	int first = numbered ? COLUMN_NUMBER : COLUMN_STATE;
	struct columns columns = {.count = COLUMNS - first, .numbers = -1};
	struct row row;

	measure(found, first, &columns);
	fill_heading(&row);
	columns_print_row(&columns, row.cells + first);
	for (size_t i = 0; i < found->directory.count; i++) {
		if (page > 0 && shown == page) {
			if (!turn_page())
				break;
			shown = 0;
		}
		fill_row(&row, found, i);
		columns_print_row(&columns, row.cells + first);
		shown++;
	}
	print_cut(&found->directory);
}

int choose_one(const struct found *found, const char *question)
{
	char line[LINE_LENGTH], *end;
	long number;

	for (int i = 0; i < TRIES; i++) {
		printf("%s", question);
		if (!read_line(line) || line[0] == '\0' || line[0] == 'q')
			return -1;
		number = strtol(line, &end, 10);
		if (*end == '\0' && number >= 1 && (size_t)number <= found->directory.count)
			return (int)number - 1;
	}
	return -1;
}

/* --- the details --------------------------------------------------------------------------- */

enum detail {
	DETAIL_NAME,
	DETAIL_EMAIL,
	DETAIL_STATUS,
	DETAIL_BEGINS,
	DETAIL_ENDS,
	DETAIL_USAGE,
	DETAIL_SUBJECT,
	DETAIL_SERIAL,
	DETAIL_ISSUER,
	DETAIL_POLICY,
	DETAILS
};

static const char *const labels[DETAILS] = {
    [DETAIL_NAME] = N_("Name"),	       [DETAIL_EMAIL] = N_("E-mail"),
    [DETAIL_STATUS] = N_("Status"),    [DETAIL_BEGINS] = N_("Valid from"),
    [DETAIL_ENDS] = N_("Valid until"), [DETAIL_USAGE] = N_("Usage"),
    [DETAIL_SUBJECT] = N_("Subject"),  [DETAIL_SERIAL] = N_("Serial number"),
    [DETAIL_ISSUER] = N_("Issuer"),    [DETAIL_POLICY] = N_("Policy"),
};

/* What a certificate says may hold lines of its own, and must not look like ours. */
static void print_detail(const struct columns *columns, enum detail detail, const char *text)
{
	const char *cells[] = {_(labels[detail]), NULL};
	char line[NAMING_MAX];

	utf8_clean_line(text, line, sizeof(line));
	cells[1] = line;
	columns_print_row(columns, cells);
}

static void print_policies(const struct columns *columns, X509 *certificate)
{
	CERTIFICATEPOLICIES *policies;
	char oid[128];

	ERR_set_mark();
	policies = X509_get_ext_d2i(certificate, NID_certificate_policies, NULL, NULL);
	ERR_pop_to_mark();
	for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
		if (OBJ_obj2txt(oid, sizeof(oid), sk_POLICYINFO_value(policies, i)->policyid, 1) >
		    0)
			print_detail(columns, DETAIL_POLICY, oid);
	CERTIFICATEPOLICIES_free(policies);
}

void choose_details(const struct directory_entry *entry, const struct standing *standing)
{
	struct columns columns = {.count = 2, .numbers = -1};
	X509 *certificate = entry->certificate;
	char text[NAMING_MAX], phrase[PHRASE_MAX], date[DATE_MAX];
	int64_t not_before = 0, not_after = 0;

	for (int i = 0; i < DETAILS; i++)
		columns_widen(&columns, (const char *const[]){_(labels[i]), ""});
	(void)usage_dates(certificate, &not_before, &not_after);
	print_detail(&columns, DETAIL_NAME, entry->name);
	print_detail(&columns, DETAIL_EMAIL, entry->email);
	print_detail(&columns, DETAIL_STATUS, phrase_standing(phrase, standing));
	print_detail(&columns, DETAIL_BEGINS, sentence_date(date, not_before));
	print_detail(&columns, DETAIL_ENDS, sentence_date(date, not_after));
	print_detail(&columns, DETAIL_USAGE, phrase_usage(certificate));
	print_detail(&columns, DETAIL_SUBJECT,
		     naming_whole(X509_get_subject_name(certificate), text, sizeof(text)));
	print_detail(&columns, DETAIL_SERIAL, naming_serial(certificate, text, sizeof(text)));
	print_detail(&columns, DETAIL_ISSUER,
		     naming_whole(X509_get_issuer_name(certificate), text, sizeof(text)));
	print_policies(&columns, certificate);
}
