/* SPDX-License-Identifier: MIT */
#include "helper/lookup/revoke.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper/ca/revocation.h"
#include "helper/card/naming.h"
#include "helper/command/exit.h"
#include "helper/common/log.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/phrases.h"
#include "helper/lookup/reasons.h"
#include "helper/words/language.h"

enum { CACOMPROMISE = 2, HOLD = 6, REMOVE_FROM_CRL = 8, AACOMPROMISE = 10, LINE_LENGTH = 256 };

struct revocation {
	const struct config *config;
	const struct revoke_options *options;
	struct found found;
	struct directory_entry *entry; /* the chosen one */
	struct revocation_settings settings;
	int reason; /* -1: not yet known */
	struct secret *phrase;
};

int revoke_say_no(const char *sentence)
{
	fflush(stdout);
	fprintf(stderr, "%s\n", sentence);
	return EXIT_ERROR;
}

int revoke_choose(const struct found *found)
{
	int chosen = 0;

	if (found->directory.count > 1) {
		choose_list(found, choose_can_ask());
		if (!choose_can_ask()) {
			fprintf(stderr, "%s\n",
				_("Several certificates were found: say which one with --serial."));
			return -1;
		}
		chosen =
		    choose_one(found, _("Which one is to be revoked? (a number, Enter: none) "));
	}
	if (chosen < 0)
		return -1;
	choose_details(&found->directory.entries[chosen], &found->standings[chosen]);
	putchar('\n');
	return chosen;
}

static int search(struct revocation *revocation)
{
	struct found_query query = revocation->options->query;
	char whom[LINE_LENGTH];
	struct failure failure;
	int chosen;

	if (query.email == NULL && query.name == NULL &&
	    !revoke_ask_whom(&query, whom, sizeof(whom)))
		return EXIT_DUE;
	query.wanted = revocation->reason == REMOVE_FROM_CRL ? WANTED_REVOKED : WANTED_VALID;
	if (found_search(revocation->config, &query, &revocation->found, &failure) < 0) {
		log_failure(EVENT_SEARCH_FAILED, "revocation: search", &failure);
		return revoke_say_no(
		    phrase_search_failed(&revocation->config->directory, failure.code));
	}
	if (revocation->found.directory.count == 0) {
		puts(_("No such valid certificate is in the directory."));
		return EXIT_DUE;
	}
	chosen = revoke_choose(&revocation->found);
	if (chosen < 0)
		return EXIT_DUE;
	revocation->entry = &revocation->found.directory.entries[chosen];
	return EXIT_FINE;
}

/* Whose word counts for the certificate; the phrase goes nowhere else. */
static int find_authority(struct revocation *revocation)
{
	revocation->settings =
	    revocation_settings_for(revocation->config, revocation->entry->certificate);
	if (revocation->settings.trust == NULL)
		return revoke_say_no(
		    _("No certification authority is configured for this certificate. Tell "
		      "your administrator: a [ca] section, or [revocation] trust, in "
		      "certrenew.conf."));
	return EXIT_FINE;
}

void revoke_log_consent(X509 *certificate, const struct config_revocation *settings)
{
	const char *agreement = settings->agreement;
	char serial[SERIAL_TEXT_MAX];

	naming_serial(certificate, serial, sizeof(serial));
	log_line(EVENT_REVOCATION_AGREED, "revocation of certificate %s: uid %u accepted %s",
		 serial, (unsigned)getuid(),
		 agreement[0] != '\0' ? agreement : "that it cannot be undone");
}

static int consent(struct revocation *revocation)
{
	if (!revoke_ask_consent(&revocation->config->revocation, revocation->options->accept)) {
		if (!choose_can_ask())
			fprintf(stderr, "%s\n",
				_("Nothing was revoked: --accept-agreement was not given."));
		return EXIT_DUE;
	}
	revoke_log_consent(revocation->entry->certificate, &revocation->config->revocation);
	if (revocation->options->phrase_file >= 0)
		revocation->phrase = revoke_read_phrase(revocation->options->phrase_file);
	else
		revocation->phrase = revoke_ask_phrase(_("Challenge phrase: "));
	if (revocation->phrase == NULL)
		return EXIT_DUE;
	if (revocation->reason < 0)
		revocation->reason = revoke_ask_reason(&revocation->config->revocation);
	return revocation->reason < 0 ? EXIT_DUE : EXIT_FINE;
}

void revoke_show_standing(const struct config *config, X509 *certificate)
{
	struct standing_asker *asker = NULL;
	struct standing standing;

	if (standing_open(config, &asker) < 0)
		return;
	standing_ask(asker, certificate, (int64_t)time(NULL), &standing);
	revoke_tell_standing(&standing);
	standing_close(asker);
}

static int request(struct revocation *revocation)
{
	const struct revocation_request asked = {
	    .certificate = revocation->entry->certificate,
	    .email = revocation->entry->email,
	    .reason = revocation->reason,
	    .reason_name = reason_name(revocation->reason),
	    .phrase = revocation->phrase,
	};
	const struct revocation_protocol *protocol =
	    revocation_protocol(revocation->config->revocation.protocol);
	char serial[SERIAL_TEXT_MAX], what[128];
	struct revocation_answer answer = {""};
	struct failure failure = {.code = FAILURE_NONE};
	int r = protocol->revoke(&revocation->settings, &asked, &answer, &failure);

	naming_serial(asked.certificate, serial, sizeof(serial));
	if (r < 0) {
		snprintf(what, sizeof(what), "revocation of certificate %s", serial);
		log_failure(EVENT_REVOCATION_FAILED, what, &failure);
		return revoke_tell_failure(&failure);
	}
	log_line(EVENT_REVOKED, "revocation of certificate %s: done, %s", serial,
		 asked.reason_name);
	revoke_tell_done(&answer, (int64_t)time(NULL));
	revoke_show_standing(revocation->config, asked.certificate);
	return EXIT_FINE;
}

int revoke_check(const struct config *config, const char *reason, int *ret)
{
	*ret = -1;
	if (config->revocation.url[0] == '\0')
		return revoke_say_no(_("No revocation is configured on this computer. Tell your "
				       "administrator: [revocation] url in certrenew.conf."));
	if (reason == NULL)
		return EXIT_FINE;
	*ret = reason_parse(reason);
	if (*ret < 0 || *ret == CACOMPROMISE || *ret == AACOMPROMISE)
		return revoke_say_no(_("There is no such reason; 'man certrenew' lists them."));
	if ((*ret == HOLD || *ret == REMOVE_FROM_CRL) && !config->revocation.suspend)
		return revoke_say_no(
		    _("The certification authority suspends no certificates: [revocation] "
		      "suspend in certrenew.conf."));
	return EXIT_FINE;
}

int revoke_certificate(const struct config *config, const struct revoke_options *options)
{
	struct revocation revocation = {.config = config, .options = options, .reason = -1};
	int result = revoke_check(config, options->reason, &revocation.reason);

	if (result == EXIT_FINE && !choose_can_ask() &&
	    (options->phrase_file < 0 || options->reason == NULL))
		result =
		    revoke_say_no(_("Without a terminal, --reason and --phrase-fd are needed."));
	if (result == EXIT_FINE)
		result = search(&revocation);
	if (result == EXIT_FINE)
		result = find_authority(&revocation);
	if (result == EXIT_FINE)
		result = consent(&revocation);
	if (result == EXIT_FINE)
		result = request(&revocation);
	secret_free(revocation.phrase);
	found_clear(&revocation.found);
	return result;
}
