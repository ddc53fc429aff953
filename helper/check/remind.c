/* SPDX-License-Identifier: MIT */
/* What to speak of now: the certificates' dates, and what the person put off. */
#include <string.h>
#include <time.h>

#include "helper/check/check.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/common/token_name.h"
#include "helper/record/later.h"
#include "helper/record/reminder.h"
#include "helper/words/words.h"

static bool is_renewable(const struct message *certificate)
{
	int64_t state = message_number(certificate, FIELD_STATE);

	return state == VALIDITY_RENEWABLE || state == VALIDITY_CRITICAL;
}

static bool is_unfinished(const struct check *check, const struct message *certificate)
{
	char name[TOKEN_NAME_MAX];

	token_name(message_text(certificate, FIELD_TOKEN_SERIAL),
		   message_text(certificate, FIELD_TOKEN_LABEL), name);
	return token_name_listed(check->task.unfinished, name);
}

/* Where it is always time, that it was put off changes nothing: then only what the CA said is left,
 * and mostly nothing that a key would have to be made for. */
static void drop_put_off(struct later_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].until != 0 || list->items[i].refused != 0)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

/* Without a list that can be read, nothing was put off: a person is asked once too often. */
static void read_later(const struct check *check, struct later_list *ret)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (later_read(PATH_LATER, check->task.uid, ret, &failure) < 0)
		log_failure(EVENT_LATER_NOT_KNOWN, "what was put off is not known", &failure);
	else if (ret->damaged > 0)
		log_line(EVENT_LATER_DAMAGED,
			 "what was put off: %zu damaged lines of %s/%u are ignored", ret->damaged,
			 PATH_LATER, check->task.uid);
	if (check->config->remind_always)
		drop_put_off(ret);
}

static void judge_dates(const struct check *check, struct message *certificate, int64_t now)
{
	const struct validity_limits limits = {check->config->window, check->config->critical};
	int64_t not_before = message_number(certificate, FIELD_NOT_BEFORE);
	int64_t not_after = message_number(certificate, FIELD_NOT_AFTER);
	struct validity validity = validity_judge(not_before, not_after, now, &limits);
	enum certificate_role role = (enum certificate_role)message_number(certificate, FIELD_ROLE);
	char sentence[WORDS_MAX];

	message_put_number(certificate, FIELD_STATE, validity.state);
	message_put_number(certificate, FIELD_DAYS, validity.days_left);
	message_put_number(certificate, FIELD_RENEWABLE_FROM, validity.renewable_from);
	message_put_text(certificate, FIELD_SENTENCE,
			 words_certificate(sentence, role, &validity, not_before, not_after));
	message_put_number(certificate, FIELD_UNFINISHED, is_unfinished(check, certificate));
}

static char *key_of(const struct message *certificate, char key[CERTIFICATE_KEY_MAX])
{
	return certificate_key(message_text(certificate, FIELD_ISSUER),
			       message_text(certificate, FIELD_SERIAL), key);
}

static bool is_on_token(const struct message *certificate, const char *serial, const char *label)
{
	return strcmp(message_text(certificate, FIELD_TOKEN_SERIAL), serial) == 0 &&
	       strcmp(message_text(certificate, FIELD_TOKEN_LABEL), label) == 0;
}

/* Until when the CA wants to be left alone, or wanted to; of a renewal that was given up: never. */
static int64_t until_of(const struct later_list *later, const struct message *certificate,
			int64_t now)
{
	char key[CERTIFICATE_KEY_MAX];

	if (message_number(certificate, FIELD_UNFINISHED) == 0 ||
	    later_refused(later, key_of(certificate, key)) > 0)
		return 0;
	return later_until(later, key, now);
}

/* Until when a CA that refused is left alone, also where nothing was begun; 0: none did. */
static int64_t back_off_of(const struct later_list *later, const char *key, int64_t now)
{
	return later_refused(later, key) > 0 ? later_until(later, key, now) : 0;
}

/* How far east of UTC this machine's days are, then. */
static int64_t zone_at(int64_t moment)
{
	time_t seconds = (time_t)moment;
	struct tm local;

	return localtime_r(&seconds, &local) == NULL ? 0 : local.tm_gmtoff;
}

/*
 * Whether there is something to go on with for the card of this certificate. renew notes the
 * certificates that wait only where nothing but they keeps it from being finished.
 */
static bool can_be_finished(const struct check *check, const struct later_list *later,
			    const struct message *of, int64_t now)
{
	const struct message *one;

	if (until_of(later, of, now) != 0)
		return until_of(later, of, now) <= now;
	for (size_t i = 0; i < check->certificates.count; i++) {
		one = check->certificates.items[i];
		if (is_on_token(one, message_text(of, FIELD_TOKEN_SERIAL),
				message_text(of, FIELD_TOKEN_LABEL)) &&
		    until_of(later, one, now) > now)
			return false;
	}
	return message_number(of, FIELD_UNFINISHED) != 0;
}

