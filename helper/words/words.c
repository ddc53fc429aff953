/* SPDX-License-Identifier: MIT */
#include "helper/words/words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "helper/common/utf8.h"

static const char *plural(int64_t number, const char *one, const char *many)
{
	return number == 1 ? one : many;
}

/* A date or a number of days within a sentence. */
enum { PART_MAX = 64, NAME_MAX_SHOWN = 160 };

static char *local_time(char *out, int64_t when, const char *format)
{
	time_t seconds = (time_t)when;
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL || strftime(out, PART_MAX, format, &local) == 0)
		snprintf(out, PART_MAX, "?");
	return out;
}

static char *date_of(char *out, int64_t when)
{
	return local_time(out, when, "%Y-%m-%d");
}

static const char *role_name(enum certificate_role role)
{
	return role == ROLE_ENCRYPTION ? "encryption certificate" : "signature certificate";
}

static char *in_days(char *out, int64_t days)
{
	if (days <= 0)
		snprintf(out, PART_MAX, "today");
	else
		snprintf(out, PART_MAX, "in %lld %s", (long long)days, plural(days, "day", "days"));
	return out;
}

static void state_words(char *out, const struct validity *validity, int64_t not_before,
			int64_t not_after)
{
	char date[PART_MAX], other[PART_MAX];

	date_of(date, not_after);
	switch (validity->state) {
	case VALIDITY_NOT_YET_VALID:
		snprintf(out, WORDS_MAX, "not yet valid, begins on %s", date_of(other, not_before));
		break;
	case VALIDITY_VALID:
		snprintf(out, WORDS_MAX, "valid until %s, can be renewed from %s on", date,
			 date_of(other, validity->renewable_from));
		break;
	case VALIDITY_RENEWABLE:
	case VALIDITY_CRITICAL:
		snprintf(out, WORDS_MAX, "expires %s, on %s; can be renewed now",
			 in_days(other, validity->days_left), date);
		break;
	case VALIDITY_EXPIRED:
		snprintf(out, WORDS_MAX, "expired on %s; a new one must be applied for", date);
		break;
	case VALIDITY_UNLIMITED:
		snprintf(out, WORDS_MAX, "valid without end");
		break;
	default:
		snprintf(out, WORDS_MAX, "until %s; this computer's clock is not set", date);
		break;
	}
}

char *words_certificate(char *out, enum certificate_role role, const struct validity *validity,
			int64_t not_before, int64_t not_after)
{
	char state[WORDS_MAX];

	state_words(state, validity, not_before, not_after);
	snprintf(out, WORDS_MAX, "%s: %.900s.",
		 role == ROLE_ENCRYPTION ? "Encryption certificate" : "Signature certificate",
		 state);
	return out;
}

/* A name from a card or a certificate, on one line: a newline in it could forge lines of ours. */
static char *one_line(char out[NAME_MAX_SHOWN], const char *name)
{
	utf8_clean(name, out, NAME_MAX_SHOWN);
	for (char *at = out; *at != '\0'; at++)
		if (*at == '\n')
			*at = ' ';
	return out;
}

char *words_due(char *out, size_t certificates, int64_t days_left, int64_t not_after,
		const char *cn, const char *o)
{
	char date[PART_MAX], days[PART_MAX], who[NAME_MAX_SHOWN], where[NAME_MAX_SHOWN];
	int used;

	used = snprintf(out, WORDS_MAX, "Your card's %s %s, on %s.",
			plural((int64_t)certificates, "certificate expires", "certificates expire"),
			in_days(days, days_left), date_of(date, not_after));
	if (cn[0] != '\0' && used > 0 && used < WORDS_MAX)
		snprintf(out + used, (size_t)(WORDS_MAX - used), " %s to %s%s%s.",
			 plural((int64_t)certificates, "It belongs", "They belong"),
			 one_line(who, cn), o[0] != '\0' ? ", " : "", one_line(where, o));
	return out;
}

char *words_expired(char *out, size_t certificates, int64_t not_after)
{
	char date[PART_MAX];

	snprintf(out, WORDS_MAX, "Your card's %s on %s.",
		 plural((int64_t)certificates, "certificate expired", "certificates expired"),
		 date_of(date, not_after));
	return out;
}

