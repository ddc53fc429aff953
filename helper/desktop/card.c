/* SPDX-License-Identifier: MIT */
#include "helper/desktop/card.h"

#include <string.h>

static void certificate_free(gpointer data)
{
	struct card_certificate *one = data;

	g_free(one->cn);
	g_free(one->o);
	g_free(one->issuer);
	g_free(one->serial);
	g_free(one);
}

static const struct card_certificate *certificate(const struct card *card, guint index)
{
	return g_ptr_array_index(card->certificates, index);
}

struct card *card_hold(struct card *card)
{
	g_atomic_ref_count_inc(&card->holders);
	return card;
}

void card_release(struct card *card)
{
	if (card == NULL || !g_atomic_ref_count_dec(&card->holders))
		return;
	g_ptr_array_unref(card->certificates);
	g_free(card->serial);
	g_free(card->label);
	g_free(card);
}

static void release(gpointer data)
{
	card_release(data);
}

GPtrArray *cards_new(void)
{
	return g_ptr_array_new_with_free_func(release);
}

static struct card *card_of(GPtrArray *cards, const struct message *message)
{
	const char *serial = message_text(message, FIELD_TOKEN_SERIAL);
	struct card *card;

	for (guint i = 0; i < cards->len; i++) {
		card = g_ptr_array_index(cards, i);
		if (strcmp(card->serial, serial) == 0)
			return card;
	}
	card = g_new0(struct card, 1);
	g_atomic_ref_count_init(&card->holders);
	card->serial = g_strdup(serial);
	card->label = g_strdup(message_text(message, FIELD_TOKEN_LABEL));
	card->certificates = g_ptr_array_new_with_free_func(certificate_free);
	g_ptr_array_add(cards, card);
	return card;
}

void card_take(GPtrArray *cards, const struct message *message)
{
	struct card *card = card_of(cards, message);
	struct card_certificate *one = g_new0(struct card_certificate, 1);
	int64_t retry_at = message_number(message, FIELD_RETRY_AT);

	one->role = (enum certificate_role)message_number(message, FIELD_ROLE);
	one->state = (enum validity_state)message_number(message, FIELD_STATE);
	one->days = message_number(message, FIELD_DAYS);
	one->not_before = message_number(message, FIELD_NOT_BEFORE);
	one->not_after = message_number(message, FIELD_NOT_AFTER);
	one->renewable_from = message_number(message, FIELD_RENEWABLE_FROM);
	one->cn = g_strdup(message_text(message, FIELD_SUBJECT_CN));
	one->o = g_strdup(message_text(message, FIELD_SUBJECT_O));
	one->issuer = g_strdup(message_text(message, FIELD_ISSUER));
	one->serial = g_strdup(message_text(message, FIELD_SERIAL));
	g_ptr_array_add(card->certificates, one);
	card->remind = card->remind || message_number(message, FIELD_REMIND) != 0;
	card->unfinished = card->unfinished || message_number(message, FIELD_UNFINISHED) != 0;
	if (retry_at != 0 && (card->retry_at == 0 || retry_at < card->retry_at))
		card->retry_at = retry_at;
}

static bool is_due(const struct card_certificate *one)
{
	return one->state == VALIDITY_RENEWABLE || one->state == VALIDITY_CRITICAL;
}

static bool is_expired(const struct card_certificate *one)
{
	return one->state == VALIDITY_EXPIRED;
}

static size_t count(const struct card *card, bool (*wanted)(const struct card_certificate *))
{
	size_t found = 0;

	for (guint i = 0; i < card->certificates->len; i++)
		found += wanted(certificate(card, i));
	return found;
}

size_t card_due_count(const struct card *card)
{
	return count(card, is_due);
}

size_t card_expired_count(const struct card *card)
{
	return count(card, is_expired);
}

const struct card_certificate *card_soonest(const struct card *card)
{
	const struct card_certificate *found = NULL;

	for (guint i = 0; i < card->certificates->len; i++)
		if (is_due(certificate(card, i)) &&
		    (found == NULL || certificate(card, i)->not_after < found->not_after))
			found = certificate(card, i);
	return found;
}

const struct card_certificate *card_expired(const struct card *card)
{
	const struct card_certificate *found = NULL;

	for (guint i = 0; i < card->certificates->len; i++)
		if (is_expired(certificate(card, i)) &&
		    (found == NULL || certificate(card, i)->not_after > found->not_after))
			found = certificate(card, i);
	return found;
}

static gint by_end(gconstpointer a, gconstpointer b)
{
	const struct card_certificate *left = card_soonest(*(struct card *const *)a);
	const struct card_certificate *right = card_soonest(*(struct card *const *)b);

	if (left == NULL || right == NULL)
		return (left == NULL) - (right == NULL);
	return (left->not_after > right->not_after) - (left->not_after < right->not_after);
}

void cards_sort(GPtrArray *cards)
{
	g_ptr_array_sort(cards, by_end);
}

bool card_can_renew(const struct card *card)
{
	return card->unfinished || card_due_count(card) > 0;
}

bool card_wants_word(const struct card *card, int64_t now)
{
	return card_can_renew(card) &&
	       (card->remind || (card->unfinished && card->retry_at <= now));
}

bool card_is_critical(const struct card *card)
{
	for (guint i = 0; i < card->certificates->len; i++)
		if (certificate(card, i)->state == VALIDITY_CRITICAL)
			return true;
	return false;
}

int64_t cards_renewable_from(const GPtrArray *cards)
{
	int64_t first = 0;

	for (guint i = 0; i < cards->len; i++) {
		const struct card *card = g_ptr_array_index(cards, i);

		for (guint j = 0; j < card->certificates->len; j++) {
			const struct card_certificate *one = certificate(card, j);

			if (one->state == VALIDITY_VALID && one->renewable_from > 0 &&
			    (first == 0 || one->renewable_from < first))
				first = one->renewable_from;
		}
	}
	return first;
}
