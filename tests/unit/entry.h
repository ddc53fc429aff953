/* SPDX-License-Identifier: MIT */
/* Entries of the journal in every state, with certificates made in memory. */
#ifndef CERTRENEW_TESTS_ENTRY_H
#define CERTRENEW_TESTS_ENTRY_H

#include "helper/renewal/journal.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1763791200)

static X509 *old_certificate, *other_certificate, *new_certificate;

static inline X509 *entry_certificate(EVP_PKEY *key, int64_t not_after)
{
	X509_NAME *subject = made_name("Example Government", "陳美玲");
	struct made made = {
	    .key = key,
	    .subject = subject,
	    .not_before = NOW - 300 * DAY,
	    .not_after = not_after,
	};
	X509 *certificate = made_certificate(&made);

	X509_NAME_free(subject);
	return certificate;
}

static inline int entry_begin(void **state)
{
	EVP_PKEY *key = made_key("P-256"), *other = made_key("P-256");

	(void)state;
	old_certificate = entry_certificate(key, NOW + 20 * DAY);
	new_certificate = entry_certificate(key, NOW + 385 * DAY);
	other_certificate = entry_certificate(other, NOW + 20 * DAY);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	return 0;
}

static inline int entry_end(void **state)
{
	(void)state;
	X509_free(old_certificate);
	X509_free(new_certificate);
	X509_free(other_certificate);
	return 0;
}

static inline X509 *entry_share(X509 *certificate)
{
	assert_int_equal(X509_up_ref(certificate), 1);
	return certificate;
}

static inline void entry_request(struct journal_entry *entry, const void *bytes, size_t length)
{
	free(entry->request);
	entry->request = malloc(length);
	assert_non_null(entry->request);
	memcpy(entry->request, bytes, length);
	entry->request_length = length;
}

/* With all that an entry in this state has, and no more; journal_entry_clear it. */
static inline struct journal_entry entry_in(enum journal_state state, enum certificate_role role)
{
	struct journal_entry entry = {
	    .state = state,
	    .role = role,
	    .ca = "office",
	    .new_key = role == ROLE_SIGNATURE,
	    .id = {{0x02}, 1},
	    .old_id = {{0x01, 0xFF, 0x00}, 3},
	    .label = {"Signature", 9},
	    .updated = NOW,
	    .old = entry_share(old_certificate),
	};

	if (state == JOURNAL_REQUESTED || state == JOURNAL_WAITING)
		entry_request(&entry, "0\x82 a request", 11);
	if (state == JOURNAL_WAITING)
		entry.retry_at = NOW + 7200;
	if (state >= JOURNAL_ISSUED)
		entry.issued = entry_share(new_certificate);
	if (state >= JOURNAL_MOVED_ASIDE)
		entry.spare = (struct object_id){{0x10}, 1};
	return entry;
}

static inline void assert_same_certificate(X509 *a, X509 *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL)
		assert_int_equal(X509_cmp(a, b), 0);
}

static inline void assert_same_entry(const struct journal_entry *a, const struct journal_entry *b)
{
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->role, b->role);
	assert_string_equal(a->ca, b->ca);
	assert_int_equal(a->new_key, b->new_key);
	assert_true(object_id_equal(&a->id, &b->id));
	assert_true(object_id_equal(&a->old_id, &b->old_id));
	assert_true(object_id_equal(&a->spare, &b->spare));
	assert_int_equal(a->label.length, b->label.length);
	assert_memory_equal(a->label.bytes, b->label.bytes, a->label.length);
	assert_int_equal(a->updated, b->updated);
	assert_int_equal(a->retry_at, b->retry_at);
	assert_same_certificate(a->old, b->old);
	assert_same_certificate(a->issued, b->issued);
	assert_int_equal(a->request_length, b->request_length);
	if (a->request_length > 0)
		assert_memory_equal(a->request, b->request, a->request_length);
}

static inline char *entry_text(const struct journal_entry *entry, size_t *ret_length)
{
	struct failure failure = {.code = FAILURE_NONE};
	char *text = NULL;

	assert_int_equal(journal_encode(entry, &text, ret_length, &failure), 0);
	assert_non_null(text);
	assert_int_equal(strlen(text), *ret_length);
	return text;
}

/* Decodes from memory that ends where the text ends. */
static inline int entry_decode(const char *text, size_t length, struct journal_entry *ret,
			       struct failure *failure)
{
	char *copy = malloc(length == 0 ? 1 : length);
	int result;

	assert_non_null(copy);
	memcpy(copy, text, length);
	result = journal_decode(copy, length, ret, failure);
	free(copy);
	return result;
}

static inline void assert_no_entry(const char *text, size_t length)
{
	struct journal_entry entry = {.updated = 4711};
	struct failure failure = {.code = FAILURE_NONE};

	if (entry_decode(text, length, &entry, &failure) != -FAILURE_JOURNAL)
		fail_msg("accepted: %.*s", (int)length, text);
	assert_int_equal(failure.code, FAILURE_JOURNAL);
	assert_string_not_equal(failure.detail, "");
	/* Nothing was left in it. */
	assert_int_equal(entry.updated, 4711);
	assert_null(entry.old);
	assert_null(entry.request);
}

#endif