char *words_unfinished(char *out)
{
	snprintf(out, WORDS_MAX, "The renewal of your card's certificates is not finished.");
	return out;
}

char *words_ask_renew_prompt(char *out)
{
	snprintf(out, WORDS_MAX, "Renew now? (yes / no / later) ");
	return out;
}

const char *words_yes(void)
{
	return "yes y";
}

const char *words_no(void)
{
	return "no n";
}

const char *words_later(void)
{
	return "later l";
}

char *words_ask_token(char *out, const char *const *labels, const char *const *serials,
		      size_t count)
{
	char label[NAME_MAX_SHOWN], serial[NAME_MAX_SHOWN];
	size_t used;

	snprintf(out, WORDS_MAX, "Several cards can be renewed:");
	for (size_t i = 0; i < count; i++) {
		used = strlen(out);
		snprintf(out + used, WORDS_MAX - used, "\n  %zu  %s (serial number %s)", i + 1,
			 one_line(label, labels[i]), one_line(serial, serials[i]));
	}
	return out;
}

char *words_ask_token_prompt(char *out)
{
	snprintf(out, WORDS_MAX, "Which one? ");
	return out;
}

static const char *pin_note_words(unsigned note)
{
	if ((note & PIN_NOTE_WRONG) != 0 && (note & PIN_NOTE_LAST) != 0)
		return "That PIN was wrong, and only one try is left. ";
	if ((note & PIN_NOTE_WRONG) != 0 && (note & PIN_NOTE_FEW) != 0)
		return "That PIN was wrong, and only a few tries are left. ";
	if ((note & PIN_NOTE_WRONG) != 0)
		return "That PIN was wrong. ";
	if ((note & PIN_NOTE_LAST) != 0)
		return "Only one try is left: a wrong PIN locks the card. ";
	if ((note & PIN_NOTE_FEW) != 0)
		return "A wrong PIN was given before; only a few tries are left. ";
	return "";
}

char *words_ask_pin(char *out, enum pin_why why, unsigned note, const char *token_label)
{
	const char *action = (note & PIN_NOTE_KEYPAD) != 0
				 ? "Enter your card's PIN on the card reader's keypad"
				 : "Enter your card's PIN";
	char label[NAME_MAX_SHOWN];

	snprintf(out, WORDS_MAX, "%s%s (%s) %s.", pin_note_words(note), action,
		 one_line(label, token_label),
		 why == PIN_TO_WRITE ? "once more, to write the new certificates to the card"
				     : "to ask for new certificates");
	return out;
}

char *words_ask_pin_prompt(char *out)
{
	snprintf(out, WORDS_MAX, "PIN: ");
	return out;
}

char *words_ask_last_try(char *out)
{
	snprintf(out, WORDS_MAX,
		 "Only one try is left. If the next PIN is wrong, the card is locked, and you "
		 "cannot sign in with it until it is unlocked.");
	return out;
}

char *words_ask_last_try_prompt(char *out)
{
	snprintf(out, WORDS_MAX, "Use the last try? (yes / no) ");
	return out;
}

char *words_step(char *out, enum step step, int number, int of, bool removable)
{
	static const char *const steps[] = {
	    [STEP_READING] = "reading the card",
	    [STEP_REQUESTING] = "preparing the requests on the card",
	    [STEP_SENDING] = "asking the certification authority",
	    [STEP_WAITING] = "waiting for the certification authority",
	    [STEP_WRITING] = "writing to the card",
	    [STEP_VERIFYING] = "checking what was written",
	};

	snprintf(out, WORDS_MAX, "Step %d of %d: %s.%s", number, of, steps[step],
		 removable ? "" : " Do not remove the card.");
	return out;
}

char *words_renewed(char *out, enum certificate_role role, int64_t old_not_after,
		    int64_t new_not_after)
{
	char old[PART_MAX], new[PART_MAX];

	snprintf(out, WORDS_MAX, "The %s was valid until %s and is now valid until %s.",
		 role_name(role), date_of(old, old_not_after), date_of(new, new_not_after));
	return out;
}

