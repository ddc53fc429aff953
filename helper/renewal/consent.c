/* SPDX-License-Identifier: MIT */
/* What only a person can give: a yes, and the PIN, each time it is needed. */
#include <time.h>

#include <openssl/objects.h>

#include "helper/card/naming.h"
#include "helper/renewal/renewal.h"
#include "helper/words/words.h"

enum { PIN_QUESTIONS_MAX = 10 };

static struct message *yes_or_no(const char *sentence, const char *prompt)
{
	struct message *question = message_new(MESSAGE_ASK_RENEW);

	message_put_text(question, FIELD_SENTENCE, sentence);
	message_put_text(question, FIELD_PROMPT_TEXT, prompt);
	message_put_text(question, FIELD_YES_WORDS, words_yes());
	message_put_text(question, FIELD_NO_WORDS, words_no());
	message_put_text(question, FIELD_LATER_WORDS, words_later());
	return question;
}

/* *ret_answer is the type of what was answered, 0 if nothing was. */
static int ask_yes_or_no(struct renewal *renewal, struct message *question,
			 enum message_type *ret_answer, struct failure *failure)
{
	struct message *answer = NULL;
	enum message_type type;
	int result;

	*ret_answer = 0;

	result = dialogue_ask(renewal->dialogue, question, &answer, failure);
	if (result < 0)
		return result;
	*ret_answer = type = message_type(answer);
	message_free(answer);
	if (type == MESSAGE_UNSHOWN)
		return fail(failure, FAILURE_NOT_SHOWN, "the front end could not ask");
	if (type != MESSAGE_YES)
		return fail(failure, FAILURE_CANCELLED, "answered %s",
			    type == MESSAGE_NO ? "no" : "later");
	return 0;
}

static bool is_possible(const struct item *item)
{
	return item->failure.code == FAILURE_NONE;
}

int consent_to_renew(struct renewal *renewal, struct failure *failure)
{
	char sentence[WORDS_MAX], prompt[WORDS_MAX];
	struct message *notice;
	enum message_type answer;
	int result;

	tell_due_sentence(renewal, sentence);
	if (renewal_count(renewal, is_possible) == 0) {
		/* The person is told what expires before being told why nothing can be done. */
		notice = message_new(MESSAGE_NOTICE);
		message_put_text(notice, FIELD_SENTENCE, sentence);
		dialogue_say(renewal->dialogue, notice);
		*failure = renewal->items[0].failure;
		return -(int)failure->code;
	}
	if (renewal->task->assume_yes || renewal_count(renewal, item_can_go_on) == 0)
		return 0;
	result = ask_yes_or_no(renewal, yes_or_no(sentence, words_ask_renew_prompt(prompt)),
			       &answer, failure);
	if (answer == MESSAGE_NO || answer == MESSAGE_LATER)
		put_off(renewal);
	return result;
}

int consent_to_revoke(struct renewal *renewal, const struct certificate *certificate,
		      struct failure *failure)
{
	char cn[NAMING_MAX], serial[SERIAL_TEXT_MAX], sentence[WORDS_MAX], prompt[WORDS_MAX];
	enum message_type answer;
	struct message *notice;

	words_ask_revoke(sentence, certificate->role,
			 naming_attribute(X509_get_subject_name(certificate->x509), NID_commonName,
					  cn, sizeof(cn)),
			 naming_serial(certificate->x509, serial, sizeof(serial)));
	if (!renewal->task->assume_yes)
		return ask_yes_or_no(renewal, yes_or_no(sentence, words_ask_revoke_prompt(prompt)),
				     &answer, failure);
	notice = message_new(MESSAGE_NOTICE);
	message_put_text(notice, FIELD_SENTENCE, sentence);
	dialogue_say(renewal->dialogue, notice);
	return 0;
}

static struct message *pin_question(struct renewal *renewal, enum pin_why why, unsigned note)
{
	struct message *question = message_new(MESSAGE_ASK_PIN);
	char text[WORDS_MAX];

	message_put_text(
	    question, FIELD_SENTENCE,
	    words_ask_pin(text, why, note, renewal->pin_taken, renewal->token->info.label));
	message_put_text(question, FIELD_PROMPT_TEXT, words_ask_pin_prompt(text));
	message_put_number(question, FIELD_PIN_WHY, why);
	message_put_number(question, FIELD_PIN_NOTE, note);
	message_put_text(question, FIELD_TOKEN_LABEL, renewal->token->info.label);
	message_put_text(question, FIELD_TOKEN_SERIAL, renewal->token->info.serial);
	return question;
}

