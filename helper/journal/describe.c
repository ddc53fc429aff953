/* SPDX-License-Identifier: MIT */
/* list and show. Never key material: there is none in the journal, and the request's bytes are
 * export's alone. */
#include <stdio.h>
#include <string.h>

#include "conf/config.h"
#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/command/columns.h"
#include "helper/command/exit.h"
#include "helper/command/json.h"
#include "helper/command/json_certificate.h"
#include "helper/common/paths.h"
#include "helper/common/utf8.h"
#include "helper/journal/journal_command.h"
#include "helper/words/words_journal.h"

static const char *role_words(const struct record *record)
{
	if (record->damaged)
		return "?";
	return record->entry.role == ROLE_ENCRYPTION ? _("encryption") : _("signature");
}

static const char *state_words(const struct record *record)
{
	if (record->damaged)
		return words_journal_state(0);
	if (!record->archived)
		return words_journal_state(record->entry.state);
	return record->entry.state == JOURNAL_DONE ? _("finished, kept") : _("put aside, kept");
}

static const char *card_of(const struct record *record)
{
	if (record->serial[0] != '\0')
		return record->serial;
	return record->label[0] != '\0' ? record->label : record->folder;
}

char *journal_advice(char *out, const struct record *record)
{
	if (record->misplaced)
		return sentence_make(out,
				     _("In %s there are only folders of cards, which belong to "
				       "%s alone: find out who changed that, and undo it."),
				     PATH_JOURNAL, CERTRENEW_USER);
	if (record->archived)
		return sentence_make(out, "%s", _("It no longer stands in the way of a renewal."));
	return sentence_make(out,
			     _("The card is not renewed as long as it is there: "
			       "'certrenew journal discard %s' puts it aside."),
			     record->id);
}

/* --- the list ------------------------------------------------------------------------------ */

enum { COLUMN_ID, COLUMN_CARD, COLUMN_ROLE, COLUMN_SINCE, COLUMN_STATE, COLUMN_NEXT, COLUMNS };

struct row {
	char card[NAME_MAX_SHOWN], since[DATE_MAX], next[SENTENCE_MAX];
	const char *cells[COLUMNS];
};

static void fill_heading(struct row *row)
{
	row->cells[COLUMN_ID] = _("ID");
	row->cells[COLUMN_CARD] = _("CARD");
	row->cells[COLUMN_ROLE] = _("RENEWAL");
	row->cells[COLUMN_SINCE] = _("SINCE");
	row->cells[COLUMN_STATE] = _("STATE");
	row->cells[COLUMN_NEXT] = _("NEXT STEP");
}

/* The cells point into the row and the record. */
static void fill_row(struct row *row, const struct record *record)
{
	row->cells[COLUMN_ID] = record->id;
	row->cells[COLUMN_CARD] = sentence_name(row->card, card_of(record));
	row->cells[COLUMN_ROLE] = role_words(record);
	row->cells[COLUMN_SINCE] = "?";
	if (!record->damaged)
		row->cells[COLUMN_SINCE] = sentence_time(row->since, record->entry.updated);
	row->cells[COLUMN_STATE] = state_words(record);
	row->cells[COLUMN_NEXT] = "-";
	if (!record->archived)
		row->cells[COLUMN_NEXT] = words_journal_step(
		    row->next, record->damaged ? 0 : record->entry.state, record->entry.retry_at);
}

static void print_table(const struct records *records)
{
	struct columns columns = {.count = COLUMNS, .numbers = -1};
	struct row row;

	if (records->count == 0) {
		puts(_("There is no record of a renewal."));
		return;
	}
	fill_heading(&row);
	columns_widen(&columns, row.cells);
	for (size_t i = 0; i < records->count; i++) {
		fill_row(&row, &records->items[i]);
		columns_widen(&columns, row.cells);
	}
	fill_heading(&row);
	columns_print_row(&columns, row.cells);
	for (size_t i = 0; i < records->count; i++) {
		fill_row(&row, &records->items[i]);
		columns_print_row(&columns, row.cells);
	}
	if (records->more)
		puts(_("There are more of them than can be shown."));
}

/* --- one of them --------------------------------------------------------------------------- */

static void print_detail(const char *label, const char *text)
{
	enum { LABEL_WIDTH = 24 };
	char line[NAMING_MAX];

	utf8_clean_line(text, line, sizeof(line));
	columns_print(label, LABEL_WIDTH, false);
	printf("%*s%s\n", COLUMNS_GAP, "", line);
}

static void print_certificate(X509 *certificate, const char *serial_label, const char *ends_label)
{
	int64_t not_before = 0, not_after = 0;
	char text[NAMING_MAX], begins[DATE_MAX], ends[DATE_MAX];

	if (certificate == NULL)
		return;
	print_detail(serial_label, naming_serial(certificate, text, sizeof(text)));
	(void)usage_dates(certificate, &not_before, &not_after);
	snprintf(text, sizeof(text), "%s – %s", sentence_date(begins, not_before),
		 sentence_date(ends, not_after));
	print_detail(ends_label, text);
}

