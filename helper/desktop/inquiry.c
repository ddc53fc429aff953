/* SPDX-License-Identifier: MIT */
#include "helper/desktop/inquiry.h"

#include <string.h>

#include "helper/common/clock.h"
#include "helper/common/log.h"
#include "helper/desktop/arrival.h"
#include "helper/desktop/talk.h"

/* Between two watches: a driver may report one card twice. Twice as long after each that failed. */
enum { PAUSE_MS = 2000, FAILED_PAUSE_MS = 5000, LONGEST_PAUSE_MS = 3600 * 1000 };

struct inquiry {
	const char *language;
	void (*found)(void *data, enum inquiry_reason reason, const struct findings *findings);
	void *data;

	struct talk *talk; /* the question or the watch; NULL between */
	enum inquiry_reason reason;
	struct findings findings;
	bool suspended;	    /* told to stop */
	bool cannot_watch;  /* the driver can't */
	unsigned failed;    /* watches, one after the other */
	int64_t watched_at; /* when the last watch began, on clock_now's clock */
	guint pause;
	struct arrival *arrival; /* while the helper is not there */
};

bool findings_tell(const struct findings *findings)
{
	return findings->checked &&
	       (findings->code == FAILURE_NONE || findings->code == FAILURE_NO_CARD ||
		findings->code == FAILURE_NO_CA);
}

static void forget_findings(struct inquiry *inquiry)
{
	if (inquiry->findings.cards != NULL)
		g_ptr_array_unref(inquiry->findings.cards);
	outcome_free(inquiry->findings.outcome);
	inquiry->findings = (struct findings){.cards = cards_new(), .outcome = outcome_new()};
}

static void take_checked(struct findings *findings, const struct message *message)
{
	const char *prompt = message_text(message, FIELD_PROMPT);

	findings->checked = true;
	/* A failure before it was that of the renewal that nobody heard of. */
	findings->code = (enum failure_code)message_number(message, FIELD_CODE);
	findings->notice_only = strcmp(prompt, "notice") == 0;
	findings->silent = strcmp(prompt, "off") == 0;
	findings->again_at = message_number(message, FIELD_AGAIN_AT);
}

static void on_message(void *data, const struct message *message)
{
	struct inquiry *inquiry = data;
	struct findings *findings = &inquiry->findings;

	if (message_type(message) == MESSAGE_CERTIFICATE)
		card_take(findings->cards, message);
	else if (message_type(message) == MESSAGE_CHECKED)
		take_checked(findings, message);
	else if (outcome_take(findings->outcome, message))
		findings->code = findings->outcome->code;
}

static gboolean on_pause_ended(gpointer data)
{
	struct inquiry *inquiry = data;

	inquiry->pause = 0;
	inquiry_watch(inquiry);
	return G_SOURCE_REMOVE;
}

static void on_end(void *data, const struct failure *failure)
{
	struct inquiry *inquiry = data;
	struct findings *findings = &inquiry->findings;
	bool was_watch = inquiry->reason == INQUIRY_CARD;

	inquiry->talk = NULL;
	findings->reached = true;
	if (failure->code != FAILURE_CANCELLED)
		log_failure(EVENT_ANSWER_BROKE, "the helper's answer", failure);
	if (!findings->checked && findings->code == FAILURE_NONE)
		findings->code = FAILURE_CRASHED;
	if (!findings->checked)
		log_line(EVENT_DUE_NOT_SAID, "the helper does not say what is due: %s",
			 failure_name(findings->code));
	if (was_watch && findings->code == FAILURE_DRIVER)
		inquiry->cannot_watch = true;
	/* One that ends at once would be started again and again. */
	else if (was_watch && (!findings_tell(findings) || findings->silent))
		inquiry->failed++;
	else
		inquiry->failed = 0;
	/* A watch that could not begin has seen no card, also not that there is none. */
	if (!was_watch || (findings->checked && !inquiry->cannot_watch))
		inquiry->found(inquiry->data, inquiry->reason, findings);
	if (!inquiry->suspended)
		inquiry_watch(inquiry);
}

static const struct talk_events events = {on_message, on_end};

static void on_arrived(void *data)
{
	struct inquiry *inquiry = data;

	if (!inquiry->suspended)
		inquiry_ask(inquiry, INQUIRY_START);
}

static int open_talk(struct inquiry *inquiry, enum request_action action, int64_t flags)
{
	const struct client_request request = {
	    .action = action,
	    .flags = flags,
	    .language = inquiry->language,
	};
	struct failure failure = {.code = FAILURE_NONE};

	forget_findings(inquiry);
	if (talk_open(&request, &events, inquiry, &inquiry->talk, &failure) == 0) {
		if (inquiry->arrival != NULL)
			log_line(EVENT_HELPER_BACK, "the helper is there now");
		arrival_free(inquiry->arrival);
		inquiry->arrival = NULL;
		return 0;
	}
	if (inquiry->arrival == NULL) {
		log_failure(EVENT_HELPER_UNREACHABLE,
			    "the helper cannot be reached, its socket is waited for", &failure);
		inquiry->arrival = arrival_new(on_arrived, inquiry);
	}
	return -1;
}

struct inquiry *inquiry_new(const char *language,
			    void (*found)(void *data, enum inquiry_reason reason,
					  const struct findings *findings),
			    void *data)
{
	struct inquiry *inquiry = g_new0(struct inquiry, 1);

	inquiry->language = language;
	inquiry->found = found;
	inquiry->data = data;
	inquiry->watched_at = clock_now() - PAUSE_MS;
	return inquiry;
}

void inquiry_stop(struct inquiry *inquiry)
{
	inquiry->suspended = true;
	talk_close(inquiry->talk);
	inquiry->talk = NULL;
	if (inquiry->pause != 0)
		g_source_remove(inquiry->pause);
	inquiry->pause = 0;
}

void inquiry_ask(struct inquiry *inquiry, enum inquiry_reason reason)
{
	inquiry_stop(inquiry);
	inquiry->suspended = false;
	/* Another driver may have been set up since. */
	inquiry->cannot_watch = false;
	inquiry->reason = reason;
	if (open_talk(inquiry, REQUEST_DUE, reason == INQUIRY_START ? 0 : REQUEST_FRESH) < 0)
		inquiry->found(inquiry->data, reason, &inquiry->findings);
}

/* From the beginning of one watch to that of the next. */
static int64_t pause_between(const struct inquiry *inquiry)
{
	int64_t pause = FAILED_PAUSE_MS;

	if (inquiry->failed == 0)
		return PAUSE_MS;
	for (unsigned i = 1; i < inquiry->failed && pause < LONGEST_PAUSE_MS; i++)
		pause *= 2;
	return pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
}

void inquiry_watch(struct inquiry *inquiry)
{
	int64_t left = inquiry->watched_at + pause_between(inquiry) - clock_now();

	inquiry->suspended = false;
	if (inquiry->talk != NULL || inquiry->cannot_watch || inquiry->pause != 0)
		return;
	if (left > 0) {
		inquiry->pause = g_timeout_add((guint)left, on_pause_ended, inquiry);
		return;
	}
	inquiry->reason = INQUIRY_CARD;
	inquiry->watched_at = clock_now();
	(void)open_talk(inquiry, REQUEST_WATCH, 0);
}

void inquiry_free(struct inquiry *inquiry)
{
	inquiry_stop(inquiry);
	arrival_free(inquiry->arrival);
	forget_findings(inquiry);
	g_ptr_array_unref(inquiry->findings.cards);
	outcome_free(inquiry->findings.outcome);
	g_free(inquiry);
}
