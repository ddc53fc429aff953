/* SPDX-License-Identifier: MIT */
#include "helper/desktop/renewing.h"

#include "helper/common/log.h"
#include "helper/desktop/dialog.h"
#include "helper/desktop/talk.h"
#include "helper/words/desktop.h"

/* Less than [login] question_timeout's default, at whose end the helper gives up. */
enum { QUESTION_SECONDS = 110 };

struct renewing {
	struct renewing_setup setup;
	const struct renewing_events *events;
	void *data;
	struct talk *talk;
	struct dialog *dialog;
	enum message_type asked; /* what the dialog asks */
	bool agreed;		 /* the first question is whether to renew, later ones are not */
	bool away;
	bool removable;
	int number, of; /* of the step */
	char *sentence; /* of the step */
	struct renewing_end end;
};

static void tell_progress(struct renewing *renewing, const char *sentence)
{
	const struct progress progress = {
	    .sentence = sentence,
	    .number = renewing->number,
	    .of = renewing->of,
	    .removable = renewing->removable,
	};

	renewing->events->progress(renewing->data, &progress);
}

static void release(struct renewing *renewing)
{
	dialog_end(renewing->dialog);
	card_release(renewing->setup.card);
	outcome_free(renewing->end.outcome);
	g_free(renewing->sentence);
	g_free(renewing);
}

static void answer(struct renewing *renewing, enum message_type type)
{
	talk_answer(renewing->talk, message_new(type));
}

/* Without a person's answer: 'later' would be noted as one. */
static void leave_open(struct renewing *renewing)
{
	answer(renewing, renewing->asked == MESSAGE_ASK_PIN ? MESSAGE_CANCEL : MESSAGE_UNSHOWN);
}

static void answer_pin(struct renewing *renewing, const struct secret *pin)
{
	struct message *message = message_new(MESSAGE_PIN);

	message_put_secret(message, pin != NULL ? pin->bytes : (const unsigned char *)"",
			   pin != NULL ? pin->length : 0);
	talk_answer(renewing->talk, message);
}

static void on_accepted(struct renewing *renewing, const struct secret *pin)
{
	tell_progress(renewing, renewing->sentence);
	if (renewing->asked == MESSAGE_ASK_PIN) {
		answer_pin(renewing, pin);
	} else {
		renewing->agreed = true;
		answer(renewing, MESSAGE_YES);
	}
}

static void on_declined(struct renewing *renewing)
{
	if (renewing->asked == MESSAGE_ASK_RENEW && !renewing->agreed)
		renewing->end.put_off = true;
	answer(renewing, renewing->asked == MESSAGE_ASK_PIN ? MESSAGE_CANCEL : MESSAGE_LATER);
}

static void on_answered(void *data, enum pinentry_result result, const struct secret *pin)
{
	struct renewing *renewing = data;

	renewing->dialog = NULL;
	switch (result) {
	case PINENTRY_ACCEPTED:
		on_accepted(renewing, pin);
		break;
	case PINENTRY_DECLINED:
		on_declined(renewing);
		break;
	case PINENTRY_TIMEOUT:
		renewing->end.walked_away = true;
		leave_open(renewing);
		break;
	case PINENTRY_UNUSABLE:
		renewing->end.unusable = true;
		leave_open(renewing);
		break;
	}
}

static void open_dialog(struct renewing *renewing, const struct message *message)
{
	bool pin = renewing->asked == MESSAGE_ASK_PIN;
	struct pinentry_question question = {
	    .kind = pin ? PINENTRY_PIN : PINENTRY_CONFIRM,
	    .program = g_strdup(renewing->setup.pinentry),
	    .title = g_strdup(desktop_title()),
	    .prompt = pin ? g_strdup(message_text(message, FIELD_PROMPT_TEXT)) : NULL,
	    .timeout_s = QUESTION_SECONDS,
	};

	if (pin || renewing->agreed) {
		question.description = g_strdup(message_text(message, FIELD_SENTENCE));
		question.ok = g_strdup(pin ? desktop_ok() : desktop_use_last_try());
		question.cancel = g_strdup(desktop_cancel());
	} else {
		question.description = face_confirm(renewing->setup.card);
		question.ok = g_strdup(desktop_renew_now());
		question.cancel = g_strdup(desktop_later());
	}
	renewing->dialog = dialog_open(&question, on_answered, renewing);
}

