/* SPDX-License-Identifier: MIT */
#include "helper/desktop/agent.h"

#include <string.h>
#include <time.h>

#include "helper/common/log.h"
#include "helper/desktop/alarm.h"
#include "helper/desktop/bubble.h"
#include "helper/desktop/dialog.h"
#include "helper/desktop/inquiry.h"
#include "helper/desktop/queue.h"
#include "helper/desktop/renewing.h"
#include "helper/desktop/seat.h"
#include "helper/desktop/talk.h"
#include "helper/words/desktop.h"

/* Details are read longer than a question is answered; a helper's clock may be a little ahead. */
enum { DETAILS_SECONDS = 600, ALARM_MIN_SECONDS = 60 };

enum state { IDLE, READING, ASKING, DETAILS, RENEWING, TOLD };

struct agent {
	struct agent_setup setup;
	enum state state;
	struct item *item; /* asked: ASKING, DETAILS */
	struct queue *queue;
	GHashTable *asked;  /* serial numbers of the cards that this session was asked about */
	bool expired_told;  /* what cannot be renewed is said once */
	bool details_shown; /* in the bubble, where no window can be shown */
	bool ask_again;	    /* the alarm rang while something else went on */

	struct bubble *bubble;
	struct seat *seat;
	struct alarm_clock *alarm;
	struct inquiry *inquiry;
	struct renewing *renewing;
	struct dialog *details;
	struct talk *later;
};

static void show(struct agent *agent, enum state state, struct content *content)
{
	agent->state = state;
	bubble_show(agent->bubble, content);
}

static void drop_item(struct agent *agent)
{
	dialog_end(agent->details);
	agent->details = NULL;
	item_free(agent->item);
	agent->item = NULL;
	agent->details_shown = false;
}

static void show_question(struct agent *agent)
{
	show(agent, ASKING,
	     face_question(agent->item->card, agent->item->can_renew, agent->details_shown));
}

/* Says the next thing, if nothing is being said. */
static void go_on(struct agent *agent)
{
	struct item *item;

	if (agent->state != IDLE || !seat_is_active(agent->seat))
		return;
	item = queue_next(agent->queue);
	if (item == NULL && agent->ask_again) {
		agent->ask_again = false;
		inquiry_ask(agent->inquiry, INQUIRY_ALARM);
	} else if (item == NULL) {
		bubble_show(agent->bubble, NULL);
	} else if (item->card == NULL) {
		show(agent, TOLD, item->content);
		item->content = NULL;
		item_free(item);
	} else {
		agent->item = item;
		g_hash_table_add(agent->asked, g_strdup(item->card->serial));
		show_question(agent);
	}
}

static void settle(struct agent *agent)
{
	drop_item(agent);
	agent->state = IDLE;
	go_on(agent);
}

/* --- what the helper found -------------------------------------------------------------------- */

static void set_alarm(struct agent *agent, int64_t when)
{
	int64_t now = (int64_t)time(NULL), before = alarm_get(agent->alarm);

	if (when <= 0)
		return;
	if (when < now + ALARM_MIN_SECONDS)
		when = now + ALARM_MIN_SECONDS;
	if (before == 0 || when < before)
		alarm_set(agent->alarm, when);
}

static bool is_being_asked(const struct agent *agent, const struct card *card)
{
	return queue_has_card(agent->queue, card->serial) ||
	       (agent->item != NULL && strcmp(agent->item->card->serial, card->serial) == 0);
}

static bool is_to_be_asked(const struct agent *agent, enum inquiry_reason reason,
			   const struct findings *findings, const struct card *card)
{
	int64_t now = (int64_t)time(NULL);

	if (reason == INQUIRY_DEMAND)
		return card_can_renew(card, now);
	if (findings->silent || !card_wants_word(card, now))
		return false;
	return reason != INQUIRY_CARD || is_being_asked(agent, card) ||
	       !g_hash_table_contains(agent->asked, card->serial);
}

/* Decided for all cards before the queue changes, as it says what is being asked already. */
static size_t queue_questions(struct agent *agent, enum inquiry_reason reason,
			      const struct findings *findings)
{
	bool can_renew = reason == INQUIRY_DEMAND || !findings->notice_only;
	GPtrArray *chosen = g_ptr_array_new();
	size_t count;

	cards_sort(findings->cards);
	for (guint i = 0; i < findings->cards->len; i++) {
		struct card *card = g_ptr_array_index(findings->cards, i);

		if (is_to_be_asked(agent, reason, findings, card))
			g_ptr_array_add(chosen, card);
		if (card->unfinished)
			set_alarm(agent, card->retry_at);
	}
	queue_drop_questions(agent->queue);
	for (guint i = 0; i < chosen->len; i++)
		queue_question(agent->queue, g_ptr_array_index(chosen, i), can_renew);
	count = chosen->len;
	g_ptr_array_unref(chosen);
	return count;
}

