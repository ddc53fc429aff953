/* SPDX-License-Identifier: MIT */
#include "helper/desktop/agent.h"

#include <string.h>
#include <time.h>

#include "helper/common/log.h"
#include "helper/desktop/agenda.h"
#include "helper/desktop/alarm.h"
#include "helper/desktop/bubble.h"
#include "helper/desktop/dialog.h"
#include "helper/desktop/inquiry.h"
#include "helper/desktop/renewing.h"
#include "helper/desktop/seat.h"
#include "helper/desktop/talk.h"
#include "helper/words/desktop.h"

/* Details are read longer than a question is answered; a helper's clock may be a little ahead. */
enum { DETAILS_SECONDS = 600, ALARM_MIN_SECONDS = 60, ASK_AGAIN_SECONDS = 3600 };

enum state { IDLE, READING, ASKING, DETAILS, RENEWING, TOLD };

struct agent {
	struct agent_setup setup;
	enum state state;
	struct item *item; /* asked: ASKING, DETAILS */
	struct agenda *agenda;
	bool away;	    /* the seat is another person's */
	bool refused;	    /* by the helper, as a session is that logind does not know yet */
	bool details_shown; /* in the bubble, where no window can be shown */
	bool ask_again;	    /* the alarm rang while something else went on */

	struct bubble *bubble;
	struct seat *seat;
	struct alarm_clock *alarm;
	struct inquiry *inquiry;
	struct renewing *renewing;
	struct dialog *details;
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

static void renew(struct agent *agent);

/* Says the next thing, if nothing is being said. */
static void go_on(struct agent *agent)
{
	struct item *item;

	if (agent->state != IDLE)
		return;
	item = agent->away ? NULL : agenda_next(agent->agenda);
	if (item == NULL) {
		/* Also what is hidden: it is no longer so when the person comes back. */
		bubble_show(agent->bubble, NULL);
		if (agent->ask_again && !agent->away) {
			agent->ask_again = false;
			inquiry_ask(agent->inquiry, INQUIRY_ALARM);
		}
	} else if (item->card == NULL) {
		show(agent, TOLD, item->content);
		item->content = NULL;
		item_free(item);
	} else {
		agent->item = item;
		if (item->demanded)
			renew(agent);
		else
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
	/* time(2) may be a moment behind the timer. */
	when++;
	if (when < now + ALARM_MIN_SECONDS)
		when = now + ALARM_MIN_SECONDS;
	if (before == 0 || when < before)
		alarm_set(agent->alarm, when);
}

static void on_found(void *data, enum inquiry_reason reason, const struct findings *findings)
{
	struct agent *agent = data;
	const char *current = agent->item != NULL ? agent->item->card->serial : NULL;
	int64_t now = (int64_t)time(NULL);
	bool something;

	agent->refused = !findings->checked && findings->code == FAILURE_REFUSED;
	if (findings_tell(findings) && reason != INQUIRY_CARD)
		alarm_set(agent->alarm, 0);
	set_alarm(agent, agenda_moment(reason, findings, now));
	something = agenda_take(agent->agenda, reason, findings, current, now);
	/* A question is asked with the new facts, or no more; a result has been read by now. */
	if (agent->state == READING ||
	    (findings_tell(findings) && (agent->state == ASKING || agent->state == DETAILS)) ||
	    (something && agent->state == TOLD))
		settle(agent);
	else
		go_on(agent);
}

static void on_alarm(void *data)
{
	struct agent *agent = data;

	/* Another's turn at the seat: it is asked anew when that ends. */
	if (agent->away)
		return;
	/* What a person has asked for is answered first. */
	if (agent->state == READING || agent->state == RENEWING || agent->state == DETAILS)
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
		log_line(EVENT_LATER_NOT_NOTED, "that it was put off was not noted: %s",
			 failure_name((enum failure_code)message_number(message, FIELD_CODE)));
}

static void on_later_end(void *data, const struct failure *failure)
{
	(void)data;
	(void)failure;
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
	struct talk *talk = NULL;

	/* It ends, and is freed, when the helper has noted it. */
	if (talk_open(&request, &events, NULL, &talk, &failure) < 0)
		log_failure(EVENT_LATER_NOT_NOTED, "that it was put off was not noted", &failure);
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
	if ((end->put_off || end->retreated) &&
	    (end->outcome->code == FAILURE_CANCELLED || outcome_is_empty(end->outcome)))
		return NULL;
	return face_outcome(end->outcome);
}

static void on_renewed(void *data, const struct renewing_end *end)
{
	struct agent *agent = data;
	struct content *content = content_of_end(end);

	agent->renewing = NULL;
	/* Once it is in the reader again, the person is asked again. */
	if (end->outcome->code == FAILURE_CARD_REMOVED || end->outcome->code == FAILURE_NO_CARD)
		agenda_forget(agent->agenda, agent->item->card->serial);
	set_alarm(agent, end->outcome->retry_at);
	if (content != NULL)
		agenda_notice(agent->agenda, content);
	settle(agent);
	if (agent->away)
		return;
	if (end->retreated)
		inquiry_ask(agent->inquiry, INQUIRY_START);
	else
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
	log_failure(EVENT_HELPER_UNREACHABLE, "the helper cannot be reached", &failure);
	/* Its socket is waited for, and then the question is there again. */
	inquiry_ask(agent->inquiry, INQUIRY_START);
	agenda_notice(agent->agenda, face_unreachable());
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
	else if (event == NOTIFIER_GONE && agent->state == ASKING)
		/* Nobody's wish: a server that comes back shows it by itself, for others there is
		 * the alarm, and whatever asks before that. */
		set_alarm(agent, (int64_t)time(NULL) + ASK_AGAIN_SECONDS);
	else if ((event == NOTIFIER_DISMISSED || event == NOTIFIER_GONE) && agent->state == TOLD)
		settle(agent);
}

/* --- the seat ------------------------------------------------------------------------------------
 */

static void enter(struct agent *agent)
{
	agent->away = false;
	bubble_hide(agent->bubble, false);
	if (agent->renewing != NULL)
		renewing_retreat(agent->renewing, false);
	else
		inquiry_ask(agent->inquiry, INQUIRY_START);
}

static void leave(struct agent *agent)
{
	agent->away = true;
	bubble_hide(agent->bubble, true);
	inquiry_stop(agent->inquiry);
	agenda_drop_questions(agent->agenda);
	if (agent->renewing != NULL)
		renewing_retreat(agent->renewing, true);
	else if (agent->state != TOLD)
		settle(agent);
}

static void on_seat(void *data)
{
	struct agent *agent = data;
	bool active = seat_is_active();

	if (active == agent->away)
		log_line(active ? EVENT_SEAT_OURS : EVENT_SEAT_ANOTHERS,
			 active ? "this person is at the seat" : "the seat is another's");
	if (active && (agent->away || agent->refused))
		enter(agent);
	else if (!active && !agent->away)
		leave(agent);
}

struct agent *agent_new(const struct agent_setup *setup)
{
	struct agent *agent = g_new0(struct agent, 1);

	agent->setup = *setup;
	agent->agenda = agenda_new();
	agent->seat = seat_new(on_seat, agent);
	agent->bubble = bubble_new(setup->bus, on_event, agent);
	agent->alarm = alarm_new(on_alarm, agent);
	agent->inquiry = inquiry_new(setup->language, on_found, agent);
	return agent;
}

void agent_start(struct agent *agent, bool demand)
{
	if (!seat_is_active())
		leave(agent);
	else if (!demand)
		enter(agent);
	if (demand)
		agent_demand(agent);
}

void agent_demand(struct agent *agent)
{
	if (agent->away) {
		log_line(EVENT_ASKED_AWAY, "a renewal was asked for away from the seat");
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
	drop_item(agent);
	inquiry_free(agent->inquiry);
	alarm_free(agent->alarm);
	bubble_free(agent->bubble);
	seat_free(agent->seat);
	agenda_free(agent->agenda);
	g_free(agent);
}