static void take_question(struct renewing *renewing, const struct message *message)
{
	renewing->asked = message_type(message);
	if (renewing->away) {
		renewing->end.retreated = true;
		leave_open(renewing);
	} else if (renewing->asked == MESSAGE_ASK_PIN &&
		   (message_number(message, FIELD_PIN_NOTE) & PIN_NOTE_KEYPAD) != 0) {
		tell_progress(renewing, message_text(message, FIELD_SENTENCE));
		answer_pin(renewing, NULL);
	} else {
		tell_progress(renewing, desktop_answer_in_window());
		open_dialog(renewing, message);
	}
}

static void take_step(struct renewing *renewing, const struct message *message)
{
	renewing->number = (int)message_number(message, FIELD_STEP_NUMBER);
	renewing->of = (int)message_number(message, FIELD_STEP_OF);
	renewing->removable = false;
	g_free(renewing->sentence);
	renewing->sentence = g_strdup(message_text(message, FIELD_SENTENCE));
	tell_progress(renewing, renewing->sentence);
}

static void on_message(void *data, const struct message *message)
{
	struct renewing *renewing = data;

	switch (message_type(message)) {
	case MESSAGE_ASK_TOKEN:
		answer(renewing, MESSAGE_CANCEL);
		break;
	case MESSAGE_ASK_RENEW:
	case MESSAGE_ASK_PIN:
		take_question(renewing, message);
		break;
	case MESSAGE_STEP:
		take_step(renewing, message);
		break;
	case MESSAGE_NOTICE:
		tell_progress(renewing, message_text(message, FIELD_SENTENCE));
		break;
	default:
		if (!outcome_take(renewing->end.outcome, message))
			break;
		/* The helper has given up: nobody waits for the window's answer any more. */
		dialog_end(renewing->dialog);
		renewing->dialog = NULL;
		break;
	}
}

static void on_end(void *data, const struct failure *failure)
{
	struct renewing *renewing = data;
	struct renewing_end *end = &renewing->end;

	if (failure->code != FAILURE_CANCELLED)
		log_failure(EVENT_CHANNEL_BROKE, "the renewal's channel", failure);
	/* A question that was not answered is not spoken of by the helper. */
	if (outcome_is_empty(end->outcome) && !end->unusable && !end->walked_away &&
	    !end->retreated)
		outcome_take_failure(end->outcome, FAILURE_CRASHED);
	renewing->events->end(renewing->data, end);
	release(renewing);
}

static const struct talk_events talk_events = {on_message, on_end};

struct renewing *renewing_start(const struct renewing_setup *setup,
				const struct renewing_events *events, void *data,
				struct failure *failure)
{
	const struct client_request request = {
	    .action = REQUEST_RENEW,
	    .language = setup->language,
	    .token_serial = setup->card->serial,
	};
	struct renewing *renewing = g_new0(struct renewing, 1);

	renewing->setup = *setup;
	renewing->setup.card = card_hold(setup->card);
	renewing->events = events;
	renewing->data = data;
	renewing->removable = true;
	renewing->sentence = g_strdup("");
	renewing->end.outcome = outcome_new();
	if (talk_open(&request, &talk_events, renewing, &renewing->talk, failure) == 0)
		return renewing;
	release(renewing);
	return NULL;
}

void renewing_retreat(struct renewing *renewing, bool away)
{
	renewing->away = away;
	if (!away || renewing->dialog == NULL)
		return;
	dialog_end(renewing->dialog);
	renewing->dialog = NULL;
	renewing->end.retreated = true;
	leave_open(renewing);
}

void renewing_leave(struct renewing *renewing)
{
	if (renewing == NULL)
		return;
	talk_close(renewing->talk);
	release(renewing);
}
