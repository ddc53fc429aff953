/* SPDX-License-Identifier: MIT */
/*
 * A new challenge phrase: chosen, twice the same → PIN → one message to the CA, signed by the
 * card's signature key. The phrase lives here alone, and until it is sent.
 */
#include <string.h>

#include <openssl/pem.h>

#include "helper/ca/revocation.h"
#include "helper/card/naming.h"
#include "helper/common/log.h"
#include "helper/common/utf8.h"
#include "helper/renewal/session.h"
#include "helper/words/words.h"

enum { TRIES = 3 };

struct setting {
	struct renewal *renewal;
	const struct certificate *speaker;
	struct revocation_settings settings;
	X509 *recipient;
	struct secret *phrase;
};

static int read_recipient(struct setting *setting, struct failure *failure)
{
	const struct config_revocation *config = &setting->renewal->config->revocation;
	const char *path = config->phrase_certificate;
	FILE *file;

	if (config->url[0] == '\0' || path[0] == '\0' ||
	    revocation_protocol(config->protocol)->set_phrase == NULL)
		return fail(failure, FAILURE_CONFIG,
			    "[revocation] url, protocol = cmp, phrase_certificate");
	file = fopen(path, "re");
	if (file == NULL)
		return fail(failure, FAILURE_CONFIG, "%s cannot be read", path);
	setting->recipient = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	return setting->recipient != NULL
		   ? 0
		   : fail(failure, FAILURE_CONFIG, "%s holds no certificate", path);
}

static int find_speaker(struct setting *setting, struct failure *failure)
{
	struct renewal *renewal = setting->renewal;
	struct certificates *certificates = &renewal->certificates;
	int result = renewal_read_certificates(renewal, failure);

	if (result < 0)
		return result;
	for (size_t i = 0; i < certificates->count && setting->speaker == NULL; i++)
		setting->speaker = renewal_speaker(renewal, certificates->items[i].x509);
	if (setting->speaker == NULL)
		return fail(failure, FAILURE_KEY_CANNOT_SIGN,
			    "no certificate of the card can speak to the CA");
	setting->settings = revocation_settings_for(renewal->config, setting->speaker->x509);
	return setting->settings.ca != NULL
		   ? 0
		   : fail(failure, FAILURE_NO_CA, "no [ca] section for the issuer");
}

/* --- the phrase ------------------------------------------------------------------------------ */

static int ask_once(struct renewal *renewal, const char *sentence, struct secret **ret,
		    struct failure *failure)
{
	struct message *question = message_new(MESSAGE_ASK_PIN), *answer = NULL;
	const unsigned char *bytes;
	char prompt[WORDS_MAX];
	size_t length = 0;
	int result;

	message_put_text(question, FIELD_SENTENCE, sentence);
	message_put_text(question, FIELD_PROMPT_TEXT, words_ask_phrase_prompt(prompt));
	message_put_number(question, FIELD_PIN_WHY, PIN_IS_PHRASE);
	message_put_number(question, FIELD_PIN_NOTE, 0);
	result = dialogue_ask(renewal->dialogue, question, &answer, failure);
	if (result < 0)
		return result;
	bytes = message_secret(answer, &length);
	if (bytes == NULL || length == 0 || length > SECRET_MAX)
		result = fail(failure, FAILURE_CANCELLED, "no phrase, or one longer than any");
	else if ((*ret = secret_new(bytes, length)) == NULL)
		result = fail_errno(failure, "no memory for a phrase");
	message_free(answer);
	return result;
}

static int64_t characters(const struct secret *phrase)
{
	int64_t count = 0;

	for (size_t i = 0; i < phrase->length; i++)
		count += (phrase->bytes[i] & 0xC0) != 0x80;
	return count;
}

static bool is_fine(const struct secret *phrase, int64_t least)
{
	return utf8_is_valid(phrase->bytes, phrase->length) && characters(phrase) >= least;
}

static void say_refused(struct renewal *renewal, bool short_one)
{
	struct message *notice = message_new(MESSAGE_NOTICE);
	char text[WORDS_MAX];

	message_put_text(notice, FIELD_SENTENCE, words_phrase_refused(text, short_one));
	dialogue_say(renewal->dialogue, notice);
}

/* One that is long enough, and the same again. *ret stays NULL for one that is not. */
static int choose_once(struct renewal *renewal, struct secret **ret, struct failure *failure)
{
	int64_t least = renewal->config->revocation.phrase_length;
	struct secret *first = NULL, *second = NULL;
	char text[WORDS_MAX];
	int result = ask_once(renewal, words_ask_phrase(text, least), &first, failure);

	if (result == 0 && !is_fine(first, least)) {
		say_refused(renewal, true);
	} else if (result == 0) {
		result = ask_once(renewal, words_ask_phrase_again(text), &second, failure);
		if (result == 0 && first->length == second->length &&
		    memcmp(first->bytes, second->bytes, first->length) == 0) {
			*ret = first;
			first = NULL;
		} else if (result == 0) {
			say_refused(renewal, false);
		}
	}
	secret_free(first);
	secret_free(second);
	return result;
}

static int choose_phrase(struct setting *setting, struct failure *failure)
{
	int result = 0;

	for (int i = 0; i < TRIES && result == 0 && setting->phrase == NULL; i++)
		result = choose_once(setting->renewal, &setting->phrase, failure);
	if (result == 0 && setting->phrase == NULL)
		result = fail(failure, FAILURE_CANCELLED, "no phrase was chosen");
	return result;
}

/* --- the CA ---------------------------------------------------------------------------------- */

/* While the PIN holds. */
static int send_phrase(struct setting *setting, struct failure *failure)
{
	struct renewal *renewal = setting->renewal;
	const struct revocation_settings *settings = &setting->settings;
	struct session session = {.renewal = renewal};
	struct ca_identity identity;
	int result = session_identity(&session, &setting->speaker->id, setting->speaker->x509,
				      &identity, failure);

	if (result == 0)
		result = revocation_protocol(settings->config->protocol)
			     ->set_phrase(settings, &identity, setting->recipient, setting->phrase,
					  failure);
	result = session_explain(renewal, result, failure);
	session_close(&session);
	return result;
}

static void tell_done(const struct setting *setting)
{
	struct message *done = message_new(MESSAGE_DONE);
	char text[WORDS_MAX];

	naming_serial(setting->speaker->x509, text, sizeof(text));
	log_line(EVENT_PHRASE_SET, "challenge phrase set, in the name of certificate %s", text);
	message_put_text(done, FIELD_SENTENCE, words_phrase_set(text));
	message_put_number(done, FIELD_COUNT, 1);
	message_put_number(done, FIELD_OF, 1);
	dialogue_say(setting->renewal->dialogue, done);
}

int set_phrase_run(struct renewal *renewal, struct failure *failure)
{
	struct setting setting = {.renewal = renewal};
	int result = read_recipient(&setting, failure);

	if (result == 0)
		result = find_speaker(&setting, failure);
	if (result == 0)
		result = choose_phrase(&setting, failure);
	if (result == 0)
		result = consent_with_pin(renewal, PIN_TO_SET_PHRASE, failure);
	if (result == 0)
		result = send_phrase(&setting, failure);
	consent_end(renewal);
	secret_free(setting.phrase);
	X509_free(setting.recipient);
	if (result < 0)
		revoke_tell_failed(renewal, failure);
	else
		tell_done(&setting);
	return result;
}
