/* SPDX-License-Identifier: MIT */
/* What `certrenew status` says of renewals that stopped half-way. */
#include <string.h>

#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/renewal/renewal.h"
#include "helper/words/words_journal.h"

struct card_name {
	char serial[TOKEN_NAME_MAX], label[TOKEN_NAME_MAX];
};

/* `entry` NULL: there is something that cannot be read. */
static void tell(struct dialogue *dialogue, const struct card_name *card,
		 const struct journal_entry *entry)
{
	struct message *message = message_new(MESSAGE_UNFINISHED);
	enum journal_state state = entry != NULL ? entry->state : 0;
	int64_t retry_at = entry != NULL ? entry->retry_at : 0;
	char next[SENTENCE_MAX];

	message_put_text(message, FIELD_SENTENCE, words_journal_state(state));
	message_put_text(message, FIELD_NEXT, words_journal_next(next, state, retry_at));
	message_put_text(message, FIELD_TOKEN_SERIAL, card->serial);
	message_put_text(message, FIELD_TOKEN_LABEL, card->label);
	message_put_number(message, FIELD_UNFINISHED, state);
	if (entry != NULL) {
		message_put_number(message, FIELD_ROLE, entry->role);
		message_put_number(message, FIELD_SINCE, entry->updated);
	}
	if (state == JOURNAL_WAITING)
		message_put_number(message, FIELD_RETRY_AT, retry_at);
	dialogue_say(dialogue, message);
}

static void tell_card(struct dialogue *dialogue, const struct card_name *card)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct journal_entry *entries = NULL;
	struct journal *journal = NULL;
	size_t count = 0;

	if (journal_open(PATH_JOURNAL, card->serial, card->label, &journal, &failure) < 0 ||
	    journal_unfinished(journal, &entries, &count, &failure) < 0) {
		log_failure(EVENT_UNFINISHED_NOT_READ, "an unfinished renewal cannot be read",
			    &failure);
		tell(dialogue, card, NULL);
	}
	for (size_t i = 0; i < count; i++)
		tell(dialogue, card, &entries[i]);
	journal_entries_free(entries, count);
	journal_close(journal);
}

int tell_unfinished(const char *tokens, struct dialogue *dialogue, struct failure *failure)
{
	char name[TOKEN_NAME_MAX];
	struct card_name card;
	size_t length;

	for (; *tokens != '\0'; tokens += length + (tokens[length] == ',')) {
		length = strcspn(tokens, ",");
		if (length >= sizeof(name))
			return fail(failure, FAILURE_JOURNAL, "no token's name: %.80s", tokens);
		memcpy(name, tokens, length);
		name[length] = '\0';
		if (token_name_read(name, card.serial, card.label) < 0)
			return fail(failure, FAILURE_JOURNAL, "no token's name: %s", name);
		tell_card(dialogue, &card);
	}
	return 0;
}