static struct reminder reminder_of(const struct check *check, const struct later_list *later,
				   const struct message *certificate, int64_t now)
{
	char key[CERTIFICATE_KEY_MAX] = "";
	struct reminder reminder;

	/* A key is a digest, of which nobody needs fifty to look into an empty list. */
	if (later->count > 0)
		key_of(certificate, key);
	reminder = (struct reminder){
	    .not_before = message_number(certificate, FIELD_NOT_BEFORE),
	    .not_after = message_number(certificate, FIELD_NOT_AFTER),
	    .put_off = later_when(later, key, now),
	    .until = until_of(later, certificate, now),
	    .back_off = back_off_of(later, key, now),
	    .unfinished = can_be_finished(check, later, certificate, now),
	};
	if (check->config->spread == 0)
		return reminder;
	/* The same all the time: a card whose days moved by an hour could get other days. */
	reminder.zone = zone_at(reminder.not_after);
	reminder.share = certificate_share(
	    message_text(certificate, FIELD_ISSUER), message_text(certificate, FIELD_SUBJECT),
	    message_text(certificate, FIELD_TOKEN_SERIAL), check->task.uid);
	return reminder;
}

int64_t remind_judge(struct check *check)
{
	struct later_list later = {.count = 0};
	int64_t now = time(NULL), next = 0, one;

	read_later(check, &later);
	/* What this process has just read, it has just judged. */
	for (size_t i = 0; check->findings.count == 0 && i < check->certificates.count; i++)
		judge_dates(check, check->certificates.items[i], now);
	for (size_t i = 0; i < check->certificates.count; i++) {
		struct message *certificate = check->certificates.items[i];
		const struct reminder reminder = reminder_of(check, &later, certificate, now);

		one = reminder.until > reminder.back_off ? reminder.until : reminder.back_off;
		if (one > now)
			message_put_number(certificate, FIELD_RETRY_AT, one);
		message_put_number(certificate, FIELD_REMIND,
				   reminder_is_due(check->config, &reminder, now));
		one = reminder_next(check->config, &reminder, now);
		if (one != 0 && (next == 0 || one < next))
			next = one;
	}
	return next;
}

bool remind_of_token(const struct check *check, const struct found_token *token)
{
	const struct message *one;

	for (size_t i = 0; i < check->certificates.count; i++) {
		one = check->certificates.items[i];
		if (message_number(one, FIELD_REMIND) != 0 &&
		    is_on_token(one, token->info.serial, token->info.label))
			return true;
	}
	return false;
}

int remind_put_off(const struct check *check, const char *token_serial, struct failure *failure)
{
	struct later_list later = {.count = 0};
	int64_t now = time(NULL);
	const struct message *one;
	struct later word;

	for (size_t i = 0; i < check->certificates.count; i++) {
		one = check->certificates.items[i];
		if (!is_renewable(one) ||
		    (token_serial[0] != '\0' &&
		     strcmp(message_text(one, FIELD_TOKEN_SERIAL), token_serial) != 0))
			continue;
		word = (struct later){
		    .when = now,
		    .not_after = message_number(one, FIELD_NOT_AFTER),
		};
		key_of(one, word.key);
		later_note(&later, &word);
	}
	return later_add(PATH_LATER, check->task.uid, &later, now, failure);
}

/* Whether no certificate before this one is of the same card. */
static bool is_first_of_token(const struct check *check, size_t index)
{
	const struct message *one = check->certificates.items[index];

	for (size_t i = 0; i < index; i++)
		if (is_on_token(check->certificates.items[i], message_text(one, FIELD_TOKEN_SERIAL),
				message_text(one, FIELD_TOKEN_LABEL)))
			return false;
	return true;
}

static size_t count_on_token(const struct check *check, const struct message *of)
{
	size_t renewable = 0;

	for (size_t i = 0; i < check->certificates.count; i++)
		if (is_on_token(check->certificates.items[i], message_text(of, FIELD_TOKEN_SERIAL),
				message_text(of, FIELD_TOKEN_LABEL)))
			renewable += is_renewable(check->certificates.items[i]);
	return renewable == 0 && message_number(of, FIELD_UNFINISHED) != 0 ? 1 : renewable;
}

size_t remind_count(const struct check *check)
{
	size_t count = 0;

	for (size_t i = 0; i < check->certificates.count; i++)
		if (is_first_of_token(check, i))
			count += count_on_token(check, check->certificates.items[i]);
	return count;
}
