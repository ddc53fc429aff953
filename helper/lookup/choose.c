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
#include "helper/common/utf8.h"
#include "helper/lookup/phrases.h"
#include "helper/words/language.h"

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

/* By a character's first byte: U+3000 to U+DFFF and what is past U+FFFF, Chinese above all, take
 * two columns on a terminal. wcwidth(3) would need the locale. */
static int columns_of(unsigned char first)
{
	if ((first & 0xc0) == 0x80)
		return 0;
	return (first >= 0xe3 && first <= 0xed) || first >= 0xf0 ? 2 : 1;
}

/* printf counts bytes. */
static void print_column(const char *text, int width)
{
	int columns = 0;

	for (const char *at = text; *at != '\0'; at++)
		columns += columns_of((unsigned char)*at);
	printf("%s%*s", text, columns < width ? width - columns + 1 : 1, "");
}

static void print_heading(bool numbered)
{
	if (numbered)
		print_column("", 4);
	print_column(_("STATUS"), 13);
	print_column(_("VALID FROM"), 10);
	print_column(_("VALID UNTIL"), 11);
	print_column(_("USAGE"), 24);
	print_column(_("NAME"), 20);
	print_column(_("E-MAIL"), 26);
	printf("%s\n", _("SERIAL NUMBER"));
}

static void print_row(const struct directory_entry *entry, const struct standing *standing,
		      size_t number)
{
	char text[PHRASE_MAX], serial[SERIAL_TEXT_MAX];
	int64_t not_before = 0, not_after = 0;

	(void)usage_dates(entry->certificate, &not_before, &not_after);
	if (number > 0)
		printf("%4zu ", number);
	print_column(phrase_state(standing->state), 13);
	print_column(phrase_date(text, not_before), 10);
	print_column(phrase_date(text, not_after), 11);
	print_column(phrase_usage(entry->certificate), 24);
	print_column(entry->name, 20);
	print_column(entry->email, 26);
	printf("%s\n", naming_serial(entry->certificate, serial, sizeof(serial)));
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
	const struct directory_result *directory = &found->directory;
	int page = choose_can_ask() ? rows() - 2 : 0, shown = 1;

	print_heading(numbered);
	for (size_t i = 0; i < directory->count; i++) {
		if (page > 0 && shown == page) {
			if (!turn_page())
				break;
			shown = 0;
		}
		print_row(&directory->entries[i], &found->standings[i], numbered ? i + 1 : 0);
		shown++;
	}
	print_cut(directory);
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

/* What a certificate says may hold lines of its own, and must not look like ours. */
static void print_detail(const char *label, const char *text)
{
	char line[NAMING_MAX];

	utf8_clean(text, line, sizeof(line));
	for (char *at = line; *at != '\0'; at++)
		if (*at == '\n')
			*at = ' ';
	print_column(label, 14);
	printf("%s\n", line);
}

static void print_policies(X509 *certificate)
{
	CERTIFICATEPOLICIES *policies;
	char oid[128];

	ERR_set_mark();
	policies = X509_get_ext_d2i(certificate, NID_certificate_policies, NULL, NULL);
	ERR_pop_to_mark();
	for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
		if (OBJ_obj2txt(oid, sizeof(oid), sk_POLICYINFO_value(policies, i)->policyid, 1) >
		    0)
			print_detail(_("Policy"), oid);
	CERTIFICATEPOLICIES_free(policies);
}

void choose_details(const struct directory_entry *entry, const struct standing *standing)
{
	X509 *certificate = entry->certificate;
	char text[NAMING_MAX], phrase[PHRASE_MAX];
	int64_t not_before = 0, not_after = 0;

	(void)usage_dates(certificate, &not_before, &not_after);
	print_detail(_("Name"), entry->name);
	print_detail(_("E-mail"), entry->email);
	print_detail(_("Status"), phrase_standing(phrase, standing));
	print_detail(_("Valid from"), phrase_date(phrase, not_before));
	print_detail(_("Valid until"), phrase_date(phrase, not_after));
	print_detail(_("Usage"), phrase_usage(certificate));
	print_detail(_("Subject"),
		     naming_whole(X509_get_subject_name(certificate), text, sizeof(text)));
	print_detail(_("Serial number"), naming_serial(certificate, text, sizeof(text)));
	print_detail(_("Issuer"),
		     naming_whole(X509_get_issuer_name(certificate), text, sizeof(text)));
	print_policies(certificate);
}
