/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "helper/ca/revocation.h"
#include "helper/command/exit.h"
#include "helper/lookup/phrases.h"
#include "helper/lookup/revoke.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

/* Before anything was sent: the person, the card, this computer. */
#define AGAIN  N_("Nothing was revoked. Run 'certrenew revoke --card' again.")
#define CHANGE N_("Nothing was revoked. Change the PIN, then run 'certrenew revoke --card' again.")
#define INSERT N_("Nothing was revoked. Insert the card again and run 'certrenew revoke --card'.")
#define ASK    N_("Nothing was revoked. Ask whoever gave you the card to revoke it.")

/* What differs from words.h, which speaks of renewals. */
static const struct {
	enum failure_code code;
	bool unclear; /* the request may have got through */
	const char *what, *next;
} tellings[] = {
    {FAILURE_CA_UNREACHABLE, true, NULL, NULL},
    {FAILURE_CA_TIMEOUT, true, NULL, NULL},
    {FAILURE_CA_GARBAGE, true, NULL, NULL},
    {FAILURE_CA_TOO_LARGE, true, NULL, NULL},
    {FAILURE_CA_ERROR, true, NULL, NULL},
    {FAILURE_REVOKE_UNCLEAR, true, NULL, NULL},
    {FAILURE_TIMEOUT, true, NULL, NULL},
    {FAILURE_CRASHED, true, NULL, NULL},
    {FAILURE_SANDBOX, true, NULL, NULL},
    {FAILURE_CA_UNTRUSTED, true, NULL,
     N_("Whether the certificate was revoked is not known. Tell your administrator: [revocation] "
	"url and trust in certrenew.conf.")},
    {FAILURE_CA_REDIRECT, false, NULL,
     N_("Nothing was revoked. Tell your administrator: [revocation] url in certrenew.conf.")},
    {FAILURE_CA_OVERLOADED, false, NULL, N_("Nothing was revoked. Try again later.")},
    {FAILURE_CA_DENIED, false, N_("The certification authority does not let you revoke it."), ASK},
    {FAILURE_CA_REFUSED, false, NULL, ASK},
    {FAILURE_CANCELLED, false, N_("The revocation was cancelled."), AGAIN},
    {FAILURE_NO_ANSWER, false, NULL, AGAIN},
    {FAILURE_REFUSED, false, N_("You may not use a card from here."), NULL},
    {FAILURE_BUSY, false, N_("The card is in use already."), NULL},
    {FAILURE_CARD_REMOVED, false, NULL, INSERT},
    {FAILURE_CARD_ERROR, false, NULL, INSERT},
    {FAILURE_OTHER_CARD, false, N_("This is not the card that holds the certificate."), INSERT},
    {FAILURE_CARD_HIDES, false, NULL, ASK},
    {FAILURE_KEY_CANNOT_SIGN, false,
     N_("The card holds no valid signature certificate that could ask for it."), ASK},
    {FAILURE_NO_KEY, false, NULL, ASK},
    {FAILURE_PIN_WRONG, false, NULL, AGAIN},
    {FAILURE_PIN_LENGTH, false, NULL, AGAIN},
    {FAILURE_PIN_SHORT, false, NULL, AGAIN},
    {FAILURE_PIN_LONG, false, NULL, AGAIN},
    {FAILURE_PIN_CHARACTERS, false, NULL, AGAIN},
    {FAILURE_KEYPAD, false, NULL, AGAIN},
    {FAILURE_PIN_FOR_KEY, false, NULL, ASK},
    {FAILURE_PIN_EXPIRED, false, NULL, CHANGE},
    {FAILURE_PIN_TO_CHANGE, false, NULL, CHANGE},
    {FAILURE_PIN_LOCKED, false, NULL, ASK},
};

static size_t find(enum failure_code code)
{
	size_t i = 0;

	while (i < sizeof(tellings) / sizeof(tellings[0]) && tellings[i].code != code)
		i++;
	return i;
}

/* What came from this computer, the person or the card is no answer of the CA. */
static int exit_of(enum failure_code code, bool unclear)
{
	if (unclear)
		return EXIT_UNCLEAR;
	if (code == FAILURE_CANCELLED || code == FAILURE_NO_ANSWER)
		return EXIT_DUE;
	return code <= FAILURE_NO_CA ? EXIT_ERROR : EXIT_UNUSABLE;
}

static int tell(const struct failure *failure, bool sent)
{
	char text[WORDS_MAX];
	size_t i = find(failure->code);
	bool listed = i < sizeof(tellings) / sizeof(tellings[0]);
	bool unclear = sent && listed && tellings[i].unclear;
	const char *next;

	if (listed && tellings[i].next != NULL)
		next = _(tellings[i].next);
	else if (listed && tellings[i].unclear && !sent)
		next = _(AGAIN);
	else if (unclear)
		next =
		    _("Whether the certificate was revoked is not known. Look at its status with "
		      "'certrenew search --status any' before you try again.");
	else
		next = words_next(text, failure->code);
	fflush(stdout);
	if (listed && tellings[i].what != NULL)
		fprintf(stderr, "%s\n", _(tellings[i].what));
	else
		fprintf(stderr, "%s\n", words_failed((char[WORDS_MAX]){""}, failure->code, 0));
	if (failure->said[0] != '\0')
		fprintf(stderr, "%s\n", words_said((char[WORDS_MAX]){""}, failure->said));
	fprintf(stderr, "%s\n", next);
	return exit_of(failure->code, unclear);
}

int revoke_tell_failure(const struct failure *failure)
{
	return tell(failure, true);
}

int revoke_tell_unread(const struct failure *failure)
{
	return tell(failure, false);
}

void revoke_tell_done(const struct revocation_answer *answer, int64_t when)
{
	char text[WORDS_MAX];

	puts(words_revocation(text, when));
	if (answer->said[0] != '\0')
		puts(words_said(text, answer->said));
}

void revoke_tell_standing(const struct standing *standing)
{
	char phrase[PHRASE_MAX];

	if (standing->state == STANDING_REVOKED)
		printf(_("Its status is now: %s\n"), phrase_standing(phrase, standing));
	else
		puts(_("Its status does not say so yet, which may take hours. Look again with "
		       "'certrenew search --status any'."));
}