char *words_waiting(char *out, enum certificate_role role, int64_t retry_at)
{
	char when[PART_MAX];

	snprintf(out, WORDS_MAX,
		 "The certification authority is still working on the %s; it will be ready after "
		 "%s.",
		 role_name(role), local_time(when, retry_at, "%Y-%m-%d %H:%M"));
	return out;
}

char *words_waiting_next(char *out)
{
	snprintf(out, WORDS_MAX, "Run 'certrenew renew' then, or answer yes at your next login.");
	return out;
}

char *words_done(char *out, size_t renewed, size_t of)
{
	if (renewed == of)
		snprintf(out, WORDS_MAX, "%s You may remove the card.",
			 plural((int64_t)of, "The certificate was renewed.",
				"All certificates were renewed."));
	else
		snprintf(out, WORDS_MAX,
			 "%zu of %zu certificates were renewed. You may remove the card.", renewed,
			 of);
	return out;
}

static const struct {
	enum failure_code code;
	const char *what, *next;
} failures[] = {
    {FAILURE_SYSTEM, "This computer could not do it",
     "Try again later, or tell your administrator."},
    {FAILURE_CONFIG, "certrenew is not set up correctly on this computer",
     "Tell your administrator: 'certrenew check-config' says what is wrong."},
    {FAILURE_REFUSED, "You may not use a card's renewal from here",
     "Sign in at this computer itself, or ask your administrator: [access] allow in "
     "certrenew.conf."},
    {FAILURE_PROTOCOL, "certrenew's own programs do not understand each other",
     "Tell your administrator: an update may be incomplete."},
    {FAILURE_TIMEOUT, "The card or its driver did not answer in time",
     "Take the card out, insert it again and try again."},
    {FAILURE_CRASHED, "A part of certrenew ended unexpectedly",
     "Try again; if it happens again, tell your administrator: the log says more."},
    {FAILURE_BUSY, "The card is being renewed already", "Wait until that has ended."},
    {FAILURE_JOURNAL, "The record of the renewal cannot be kept on this computer",
     "Tell your administrator: the disk may be full."},
    {FAILURE_CANCELLED, "The renewal was cancelled", "Run 'certrenew renew' when you are ready."},
    {FAILURE_NO_ANSWER, "There was no answer", "Run 'certrenew renew' when you are ready."},
    {FAILURE_DRIVER, "The card's driver does not work",
     "Tell your administrator: [card] module in certrenew.conf."},
    {FAILURE_NO_CARD, "There is no card in the reader", "Insert your card and try again."},
    {FAILURE_CARD_REMOVED, "The card was removed",
     "Insert it again and run 'certrenew renew': it goes on where it stopped."},
    {FAILURE_CARD_ERROR, "The card or its reader does not answer as it should",
     "Take the card out, insert it again and run 'certrenew renew'."},
    {FAILURE_CARD_UNINITIALISED, "The card, or its PIN, has not been set up",
     "Ask whoever gave you the card to set it up."},
    {FAILURE_CARD_READ_ONLY, "The card does not let you write to it",
     "Ask whoever gave you the card for a renewal."},
    {FAILURE_CARD_FULL, "The card is full", "Ask whoever gave you the card for a renewal."},
    {FAILURE_NO_CERTIFICATE, "There is no certificate of a person on the card",
     "Ask whoever gave you the card."},
    {FAILURE_NO_KEY, "The card does not hold the certificate's key",
     "Ask whoever gave you the card."},
    {FAILURE_KEY_CANNOT_SIGN, "This key may not sign, so it cannot be renewed in this way",
     "Tell your administrator: CMP with [ca] encryption_proof = decrypt may renew it."},
    {FAILURE_KEY_UNSUPPORTED, "This kind of key cannot be renewed",
     "Ask whoever gave you the card for a renewal."},
    {FAILURE_NOT_WRITTEN, "What was written to the card could not be read back",
     "Take the card out, insert it again and run 'certrenew renew'."},
    {FAILURE_OTHER_CARD, "This is another card than the one that the renewal began with",
     "Insert the first card again and run 'certrenew renew'."},
    {FAILURE_PIN_WRONG, "The PIN was wrong", "Run 'certrenew renew' when you have the right PIN."},
    {FAILURE_PIN_LOCKED, "The card's PIN is locked",
     "Ask whoever gave you the card to unlock it; then run 'certrenew renew'."},
    {FAILURE_PIN_EXPIRED, "The card's PIN must be changed first",
     "Change the PIN, then run 'certrenew renew'."},
    {FAILURE_PIN_LENGTH, "The PIN is too short or too long for this card",
     "Run 'certrenew renew' when you have the right PIN."},
    {FAILURE_NO_CA, "No certification authority is configured for this certificate",
     "Tell your administrator: a [ca] section in certrenew.conf."},
    {FAILURE_CA_UNREACHABLE, "The certification authority cannot be reached",
     "Check the network and run 'certrenew renew' later."},
    {FAILURE_CA_TIMEOUT, "The certification authority did not answer in time",
     "Run 'certrenew renew' later: it goes on where it stopped."},
    {FAILURE_CA_UNTRUSTED, "The server that answered is not the certification authority",
     "Tell your administrator: [ca] trust and url in certrenew.conf."},
    {FAILURE_CA_DENIED, "The certification authority does not accept this certificate",
     "Ask whoever gave you the card for a renewal."},
    {FAILURE_CA_REFUSED, "The certification authority refused the request",
     "Tell your administrator what it said."},
    {FAILURE_CA_OVERLOADED, "The certification authority is too busy",
     "Run 'certrenew renew' later."},
    {FAILURE_CA_ERROR, "The certification authority has a problem", "Run 'certrenew renew' later."},
    {FAILURE_CA_GARBAGE, "The answer of the certification authority makes no sense",
     "Tell your administrator."},
    {FAILURE_CA_TOO_LARGE, "The answer of the certification authority is far too large",
     "Tell your administrator."},
    {FAILURE_CA_REDIRECT, "The certification authority points to another server",
     "Tell your administrator: [ca] url in certrenew.conf."},
    {FAILURE_ISSUED_WRONG_KEY, "The new certificate is for another key and was not written",
     "Tell your administrator."},
    {FAILURE_ISSUED_WRONG_SUBJECT, "The new certificate is for someone else and was not written",
     "Tell your administrator."},
    {FAILURE_ISSUED_SHORTER, "The new certificate does not last longer and was not written",
     "Tell your administrator."},
    {FAILURE_ISSUED_UNTRUSTED, "The new certificate is of an unknown issuer and was not written",
     "Tell your administrator: [ca] trust in certrenew.conf."},
    {FAILURE_ISSUED_WRONG_USAGE, "The new certificate is for another purpose and was not written",
     "Tell your administrator."},
    {FAILURE_NOTHING_DUE, "No certificate has to be renewed now", ""},
    {FAILURE_EXPIRED, "It is too late to renew online",
     "Apply for a new certificate with whoever gave you the card."},
};

