/* SPDX-License-Identifier: MIT */
/* How it goes and how it ended, for the person. */
#include <string.h>
#include <time.h>

#include <openssl/objects.h>

#include "helper/card/naming.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/untold.h"
#include "helper/words/words.h"
#include "helper/renewal/renewal.h"

static const char *role_name(enum certificate_role role)
{
	return role == ROLE_ENCRYPTION ? "encryption" : "signature";
}

void tell_step(struct renewal *renewal, enum step step)
{
	struct message *message = message_new(MESSAGE_STEP);
	char sentence[WORDS_MAX];

	/* Waiting is no step of its own: it may happen or not. */
	if (step != STEP_WAITING)
		renewal->step++;
	message_put_text(message, FIELD_SENTENCE,
			 words_step(sentence, step, renewal->step, renewal->steps));
	message_put_number(message, FIELD_STEP, step);
	message_put_number(message, FIELD_STEP_NUMBER, renewal->step);
	message_put_number(message, FIELD_STEP_OF, renewal->steps);
	dialogue_say(renewal->dialogue, message);
}

void tell_asked_again(struct renewal *renewal, struct item *item)
{
	struct message *notice;
	char sentence[WORDS_MAX];

	if (!item->unheard)
		return;
	item->unheard = false;
	log_line(EVENT_ASKED_AGAIN,
		 item->asked_anew
		     ? "%s: asked before, and not answered: a new request was made, and the CA may "
		       "have issued two certificates"
		     : "%s: asked before, and not answered: the same request was sent again, and a "
		       "CA that did not remember it may have issued two certificates",
		 role_name(item->entry.role));
	notice = message_new(MESSAGE_NOTICE);
	message_put_text(notice, FIELD_SENTENCE,
			 words_asked_again(sentence, item->entry.role, item->asked_anew));
	dialogue_say(renewal->dialogue, notice);
}

static int64_t not_after_of(X509 *certificate)
{
	int64_t not_before = 0, not_after = 0;

	(void)usage_dates(certificate, &not_before, &not_after);
	return not_after;
}

void tell_due_sentence(const struct renewal *renewal, char *out)
{
	const struct validity_limits limits = {renewal->config->window, renewal->config->critical};
	char cn[NAMING_MAX], o[NAMING_MAX];
	const struct item *soonest = &renewal->items[0];
	struct validity validity;
	const X509_NAME *subject;
	int64_t ends;

	for (size_t i = 0; i < renewal->count; i++) {
		if (renewal->items[i].entry.state != JOURNAL_FOUND) {
			words_unfinished(out);
			return;
		}
		if (not_after_of(renewal->items[i].entry.old) < not_after_of(soonest->entry.old))
			soonest = &renewal->items[i];
	}
	ends = not_after_of(soonest->entry.old);
	validity = validity_judge(0, ends, time(NULL), &limits);
	subject = X509_get_subject_name(soonest->entry.old);
	words_due(out, renewal->count, validity.days_left, ends,
		  naming_attribute(subject, NID_commonName, cn, sizeof(cn)),
		  naming_attribute(subject, NID_organizationName, o, sizeof(o)));
}

/* A copy is kept until it is known whether anybody was there. */
static void tell_end(struct renewal *renewal, struct message *message)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (frames_add(&renewal->outcome, frames_copy(message), &failure) < 0)
		log_failure(EVENT_END_NOT_KEPT, "how it ended", &failure);
	dialogue_say(renewal->dialogue, message);
}

/* What a person who left has decided, or has been told by leaving, is no news. */
static bool is_news(enum failure_code code)
{
	return code != FAILURE_CANCELLED && code != FAILURE_NO_ANSWER &&
	       code != FAILURE_NOT_SHOWN && code != FAILURE_NOTHING_DUE;
}

static void keep_untold(const struct renewal *renewal)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (renewal->dialogue->gone && renewal->outcome.count > 0 &&
	    untold_add(PATH_UNTOLD, renewal->task->uid, &renewal->outcome, &failure) < 0)
		log_failure(EVENT_END_NOT_KEPT, "how it ended is not kept for the person",
			    &failure);
}

static void tell_renewed(struct renewal *renewal, const struct item *item)
{
	struct message *message = message_new(MESSAGE_RENEWED);
	int64_t old = not_after_of(item->entry.old), new = not_after_of(item->entry.issued);
	char sentence[WORDS_MAX];

	message_put_text(message, FIELD_SENTENCE,
			 words_renewed(sentence, item->entry.role, old, new));
	message_put_number(message, FIELD_ROLE, item->entry.role);
	message_put_number(message, FIELD_NOT_AFTER, old);
	message_put_number(message, FIELD_NEW_NOT_AFTER, new);
	tell_end(renewal, message);
}

static void tell_waiting(struct renewal *renewal, const struct item *item)
{
	struct message *message = message_new(MESSAGE_WAITING);
	char text[WORDS_MAX];

	message_put_text(message, FIELD_SENTENCE,
			 words_waiting(text, item->entry.role, item->entry.retry_at));
	message_put_text(message, FIELD_NEXT, words_waiting_next(text));
	message_put_number(message, FIELD_ROLE, item->entry.role);
	message_put_number(message, FIELD_RETRY_AT, item->entry.retry_at);
	tell_end(renewal, message);
}

/* Of the whole card, except for what was issued: that is said of the certificate in question (NULL:
 * of all). */
static enum card_state state_of_card(const struct renewal *renewal, const struct item *about)
{
	bool issued = false;

	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *item = &renewal->items[i];