static size_t queue_expired(struct agent *agent, enum inquiry_reason reason,
			    const struct findings *findings)
{
	size_t count = 0;

	if (findings->silent || (agent->expired_told && reason != INQUIRY_DEMAND))
		return 0;
	for (guint i = 0; i < findings->cards->len; i++) {
		const struct card *card = g_ptr_array_index(findings->cards, i);

		if (card_expired_count(card) == 0)
			continue;
		queue_notice(agent->queue, face_expired(card), true);
		count++;
	}
	agent->expired_told = agent->expired_told || count > 0;
	return count;
}

/* A demand is always answered. */
static struct content *answer_demand(const struct findings *findings)
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

static void on_found(void *data, enum inquiry_reason reason, const struct findings *findings)
{
	struct agent *agent = data;
	size_t count = 0;

	if (findings->checked) {
		if (reason != INQUIRY_CARD)
			alarm_set(agent->alarm, 0);
		set_alarm(agent, findings->again_at);
		set_alarm(agent, findings->outcome->retry_at);
		if (!outcome_is_empty(findings->outcome)) {
			queue_notice(agent->queue, face_outcome(findings->outcome), false);
			count++;
		}
		count += queue_questions(agent, reason, findings);
		count += queue_expired(agent, reason, findings);
	}
	if (reason == INQUIRY_DEMAND && count == 0)
		queue_notice(agent->queue, answer_demand(findings), false);
	/* What is asked is asked with the new facts, or no more. */
	if (agent->state == READING ||
	    (findings->checked && (agent->state == ASKING || agent->state == DETAILS)))
		settle(agent);
	else
		go_on(agent);
}

static void on_alarm(void *data)
{
	struct agent *agent = data;

	/* Another's turn at the seat: it is asked anew when that ends. */
	if (!seat_is_active(agent->seat))
		return;
	if (agent->state == RENEWING || agent->state == TOLD || agent->state == DETAILS)
		agent->ask_again = true;
	else
		inquiry_ask(agent->inquiry, INQUIRY_ALARM);
}

/* --- what the person does ------------------------------------------------------------------------
 */

static void on_later_message(void *data, const struct message *message)
{
	(void)data;
	if (message_type(message) == MESSAGE_FAILED)
		log_line(LOG_WARNING, "that it was put off was not noted: %s",
			 failure_name((enum failure_code)message_number(message, FIELD_CODE)));
}

static void on_later_end(void *data, const struct failure *failure)
{
	struct agent *agent = data;

	(void)failure;
	agent->later = NULL;
}

static void note_later(struct agent *agent, const struct card *card)
{
	static const struct talk_events events = {on_later_message, on_later_end};
	const struct client_request request = {
	    .action = REQUEST_LATER,
	    .language = agent->setup.language,
	    .token_serial = card->serial,
	};
	struct failure failure = {.code = FAILURE_NONE};

	talk_close(agent->later);
	agent->later = NULL;
	if (talk_open(&request, &events, agent, &agent->later, &failure) < 0)
		log_failure(LOG_WARNING, "that it was put off was not noted", &failure);
}

static void on_progress(void *data, const struct progress *progress)
{
	show(data, RENEWING, face_progress(progress));
}

static struct content *content_of_end(const struct renewing_end *end)
{
	if (end->unusable)
		return face_unusable(end->outcome);
	if (end->walked_away)
		return face_walked_away(end->outcome);
	/* Who said later, or went away from the seat, knows. */
	if ((end->put_off || end->retreated) && end->outcome->code == FAILURE_CANCELLED)
		return NULL;
	return face_outcome(end->outcome);
}

static void on_renewed(void *data, const struct renewing_end *end)
{
	struct agent *agent = data;
	struct content *content = content_of_end(end);

	agent->renewing = NULL;
	if (end->put_off)
		note_later(agent, agent->item->card);
	set_alarm(agent, end->outcome->retry_at);
	if (content != NULL)
		queue_notice(agent->queue, content, false);
	settle(agent);
	if (seat_is_active(agent->seat))
		inquiry_watch(agent->inquiry);
}