static size_t find(enum failure_code code)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].code == code)
			return i;
	return 0; /* FAILURE_SYSTEM's words fit whatever has none of its own */
}

char *words_failed(char *out, enum failure_code code, enum certificate_role role)
{
	const char *what = failures[find(code)].what;

	if (role != 0)
		snprintf(out, WORDS_MAX, "The %s was not renewed: %c%s.", role_name(role),
			 what[0] >= 'A' && what[0] <= 'Z' ? what[0] + ('a' - 'A') : what[0],
			 what + 1);
	else
		snprintf(out, WORDS_MAX, "%s.", what);
	return out;
}

char *words_next(char *out, enum failure_code code)
{
	snprintf(out, WORDS_MAX, "%s", failures[find(code)].next);
	return out;
}

char *words_card_state(char *out, bool changed)
{
	snprintf(out, WORDS_MAX, "%s",
		 changed ? "The card still signs in; what was issued is kept on this computer."
			 : "Nothing on the card was changed.");
	return out;
}

char *words_nothing_due(char *out, int64_t renewable_from)
{
	char date[PART_MAX];

	if (renewable_from > 0)
		snprintf(out, WORDS_MAX,
			 "No certificate has to be renewed now; that is possible from %s on.",
			 date_of(date, renewable_from));
	else
		snprintf(out, WORDS_MAX, "No certificate has to be renewed now.");
	return out;
}