/* The section's name, and what the configuration says of it today. */
static void print_ca(const char *name)
{
	struct config_error error = {""};
	struct config *config = NULL;
	char text[NAMING_MAX];

	snprintf(text, sizeof(text), "%s", name);
	if (config_load(PATH_CONFIG, true, &config, &error) == 0)
		for (size_t i = 0; i < config->ca_count; i++)
			if (strcmp(config->cas[i].name, name) == 0)
				snprintf(text, sizeof(text), "%s (%s)", name, config->cas[i].url);
	config_free(config);
	print_detail(_("Certification authority"), text);
}

static void print_entry(const struct record *record)
{
	const struct journal_entry *entry = &record->entry;
	char text[NAMING_MAX], when[DATE_MAX], next[SENTENCE_MAX];

	print_detail(_("Certificate"), role_words(record));
	print_detail(_("State"), state_words(record));
	print_detail(_("Since"), sentence_time(when, entry->updated));
	if (!record->archived)
		print_detail(_("Next step"),
			     words_journal_next(next, entry->state, entry->retry_at));
	print_ca(entry->ca);
	print_detail(_("Subject"),
		     naming_whole(X509_get_subject_name(entry->old), text, sizeof(text)));
	print_detail(_("Issuer"),
		     naming_whole(X509_get_issuer_name(entry->old), text, sizeof(text)));
	print_certificate(entry->old, _("Old serial number"), _("Old one valid"));
	print_certificate(entry->issued, _("New serial number"), _("New one valid"));
	print_detail(_("Key"), entry->new_key ? _("a new one") : _("the same"));
}

static void print_details(const struct record *record)
{
	char path[sizeof(PATH_JOURNAL) + 2 * RECORD_NAME_MAX], advice[SENTENCE_MAX];

	print_detail(_("ID"), record->id);
	print_detail(_("Card"), card_of(record));
	if (record->damaged) {
		print_detail(_("State"), state_words(record));
		print_detail(_("Why"), record->why.detail);
		print_detail(_("Next step"), journal_advice(advice, record));
	} else {
		print_entry(record);
	}
	snprintf(path, sizeof(path), "%s/%s/%s", PATH_JOURNAL, record->folder, record->file);
	print_detail(_("File"), path);
}

/* --- JSON, which is the same in every language ---------------------------------------------- */

static void member_certificate(const char *name, X509 *certificate)
{
	printf(", \"%s\": ", name);
	if (certificate == NULL) {
		printf("null");
		return;
	}
	putchar('{');
	json_certificate(certificate);
	putchar('}');
}

static void member_flag(const char *name, bool value)
{
	printf(", \"%s\": %s", name, value ? "true" : "false");
}

/* Only what was read has these. */
static void members_of_entry(const struct journal_entry *entry)
{
	json_member("role", entry->role == ROLE_ENCRYPTION ? "encryption" : "signature");
	json_time("since", entry->updated);
	if (entry->state == JOURNAL_WAITING)
		json_time("retry_at", entry->retry_at);
	else
		json_member("retry_at", NULL);
	json_member("ca", entry->ca);
	member_flag("new_key", entry->new_key);
	member_flag("requested", entry->request != NULL);
	member_certificate("old", entry->old);
	member_certificate("new", entry->issued);
}

static void members_of_none(void)
{
	static const char *const names[] = {"role",    "since",	    "retry_at", "ca",
					    "new_key", "requested", "old",	"new"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_member(names[i], NULL);
}

static void print_members(const struct record *record)
{
	enum journal_state state = record->damaged ? 0 : record->entry.state;

	printf("\"id\": ");
	json_text(record->id);
	json_member("token_serial_number", record->serial);
	json_member("token_label", record->label);
	member_flag("archived", record->archived);
	json_member("state", record->damaged ? "damaged" : journal_state_name(state));
	json_member("next", record->archived ? NULL : journal_next_name(state));
	json_member("file", record->file);
	json_member("why", record->damaged ? record->why.detail : NULL);
	if (record->damaged)
		members_of_none();
	else
		members_of_entry(&record->entry);
}

void journal_json_failed(bool list, enum failure_code code)
{
	printf("{\"error\": ");
	json_text(json_error_name(code));
	printf("%s}\n", list ? ", \"records\": [], \"complete\": false" : "");
}

int journal_list(const struct records *records, bool json)
{
	int result = EXIT_FINE;

	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = &records->items[i];

		if (!record->archived && record->damaged)
			result = EXIT_UNUSABLE;
		else if (!record->archived && result == EXIT_FINE)
			result = EXIT_DUE;
	}
	if (!json) {
		print_table(records);
		return result;
	}
	printf("{\"error\": null, \"records\": [");
	for (size_t i = 0; i < records->count; i++) {
		printf("%s\n  {", i == 0 ? "" : ",");
		print_members(&records->items[i]);
		putchar('}');
	}
	printf("%s], \"complete\": %s}\n", records->count > 0 ? "\n" : "",
	       records->more ? "false" : "true");
	return result;
}

int journal_show(const struct record *record, bool json)
{
	if (json) {
		printf("{\"error\": null, ");
		print_members(record);
		puts("}");
	} else {
		print_details(record);
	}
	return record->damaged ? EXIT_UNUSABLE : EXIT_FINE;
}
