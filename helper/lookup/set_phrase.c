/* SPDX-License-Identifier: MIT */
/* certrenew set-phrase: the phrase and the PIN are asked for by renew, which alone has them. */
#include "helper/lookup/set_phrase.h"

#include <stdio.h>

#include "helper/ca/revocation.h"
#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/lookup/converse.h"
#include "helper/lookup/settings.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

static int tell_failure(const struct failure *failure)
{
	char text[WORDS_MAX];

	if (failure->code == FAILURE_CANCELLED)
		fprintf(stderr, "%s\n", _("It was cancelled."));
	else
		fprintf(stderr, "%s\n", words_failed(text, failure->code, 0));
	if (failure->said[0] != '\0')
		fprintf(stderr, "%s\n", words_said(text, failure->said));
	fprintf(stderr, "%s\n",
		_("The challenge phrase was not set, as far as is known. Until 'certrenew "
		  "set-phrase' says that it is, the old one may still count."));
	return failure->code == FAILURE_CANCELLED || failure->code == FAILURE_NO_ANSWER
		   ? EXIT_DUE
		   : EXIT_ERROR;
}

static int set_phrase(const struct config_revocation *config)
{
	const struct client_request request = {
	    .action = REQUEST_PHRASE,
	    .flags = terminal_flags(),
	    .language = language_of_environment(),
	};
	struct failure failure = {.code = FAILURE_NONE};

	if (config->url[0] == '\0' || config->phrase_certificate[0] == '\0' ||
	    revocation_protocol(config->protocol)->set_phrase == NULL) {
		fprintf(stderr, "%s\n",
			_("The challenge phrase stays with the certification authority and cannot "
			  "be set from here: ask whoever gave you the card."));
		return EXIT_ERROR;
	}
	if (converse_until_end(&request, &failure) < 0)
		return exit_without_helper(&failure);
	return failure.code == FAILURE_NONE ? EXIT_FINE : tell_failure(&failure);
}

int set_phrase_main(int count)
{
	struct config *config = NULL;
	int result;

	if (count != 2) {
		fprintf(stderr, "%s\n", _("Usage: certrenew set-phrase"));
		return EXIT_ERROR;
	}
	if (settings_load(&config) != EXIT_FINE)
		return EXIT_ERROR;
	result = set_phrase(&config->revocation);
	config_free(config);
	return result;
}