static void renew(struct agent *agent)
{
	static const struct renewing_events events = {on_progress, on_renewed};
	const struct progress begun = {desktop_answer_in_window(), 0, 0, true};
	const struct renewing_setup setup = {
	    .card = agent->item->card,
	    .language = agent->setup.language,
	    .pinentry = agent->setup.pinentry,
	};
	struct failure failure = {.code = FAILURE_NONE};

	dialog_end(agent->details);
	agent->details = NULL;
	/* The card has one reader at a time. */
	inquiry_stop(agent->inquiry);
	show(agent, RENEWING, face_progress(&begun));
	agent->renewing = renewing_start(&setup, &events, agent, &failure);
	if (agent->renewing != NULL)
		return;
	log_failure(LOG_WARNING, "the helper cannot be reached", &failure);
	queue_notice(agent->queue, face_unreachable(), false);
	settle(agent);
}

static void put_off(struct agent *agent)
{
	note_later(agent, agent->item->card);
	settle(agent);
}

static void on_details_answered(void *data, enum pinentry_result result, const struct secret *pin)
{
	struct agent *agent = data;

	(void)pin;
	agent->details = NULL;
	agent->details_shown = result == PINENTRY_UNUSABLE;
	show_question(agent);
}

static void show_details(struct agent *agent)
{
	const struct pinentry_question question = {
	    .kind = PINENTRY_MESSAGE,
	    .program = g_strdup(agent->setup.pinentry),
	    .title = g_strdup(desktop_title()),
	    .description = face_details(agent->item->card),
	    .ok = g_strdup(desktop_ok()),
	    .language = g_strdup(agent->setup.language),
	    .timeout_s = DETAILS_SECONDS,
	};

	agent->state = DETAILS;
	agent->details = dialog_open(&question, on_details_answered, agent);
}

static void on_event(void *data, enum notifier_event event)
{
	struct agent *agent = data;
	bool asking = agent->state == ASKING || agent->state == DETAILS;

	if (event == NOTIFIER_RENEW && asking && agent->item->can_renew)
		renew(agent);
	else if (event == NOTIFIER_LATER && asking)
		put_off(agent);
	else if (event == NOTIFIER_DETAILS && agent->state == ASKING)
		show_details(agent);
	else if (event == NOTIFIER_DISMISSED && agent->state == ASKING)
		put_off(agent);
	else if ((event == NOTIFIER_DISMISSED || event == NOTIFIER_GONE) && agent->state == TOLD)
		settle(agent);
}

/* --- the seat ------------------------------------------------------------------------------------
 */

static void enter(struct agent *agent)
{
	bubble_hide(agent->bubble, false);
	if (agent->renewing != NULL)
		renewing_retreat(agent->renewing, false);
	else
		inquiry_ask(agent->inquiry, INQUIRY_START);
}

static void leave(struct agent *agent)
{
	bubble_hide(agent->bubble, true);
	inquiry_stop(agent->inquiry);
	queue_drop_questions(agent->queue);
	if (agent->renewing != NULL)
		renewing_retreat(agent->renewing, true);
	else if (agent->state != TOLD)
		settle(agent);
}

static void on_seat(void *data, bool active)
{
	log_line(LOG_INFO, active ? "this person is at the seat" : "the seat is another person's");
	if (active)
		enter(data);
	else
		leave(data);
}

struct agent *agent_new(const struct agent_setup *setup)
{
	struct agent *agent = g_new0(struct agent, 1);

	agent->setup = *setup;
	agent->queue = queue_new();
	agent->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	agent->seat = seat_new(on_seat, agent);
	agent->bubble = bubble_new(setup->bus, on_event, agent);
	agent->alarm = alarm_new(on_alarm, agent);
	agent->inquiry = inquiry_new(setup->language, on_found, agent);
	return agent;
}

void agent_start(struct agent *agent, bool demand)
{
	if (!seat_is_active(agent->seat))
		leave(agent);
	else if (!demand)
		enter(agent);
	if (demand)
		agent_demand(agent);
}

void agent_demand(struct agent *agent)
{
	if (!seat_is_active(agent->seat)) {
		log_line(LOG_NOTICE, "a renewal was asked for away from the seat");
	} else if (agent->state == RENEWING) {
		bubble_again(agent->bubble);
	} else {
		drop_item(agent);
		show(agent, READING, face_reading());
		inquiry_ask(agent->inquiry, INQUIRY_DEMAND);
	}
}

void agent_free(struct agent *agent)
{
	renewing_leave(agent->renewing);
	talk_close(agent->later);
	drop_item(agent);
	inquiry_free(agent->inquiry);
	alarm_free(agent->alarm);
	bubble_free(agent->bubble);
	seat_free(agent->seat);
	queue_free(agent->queue);
	g_hash_table_unref(agent->asked);
	g_free(agent);
}