/* *ret stays NULL for a reader with its own keypad. */
static int take_pin(struct message *answer, unsigned note, struct secret **ret,
		    struct failure *failure)
{
	const unsigned char *bytes;
	size_t length = 0;

	bytes = message_secret(answer, &length);
	if (message_type(answer) != MESSAGE_PIN || bytes == NULL)
		return fail(failure, FAILURE_CANCELLED, "no PIN was given");
	if ((note & PIN_NOTE_KEYPAD) != 0)
		return 0;
	/* An empty PIN is nobody's, and some drivers would take it for a keypad's. */
	if (length == 0)
		return fail(failure, FAILURE_CANCELLED, "an empty PIN was given");
	if (length > SECRET_MAX)
		return fail(failure, FAILURE_PIN_LONG, "longer than any");
	*ret = secret_new(bytes, length);
	return *ret == NULL ? fail_errno(failure, "no memory for the PIN") : 0;
}

/* Known only now: a key that wants the PIN each time is shown to who has given it. *pin is taken
 * over if there is one. */
static int keep_pin(struct renewal *renewal, struct secret **pin, struct failure *failure)
{
	bool wanted = false;
	int result = key_any_wants_pin(renewal->token, &wanted, failure);

	if (result == 0 && wanted) {
		result = pin_keep(renewal->token, *pin, failure);
		*pin = NULL;
	}
	return result;
}

/* One question, one PIN, one try. */
static int try_once(struct renewal *renewal, enum pin_why why, unsigned note,
		    struct failure *failure)
{
	struct message *answer = NULL;
	struct secret *pin = NULL;
	int result;

	result =
	    dialogue_ask(renewal->dialogue, pin_question(renewal, why, note), &answer, failure);
	if (result < 0)
		return result;
	result = take_pin(answer, note, &pin, failure);
	message_free(answer);
	if (result == 0)
		result = pin_login(renewal->token, pin, failure);
	renewal->logged_in = result == 0;
	renewal->pin_taken = renewal->pin_taken || result == 0;
	/* Nothing is signed while the card is written. */
	if (result == 0 && why != PIN_TO_WRITE)
		result = keep_pin(renewal, &pin, failure);
	secret_free(pin);
	return result;
}

static int agree_to_last_try(struct renewal *renewal, struct failure *failure)
{
	char sentence[WORDS_MAX], prompt[WORDS_MAX];
	enum message_type answer;

	words_ask_last_try(sentence);
	return ask_yes_or_no(renewal, yes_or_no(sentence, words_ask_last_try_prompt(prompt)),
			     &answer, failure);
}

/* What the person is told before being asked again; 0: this is no matter of the PIN. */
static unsigned wrong_note(int result)
{
	switch (-result) {
	case FAILURE_PIN_WRONG:
		return PIN_NOTE_WRONG;
	case FAILURE_PIN_LENGTH:
		return PIN_NOTE_LENGTH;
	case FAILURE_PIN_SHORT:
		return PIN_NOTE_SHORT;
	case FAILURE_PIN_LONG:
		return PIN_NOTE_LONG;
	case FAILURE_PIN_CHARACTERS:
		return PIN_NOTE_CHARACTERS;
	default:
		return 0;
	}
}

int consent_with_pin(struct renewal *renewal, enum pin_why why, struct failure *failure)
{
	unsigned note = 0, wrong = 0;
	int result;

	renewal->token->at_keypad = keypad_attend;
	renewal->token->at_keypad_context = renewal;
	for (int asked = 0; asked < PIN_QUESTIONS_MAX; asked++) {
		result = pin_note(renewal->token, &note, failure);
		if (result == 0 && (note & PIN_NOTE_LAST) != 0)
			result = agree_to_last_try(renewal, failure);
		if (result == 0)
			result = try_once(renewal, why, note | wrong, failure);
		/* A wrong PIN is asked for again, of the person: it is never tried again by us. */
		wrong = wrong_note(result);
		if (wrong == 0)
			return result;
	}
	return result;
}

void consent_end(struct renewal *renewal)
{
	/* Also where the step that it was kept for never came. */
	if (pin_forget(renewal->token))
		renewal->logged_in = false;
	if (renewal->logged_in)
		pin_logout(renewal->token);
	renewal->logged_in = false;
}
