/* SPDX-License-Identifier: MIT */
#include "helper/desktop/agenda.h"

#include <string.h>

/* After a driver that hung, or a helper that was ended. */
enum { AGAIN_SECONDS = 3600 };

struct agenda {
	GQueue notices, questions, last; /* struct item */
	GHashTable *asked;		 /* serial numbers, in this session */
	bool expired_told;
};

void item_free(struct item *item)
{
	if (item == NULL)
		return;
	card_release(item->card);
	content_free(item->content);
	g_free(item);
}

static void free_item(gpointer data)
{
	item_free(data);
}

struct agenda *agenda_new(void)
{
	struct agenda *agenda = g_new0(struct agenda, 1);

	g_queue_init(&agenda->notices);
	g_queue_init(&agenda->questions);
	g_queue_init(&agenda->last);
	agenda->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return agenda;
}

void agenda_free(struct agenda *agenda)
{
	g_queue_clear_full(&agenda->notices, free_item);
	g_queue_clear_full(&agenda->questions, free_item);
	g_queue_clear_full(&agenda->last, free_item);
	g_hash_table_unref(agenda->asked);
	g_free(agenda);
}

static void add_notice(GQueue *queue, struct content *content)
{
	struct item *item = g_new0(struct item, 1);

	item->content = content;
	g_queue_push_tail(queue, item);
}

void agenda_notice(struct agenda *agenda, struct content *content)
{
	add_notice(&agenda->notices, content);
}

void agenda_drop_questions(struct agenda *agenda)
{
	g_queue_clear_full(&agenda->questions, free_item);
}

void agenda_forget(struct agenda *agenda, const char *serial)
{
	g_hash_table_remove(agenda->asked, serial);
}

static bool is_being_asked(const struct agenda *agenda, const char *serial, const char *current)
{
	if (current != NULL && strcmp(current, serial) == 0)
		return true;
	for (const GList *at = agenda->questions.head; at != NULL; at = at->next)
		if (strcmp(((const struct item *)at->data)->card->serial, serial) == 0)
			return true;
	return false;
}

static void take_questions(struct agenda *agenda, enum inquiry_reason reason,
			   const struct findings *findings, const char *current, int64_t now)
{
	GQueue questions = G_QUEUE_INIT;

	cards_sort(findings->cards);
	for (guint i = 0; i < findings->cards->len; i++) {
		struct card *card = g_ptr_array_index(findings->cards, i);
		struct item *item;

		if (reason == INQUIRY_DEMAND ? !card_can_renew(card)
					     : findings->silent || !card_wants_word(card, now))
			continue;
		if (reason == INQUIRY_CARD && g_hash_table_contains(agenda->asked, card->serial) &&
		    !is_being_asked(agenda, card->serial, current))
			continue;
		item = g_new0(struct item, 1);
		item->card = card_hold(card);
		item->can_renew = reason == INQUIRY_DEMAND || !findings->notice_only;
		item->demanded = reason == INQUIRY_DEMAND && g_queue_is_empty(&questions);
		g_queue_push_tail(&questions, item);
	}
	agenda_drop_questions(agenda);
	agenda->questions = questions;
}

static void take_expired(struct agenda *agenda, enum inquiry_reason reason,
			 const struct findings *findings)
{
	if (reason != INQUIRY_DEMAND && (findings->silent || agenda->expired_told))
		return;
	g_queue_clear_full(&agenda->last, free_item);
	for (guint i = 0; i < findings->cards->len; i++) {
		const struct card *card = g_ptr_array_index(findings->cards, i);

		if (card_expired_count(card) == 0)
			continue;
		add_notice(&agenda->last, face_expired(card));
		agenda->expired_told = true;
	}
}

static struct content *face_of_answer(const struct findings *findings)
{
	struct content *content;
	struct outcome *outcome;

	if (!findings->reached)
		return face_unreachable();
	if (findings->checked && findings->code == FAILURE_NONE)
		return face_nothing_due(cards_renewable_from(findings->cards));
	if (!outcome_is_empty(findings->outcome))
		return face_outcome(findings->outcome);
	outcome = outcome_new();
	outcome_take_failure(outcome, findings->code);
	content = face_outcome(outcome);
	outcome_free(outcome);
	return content;
}

static bool is_empty(const struct agenda *agenda)
{
	return g_queue_is_empty((GQueue *)&agenda->notices) &&
	       g_queue_is_empty((GQueue *)&agenda->questions) &&
	       g_queue_is_empty((GQueue *)&agenda->last);
}

bool agenda_take(struct agenda *agenda, enum inquiry_reason reason, const struct findings *findings,
		 const char *current, int64_t now)
{
	if (findings->checked && !outcome_is_empty(findings->outcome))
		agenda_notice(agenda, face_outcome(findings->outcome));
	/* Where nothing could be read, what stood there stands. */
	if (findings_tell(findings)) {
		take_questions(agenda, reason, findings, current, now);
		take_expired(agenda, reason, findings);
	}
	if (reason == INQUIRY_DEMAND && (!findings_tell(findings) || is_empty(agenda)))
		agenda_notice(agenda, face_of_answer(findings));
	return !is_empty(agenda);
}

struct item *agenda_next(struct agenda *agenda)
{
	struct item *item = g_queue_pop_head(&agenda->notices);

	if (item == NULL)
		item = g_queue_pop_head(&agenda->questions);
	if (item != NULL && item->card != NULL)
		g_hash_table_add(agenda->asked, g_strdup(item->card->serial));
	return item != NULL ? item : g_queue_pop_head(&agenda->last);
}

static void earliest(int64_t *moment, int64_t when)
{
	if (when > 0 && (*moment == 0 || when < *moment))
		*moment = when;
}

int64_t agenda_moment(enum inquiry_reason reason, const struct findings *findings, int64_t now)
{
	int64_t moment = 0;

	if (!findings_tell(findings) &&
	    (reason == INQUIRY_ALARM || (findings->reached && !findings->checked)))
		return now + AGAIN_SECONDS;
	earliest(&moment, findings->again_at);
	earliest(&moment, findings->outcome->retry_at);
	for (guint i = 0; i < findings->cards->len; i++) {
		const struct card *card = g_ptr_array_index(findings->cards, i);

		if (card->unfinished)
			earliest(&moment, card->retry_at);
	}
	return moment;
}