		if (item->entry.state == JOURNAL_MOVED_ASIDE ||
		    item->entry.state == JOURNAL_TAKEN_OFF)
			return CARD_LACKS_ONE;
		if (about == NULL || about == item)
			issued = issued || item->entry.issued != NULL;
	}
	if (!renewal->card_changed)
		return CARD_AS_BEFORE;
	return issued ? CARD_ISSUED_KEPT : CARD_SIGNS_IN;
}

/* `item` NULL: for all of them. */
static void tell_failed(struct renewal *renewal, const struct failure *failure,
			const struct item *item)
{
	enum certificate_role role = item == NULL ? 0 : item->entry.role;
	struct message *message = message_new(MESSAGE_FAILED);
	char what[WORDS_MAX], state[WORDS_MAX];

	words_failed(what, failure->code, role);
	sentence_add(what, words_card_state(state, state_of_card(renewal, item)));
	message_put_number(message, FIELD_CODE, failure->code);
	message_put_text(message, FIELD_SENTENCE, what);
	message_put_text(message, FIELD_NEXT, words_next(what, failure->code));
	if (failure->said[0] != '\0')
		message_put_text(message, FIELD_SAID, failure->said);
	if (role != 0)
		message_put_number(message, FIELD_ROLE, role);
	tell_end(renewal, message);
}

/* One reason for all of them is told once. */
static bool all_failed_alike(const struct renewal *renewal)
{
	for (size_t i = 0; i < renewal->count; i++)
		if (renewal->items[i].failure.code == FAILURE_NONE ||
		    renewal->items[i].failure.code != renewal->items[0].failure.code)
			return false;
	return true;
}

static void log_item(const struct item *item)
{
	char old[SERIAL_TEXT_MAX], new[SERIAL_TEXT_MAX] = "none", subject[NAMING_MAX];
	const char *role = role_name(item->entry.role);

	naming_serial(item->entry.old, old, sizeof(old));
	if (item->entry.issued != NULL)
		naming_serial(item->entry.issued, new, sizeof(new));
	naming_whole(X509_get_subject_name(item->entry.old), subject, sizeof(subject));
	log_line(EVENT_CERTIFICATE, "%s certificate %s, new %s%s%s: %s", role, old, new,
		 log_names_people() ? ", of " : "", log_names_people() ? subject : "",
		 journal_state_name(item->entry.state));
	if (item->failure.code != FAILURE_NONE)
		log_failure(EVENT_CERTIFICATE_FAILED, role, &item->failure);
}

static void fill_report(struct renewal *renewal)
{
	struct report *report = &renewal->dialogue->report;
	char old[SERIAL_TEXT_MAX], new[SERIAL_TEXT_MAX];
	size_t used = 0;

	report->of = (uint8_t)renewal->count;
	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *item = &renewal->items[i];

		report->renewed = (uint8_t)(report->renewed + item->renewed);
		snprintf(new, sizeof(new), "-");
		if (item->entry.issued != NULL)
			naming_serial(item->entry.issued, new, sizeof(new));
		if (used < sizeof(report->certificates))
			used += (size_t)snprintf(
			    report->certificates + used, sizeof(report->certificates) - used,
			    "%s%s>%s", i == 0 ? "" : " ",
			    naming_serial(item->entry.old, old, sizeof(old)), new);
	}
}

static void tell_items(struct renewal *renewal)
{
	struct message *done;
	char sentence[WORDS_MAX];
	bool alike = all_failed_alike(renewal);
	size_t waiting = 0;

	fill_report(renewal);
	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *item = &renewal->items[i];

		log_item(item);
		waiting += item->waiting;
		if (item->renewed)
			tell_renewed(renewal, item);
		else if (item->waiting)
			tell_waiting(renewal, item);
		else if (!alike)
			tell_failed(renewal, &item->failure, item);
	}
	if (alike) {
		tell_failed(renewal, &renewal->items[0].failure, NULL);
		return;
	}
	if (waiting == renewal->count)
		return;
	done = message_new(MESSAGE_DONE);
	message_put_text(done, FIELD_SENTENCE,
			 words_done(sentence, renewal->dialogue->report.renewed, renewal->count));
	message_put_number(done, FIELD_COUNT, renewal->dialogue->report.renewed);
	message_put_number(done, FIELD_OF, (int64_t)renewal->count);
	tell_end(renewal, done);
}

void tell_busy(struct dialogue *dialogue)
{
	struct message *message = message_new(MESSAGE_FAILED);
	char text[WORDS_MAX];

	message_put_number(message, FIELD_CODE, FAILURE_BUSY);
	message_put_text(message, FIELD_SENTENCE, words_failed(text, FAILURE_BUSY, 0));
	message_put_text(message, FIELD_NEXT, words_next(text, FAILURE_BUSY));
	dialogue_say(dialogue, message);
}

void tell_outcome(struct renewal *renewal)
{
	tell_items(renewal);
	keep_untold(renewal);
}

void tell_failure(struct renewal *renewal, const struct failure *failure)
{
	fill_report(renewal);
	for (size_t i = 0; i < renewal->count; i++)
		log_item(&renewal->items[i]);
	/* At a login, no and later need no comment, and an unshown question is the desktop's. */
	if (failure->code == FAILURE_NOT_SHOWN ||
	    (renewal->task->action == REQUEST_LOGIN &&
	     (failure->code == FAILURE_CANCELLED || failure->code == FAILURE_NOTHING_DUE)))
		return;
	log_failure(EVENT_NOT_RENEWED, "not renewed", failure);
	tell_failed(renewal, failure, NULL);
	if (is_news(failure->code))
		keep_untold(renewal);
}
