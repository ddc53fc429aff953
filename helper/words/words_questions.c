/* SPDX-License-Identifier: MIT */
/* What a person is asked, and what counts as an answer. */
#include <stdio.h>
#include <string.h>

#include "helper/words/sentence.h"
#include "helper/words/words.h"

enum { ANSWERS_MAX = 128 };

char *words_ask_renew_prompt(char *out)
{
	/* Translators: the words are those of the answers; the blank at the end stays. */
	return sentence_make(out, "%s", _("Renew now? (yes / no / later) "));
}

char *words_ask_revoke(char *out, enum certificate_role role, const char *cn, const char *serial)
{
	char name[NAME_MAX_SHOWN], number[NAME_MAX_SHOWN];

	/* Translators: the card holder's name, and the certificate's serial number. */
	sentence_make(
	    out,
	    sentence_for_role(
		role, _("The encryption certificate of %s (serial number %s) is to be revoked."),
		_("The signature certificate of %s (serial number %s) is to be revoked.")),
	    sentence_name(name, cn), sentence_name(number, serial));
	return sentence_add(out, words_final());
}

const char *words_final(void)
{
	return _("A revocation cannot be undone: nobody will trust this certificate any more, and "
		 "the card needs a new one.");
}

char *words_ask_revoke_prompt(char *out)
{
	return sentence_make(out, "%s", _("Revoke it? (yes / no) "));
}

/* English counts in any language: it is what manuals and administrators say. */
static const char *answers(char out[ANSWERS_MAX], const char *english, const char *translated)
{
	if (strcmp(english, translated) == 0)
		snprintf(out, ANSWERS_MAX, "%s", english);
	else
		snprintf(out, ANSWERS_MAX, "%s %s", translated, english);
	return out;
}

const char *words_yes(void)
{
	static char words[ANSWERS_MAX];

	/* Translators: what may be typed; also in capitals, where these go beyond A to Z. */
	return answers(words, "yes y", language_text_in("answer", "yes y"));
}

const char *words_no(void)
{
	static char words[ANSWERS_MAX];

	return answers(words, "no n", language_text_in("answer", "no n"));
}

const char *words_later(void)
{
	static char words[ANSWERS_MAX];

	return answers(words, "later l", language_text_in("answer", "later l"));
}

static char *list_cards(char *out, const char *heading, const char *const *labels,
			const char *const *serials, size_t count)
{
	char label[NAME_MAX_SHOWN], serial[NAME_MAX_SHOWN], line[SENTENCE_MAX];

	sentence_make(out, "%s", heading);
	for (size_t i = 0; i < count; i++) {
		/* Translators: a line of a list: its number, the card's name. */
		sentence_make(line, _("  %zu  %s (serial number %s)"), i + 1,
			      sentence_name(label, labels[i]), sentence_name(serial, serials[i]));
		sentence_add_line(out, line);
	}
	return out;
}

char *words_ask_token(char *out, const char *const *labels, const char *const *serials,
		      size_t count)
{
	return list_cards(out, _("Several cards can be renewed:"), labels, serials, count);
}

char *words_ask_which(char *out, const char *const *labels, const char *const *serials,
		      size_t count)
{
	return list_cards(out, _("There are several cards:"), labels, serials, count);
}

char *words_ask_token_prompt(char *out)
{
	return sentence_make(out, "%s", _("Which one? "));
}

static const char *pin_wrong_note(unsigned note)
{
	if ((note & PIN_NOTE_WRONG) != 0 && (note & PIN_NOTE_LAST) != 0)
		return _("That PIN was wrong, and only one try is left.");
	if ((note & PIN_NOTE_WRONG) != 0 && (note & PIN_NOTE_FEW) != 0)
		return _("That PIN was wrong, and only a few tries are left.");
	if ((note & PIN_NOTE_WRONG) != 0)
		return _("That PIN was wrong.");
	return "";
}

/* Of a PIN that the card was not even given, and what the card says besides. */
static const char *pin_form_note(unsigned note)
{
	if ((note & PIN_NOTE_SHORT) != 0)
		return _(
		    "That PIN is too short for this card. It was not tried, so no try is lost.");
	if ((note & PIN_NOTE_LONG) != 0)
		return _(
		    "That PIN is too long for this card. It was not tried, so no try is lost.");
	if ((note & PIN_NOTE_CHARACTERS) != 0)
		return _("That PIN holds a character that no PIN can have. It was not tried, so no "
			 "try is lost.");
	if ((note & PIN_NOTE_LENGTH) != 0)
		return _("That PIN is too short or too long for this card.");
	return "";
}

