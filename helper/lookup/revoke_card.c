/* SPDX-License-Identifier: MIT */
/*
 * certrenew revoke --card: what is asked of the person here is which certificate, the agreement
 * and the reason. The rest, and the PIN, is a conversation with renew, which has the card.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/x509v3.h>

#include "helper/ca/revocation.h"
#include "helper/card/naming.h"
#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/common/client.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/converse.h"
#include "helper/lookup/on_card.h"
#include "helper/lookup/revoke.h"
#include "helper/words/language.h"

struct asking {
	const struct config *config;
	const struct revoke_options *options;
	struct card card;
	const struct on_card *chosen;
	int reason; /* -1: not yet known */
};

/* --- which one ---------------------------------------------------------------------------------
 */

static bool is_meant(const struct asking *asking, const struct on_card *one)
{
	const char *serial = asking->options->query.serial;

	return serial == NULL || strcasecmp(serial, message_text(one->message, FIELD_SERIAL)) == 0;
}

static int entry_of(const struct on_card *one, struct directory_entry *ret)
{
	STACK_OF(OPENSSL_STRING) *addresses = X509_get1_email(one->certificate);
	const char *email =
	    sk_OPENSSL_STRING_num(addresses) > 0 ? sk_OPENSSL_STRING_value(addresses, 0) : "";

	*ret = (struct directory_entry){
	    .certificate = one->certificate,
	    .email = strdup(email),
	    .name = strdup(message_text(one->message, FIELD_SUBJECT_CN)),
	};
	X509_email_free(addresses);
	return X509_up_ref(one->certificate) == 1 && ret->email != NULL && ret->name != NULL ? 0
											     : -1;
}

/* What is on the card, as a search shows it; `sources` says where each comes from. */
static int list(const struct asking *asking, struct found *ret, size_t sources[CERTIFICATES_MAX])
{
	struct directory_result *directory = &ret->directory;
	struct standing_asker *asker = NULL;
	int64_t now = (int64_t)time(NULL);

	directory->entries = calloc(CERTIFICATES_MAX, sizeof(*directory->entries));
	ret->standings = calloc(CERTIFICATES_MAX, sizeof(*ret->standings));
	if (directory->entries == NULL || ret->standings == NULL ||
	    standing_open(asking->config, &asker) < 0)
		return -1;
	for (size_t i = 0; i < asking->card.count; i++) {
		const struct on_card *one = &asking->card.certificates[i];
		size_t to = directory->count;

		if (!is_meant(asking, one))
			continue;
		directory->count++;
		sources[to] = i;
		if (entry_of(one, &directory->entries[to]) < 0) {
			standing_close(asker);
			return -1;
		}
		standing_ask(asker, one->certificate, now, &ret->standings[to]);
	}
	standing_close(asker);
	return 0;
}

static int choose(struct asking *asking)
{
	struct failure failure = {.code = FAILURE_SYSTEM};
	size_t sources[CERTIFICATES_MAX];
	struct found found = {.standings = NULL};
	int chosen = -1, result = EXIT_DUE;

	if (list(asking, &found, sources) < 0)
		result = revoke_tell_unread(&failure);
	else if (found.directory.count == 0)
		puts(_("No such certificate is on the card."));
	else
		chosen = revoke_choose(&found);
	found_clear(&found);
	if (chosen < 0)
		return result;
	asking->chosen = &asking->card.certificates[sources[chosen]];
	return EXIT_FINE;
}

static int read_card(struct asking *asking)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (card_read(&asking->card, &failure) < 0)
		return exit_without_helper(&failure);
	failure.code = exit_code_of(asking->card.end);
	return failure.code == FAILURE_NONE ? choose(asking) : revoke_tell_unread(&failure);
}

static int consent(struct asking *asking)
{
	const struct config_revocation *settings = &asking->config->revocation;

	if (!revoke_ask_agreement(settings, asking->options->accept))
		return EXIT_DUE;
	if (settings->agreement[0] != '\0' || asking->options->accept)
		revoke_log_consent(asking->chosen->certificate, settings);
	if (asking->reason < 0)
		asking->reason = revoke_ask_reason(settings);
	return asking->reason < 0 ? EXIT_DUE : EXIT_FINE;
}

/* --- the conversation --------------------------------------------------------------------------
 */

static int converse(const struct asking *asking)
{
	const struct message *chosen = asking->chosen->message;
	const struct client_request request = {
	    .action = REQUEST_REVOKE,
	    .flags = terminal_flags() | (asking->options->accept ? REQUEST_ASSUME_YES : 0),
	    .language = language_of_environment(),
	    .token_serial = message_text(chosen, FIELD_TOKEN_SERIAL),
	    .issuer = message_text(chosen, FIELD_ISSUER),
	    .serial = message_text(chosen, FIELD_SERIAL),
	    .reason = asking->reason,
	};
	struct failure failure = {.code = FAILURE_NONE};

	if (converse_until_end(&request, &failure) < 0)
		return exit_without_helper(&failure);
	if (failure.code != FAILURE_NONE)
		return revoke_tell_failure(&failure);
	revoke_show_standing(asking->config, asking->chosen->certificate);
	return EXIT_FINE;
}

int revoke_by_card(const struct config *config, const struct revoke_options *options)
{
	struct asking asking = {.config = config, .options = options};
	int result = revoke_check(config, options->reason, &asking.reason);

	if (result == EXIT_FINE && !revocation_protocol(config->revocation.protocol)->by_card)
		result = revoke_say_no(_("The certification authority takes no revocation by the "
					 "card, only by the challenge phrase: run 'certrenew "
					 "revoke' without --card."));
	if (result == EXIT_FINE && !choose_can_ask() &&
	    (!options->accept || options->reason == NULL))
		result = revoke_say_no(_("Without a terminal, --reason and --accept-agreement are "
					 "needed."));
	if (result == EXIT_FINE)
		result = read_card(&asking);
	if (result == EXIT_FINE)
		result = consent(&asking);
	if (result == EXIT_FINE)
		result = converse(&asking);
	card_clear(&asking.card);
	return result;
}
