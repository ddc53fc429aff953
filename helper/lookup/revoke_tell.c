/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "helper/ca/revocation.h"
#include "helper/command/exit.h"
#include "helper/lookup/phrases.h"
#include "helper/lookup/revoke.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

/* What to do after a revocation that did not come off; the rest has words of its own. */
static const struct {
	enum failure_code code;
	bool unclear; /* the request may have got through */
	const char *next;
} nexts[] = {
    {FAILURE_CA_UNREACHABLE, true, NULL},
    {FAILURE_CA_TIMEOUT, true, NULL},
    {FAILURE_CA_GARBAGE, true, NULL},
    {FAILURE_CA_TOO_LARGE, true, NULL},
    {FAILURE_CA_ERROR, true, NULL},
    {FAILURE_REVOKE_UNCLEAR, true, NULL},
    {FAILURE_CA_UNTRUSTED, true,
     N_("Whether the certificate was revoked is not known. Tell your administrator: [revocation] "
	"url and trust in certrenew.conf.")},
    {FAILURE_CA_REDIRECT, false,
     N_("Nothing was revoked. Tell your administrator: [revocation] url in certrenew.conf.")},
    {FAILURE_CA_OVERLOADED, false, N_("Nothing was revoked. Try again later.")},
    {FAILURE_CA_DENIED, false,
     N_("Nothing was revoked. Ask whoever gave you the card to revoke it.")},
    {FAILURE_CA_REFUSED, false,
     N_("Nothing was revoked. Ask whoever gave you the card to revoke it.")},
};

static size_t find(enum failure_code code)
{
	size_t i = 0;

	while (i < sizeof(nexts) / sizeof(nexts[0]) && nexts[i].code != code)
		i++;
	return i;
}

int revoke_tell_failure(const struct failure *failure)
{
	char text[WORDS_MAX];
	size_t i = find(failure->code);
	bool listed = i < sizeof(nexts) / sizeof(nexts[0]);
	const char *next;

	if (listed && nexts[i].next != NULL)
		next = _(nexts[i].next);
	else if (listed)
		next =
		    _("Whether the certificate was revoked is not known. Look at its status with "
		      "'certrenew search --status any' before you try again.");
	else
		next = words_next(text, failure->code);
	fflush(stdout);
	if (failure->code == FAILURE_CA_DENIED)
		fprintf(stderr, "%s\n",
			_("The certification authority does not let you revoke it."));
	else
		fprintf(stderr, "%s\n", words_failed((char[WORDS_MAX]){""}, failure->code, 0));
	if (failure->said[0] != '\0')
		fprintf(stderr, "%s\n", words_said((char[WORDS_MAX]){""}, failure->said));
	fprintf(stderr, "%s\n", next);
	if (listed && nexts[i].unclear)
		return EXIT_UNCLEAR;
	return failure->code == FAILURE_SYSTEM || failure->code == FAILURE_CONFIG ? EXIT_ERROR
										  : EXIT_UNUSABLE;
}

void revoke_tell_done(const struct revocation_answer *answer, int64_t when)
{
	char text[WORDS_MAX], time[DATE_MAX];

	printf(_("The certificate was revoked on %s.\n"), sentence_time(time, when));
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