static const char *pin_tries_note(unsigned note)
{
	if ((note & PIN_NOTE_WRONG) != 0)
		return "";
	if ((note & PIN_NOTE_LAST) != 0)
		return _("Only one try is left: a wrong PIN locks the card.");
	if ((note & PIN_NOTE_FEW) != 0)
		return _("A wrong PIN was given before; only a few tries are left.");
	return "";
}

/* Translators: in each of these, %s is the card's name. */
static const char *pin_request_to_write(bool again, bool keypad)
{
	if (again && keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) once more, to "
			 "write the new certificates to the card.");
	if (again)
		return _("Enter your card's PIN (%s) once more, to write the new certificates to "
			 "the card.");
	if (keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) to write the new "
			 "certificates to the card.");
	return _("Enter your card's PIN (%s) to write the new certificates to the card.");
}

static const char *pin_request(enum pin_why why, bool again, bool keypad)
{
	if (why == PIN_TO_SET_PHRASE && keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) to set the "
			 "challenge phrase.");
	if (why == PIN_TO_SET_PHRASE)
		return _("Enter your card's PIN (%s) to set the challenge phrase.");
	if (why == PIN_TO_LOOK && keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) to read its "
			 "certificates and ask for new ones.");
	if (why == PIN_TO_LOOK)
		return _("Enter your card's PIN (%s) to read its certificates and ask for new "
			 "ones.");
	if (why == PIN_TO_REVOKE && keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) to revoke the "
			 "certificate.");
	if (why == PIN_TO_REVOKE)
		return _("Enter your card's PIN (%s) to revoke the certificate.");
	if (why == PIN_TO_WRITE)
		return pin_request_to_write(again, keypad);
	if (keypad)
		return _("Enter your card's PIN on the card reader's keypad (%s) to ask for new "
			 "certificates.");
	return _("Enter your card's PIN (%s) to ask for new certificates.");
}

char *words_ask_pin(char *out, enum pin_why why, unsigned note, bool again, const char *token_label)
{
	char label[NAME_MAX_SHOWN], request[SENTENCE_MAX];

	sentence_make(request, pin_request(why, again, (note & PIN_NOTE_KEYPAD) != 0),
		      sentence_name(label, token_label));
	sentence_make(out, "%s", pin_wrong_note(note));
	sentence_add(out, pin_form_note(note));
	sentence_add(out, pin_tries_note(note));
	return sentence_add(out, request);
}

char *words_use_keypad(char *out, const char *token_label)
{
	char label[NAME_MAX_SHOWN];

	/* Translators: %s is the card's name. */
	return sentence_make(out,
			     _("Enter your card's PIN on the card reader's keypad (%s) once more: "
			       "one of its keys wants it each time it is used."),
			     sentence_name(label, token_label));
}

char *words_ask_pin_prompt(char *out)
{
	return sentence_make(out, "%s", _("PIN: "));
}

char *words_ask_last_try(char *out)
{
	return sentence_make(out, "%s",
			     _("Only one try is left. If the next PIN is wrong, the card is "
			       "locked, and you cannot sign in with it until it is unlocked."));
}

char *words_ask_last_try_prompt(char *out)
{
	return sentence_make(out, "%s", _("Use the last try? (yes / no) "));
}

char *words_ask_phrase(char *out, int64_t length)
{
	return sentence_make(
	    out,
	    P_("Choose a challenge phrase of at least %lld character: whoever knows it can revoke "
	       "your certificates, also without the card.",
	       "Choose a challenge phrase of at least %lld characters: whoever knows it can revoke "
	       "your certificates, also without the card.",
	       (long long)length),
	    (long long)length);
}

char *words_ask_phrase_again(char *out)
{
	return sentence_make(out, "%s", _("Enter the challenge phrase once more."));
}

char *words_ask_phrase_prompt(char *out)
{
	return sentence_make(out, "%s", _("New challenge phrase: "));
}

char *words_phrase_refused(char *out, bool short_one)
{
	return sentence_make(out, "%s",
			     short_one ? _("That phrase is too short, or it is not text.")
				       : _("The two phrases are not the same."));
}

char *words_phrase_set(char *out)
{
	return sentence_make(out, "%s",
			     _("The certification authority has taken the challenge phrase."));
}
