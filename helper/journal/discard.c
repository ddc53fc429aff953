/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/common/answer.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/journal/journal_command.h"
#include "helper/words/words.h"
#include "helper/words/words_journal.h"

enum { LINE_LENGTH = 64 };

static int refuse(const char *why)
{
	fprintf(stderr, "certrenew: %s\n", why);
	return EXIT_ERROR;
}

static int busy(void)
{
	char text[WORDS_MAX];

	fprintf(stderr, "certrenew: %s\n", words_failed(text, FAILURE_BUSY, 0));
	fprintf(stderr, "%s\n", words_next(text, FAILURE_BUSY));
	return EXIT_ERROR;
}

/* Nobody who can be asked has not said yes. */
static bool consents(void)
{
	char line[LINE_LENGTH];

	fflush(stdout);
	return isatty(STDIN_FILENO) &&
	       terminal_read(_("Discard it? (yes / no) "), line, sizeof(line), true) == 0 &&
	       answer_means(words_yes(), line);
}

/* Under the lock: as it was when it was shown. */
static int put_aside(const struct record *record, struct failure *failure)
{
	struct journal *journal = NULL;
	int result;

	if (record->damaged)
		return record_put_aside(record, failure);
	result = journal_open(PATH_JOURNAL, record->serial, record->label, &journal, failure);
	if (result == 0)
		result = journal_archive(journal, &record->entry, failure);
	journal_close(journal);
	return result;
}

/* A renewal that ran while the question was open has come further than what was shown. */
static bool is_unchanged(struct records *records, const struct record *record,
			 struct failure *failure)
{
	enum journal_state state = record->damaged ? 0 : record->entry.state;
	int64_t updated = record->entry.updated;
	bool damaged = record->damaged;

	for (size_t i = 0; i < records->count; i++)
		journal_entry_clear(&records->items[i].entry);
	if (records_read(records, failure) < 0)
		return false;
	return record->damaged == damaged &&
	       (damaged || (record->entry.state == state && record->entry.updated == updated));
}

static int confirm(const struct record *record, bool yes)
{
	char lost[WORDS_MAX];

	journal_show(record, false);
	puts(words_journal_lost(lost, record->damaged ? 0 : record->entry.state));
	if (yes || consents())
		return EXIT_FINE;
	puts(_("Nothing was changed. '--yes' discards it without a question."));
	return EXIT_DUE;
}

int journal_discard(struct records *records, struct record *record, int lock, bool yes)
{
	struct failure failure = {.code = FAILURE_NONE};
	char advice[SENTENCE_MAX];
	int result;

	if (record->archived)
		return refuse(_("This record is in the archive already; nothing waits for it."));
	if (record->misplaced || lock < 0)
		return refuse(journal_advice(advice, record));
	/* Nothing but the record could put the old certificate back in its place. */
	if (!record->damaged && (record->entry.state == JOURNAL_MOVED_ASIDE ||
				 record->entry.state == JOURNAL_TAKEN_OFF))
		return refuse(words_journal_lost(advice, record->entry.state));
	if (flock(lock, LOCK_EX | LOCK_NB) < 0)
		return busy();
	/* No login shall wait for an administrator who thinks it over. */
	flock(lock, LOCK_UN);
	result = confirm(record, yes);
	if (result != EXIT_FINE)
		return result;
	if (flock(lock, LOCK_EX | LOCK_NB) < 0)
		return busy();
	if (!is_unchanged(records, record, &failure))
		return refuse(_("The record has changed meanwhile. Look at it again."));
	if (put_aside(record, &failure) < 0)
		return journal_error(_("not discarded"), &failure);
	log_line(EVENT_DISCARDED, "token %s: the unfinished renewal %s/%s was discarded (%s)",
		 record->serial, record->folder, record->file,
		 record->damaged ? "damaged" : journal_state_name(record->entry.state));
	puts(_("It was put aside; what it held is kept in the archive."));
	return EXIT_FINE;
}
