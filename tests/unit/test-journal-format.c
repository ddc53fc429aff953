/* SPDX-License-Identifier: MIT */
/* What stands in the journal's files. */
#include "tests/unit/entry.h"

static void assert_survives(const struct journal_entry *entry)
{
	struct journal_entry got = {.old = NULL};
	struct failure failure = {.code = FAILURE_NONE};
	size_t length;
	char *text = entry_text(entry, &length);

	if (entry_decode(text, length, &got, &failure) < 0)
		fail_msg("%s in:\n%s", failure.detail, text);
	assert_same_entry(&got, entry);
	journal_entry_clear(&got);
	free(text);
}

static void an_entry_survives_in_every_state_and_role(void **state)
{
	(void)state;
	for (int at = JOURNAL_AGREED; at <= JOURNAL_DONE; at++) {
		for (int role = ROLE_ENCRYPTION; role <= ROLE_SIGNATURE; role++) {
			struct journal_entry entry =
			    entry_in((enum journal_state)at, (enum certificate_role)role);

			assert_survives(&entry);
			journal_entry_clear(&entry);
		}
	}
}

static void every_field_survives_at_its_largest(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_VERIFIED, ROLE_ENCRYPTION);

	(void)state;
	entry.new_key = true;
	memset(entry.ca, 'x', sizeof(entry.ca) - 1);
	memcpy(entry.ca, "the office, 辦公室 =", 23);
	entry.updated = INT64_MAX;
	entry.retry_at = INT64_MIN;
	for (size_t i = 0; i < OBJECT_ID_MAX; i++) {
		entry.id.bytes[i] = (unsigned char)i;
		entry.old_id.bytes[i] = (unsigned char)(255 - i);
		entry.spare.bytes[i] = '\n';
	}
	entry.id.length = entry.old_id.length = entry.spare.length = OBJECT_ID_MAX;
	for (size_t i = 0; i < sizeof(entry.label.bytes); i++)
		entry.label.bytes[i] = (unsigned char)(2 * i);
	entry.label.length = sizeof(entry.label.bytes);
	assert_survives(&entry);
	journal_entry_clear(&entry);
}

static void what_is_empty_stays_empty(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);

	(void)state;
	entry.ca[0] = '\0';
	entry.id.length = entry.old_id.length = entry.spare.length = entry.label.length = 0;
	entry.updated = 0;
	assert_survives(&entry);
	journal_entry_clear(&entry);
}

static void a_request_survives_at_every_length(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_REQUESTED, ROLE_SIGNATURE);
	unsigned char bytes[300];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i % 3 == 0 ? 0 : i);
	for (size_t length = 1; length <= sizeof(bytes); length++) {
		entry_request(&entry, bytes, length);
		assert_survives(&entry);
	}
	journal_entry_clear(&entry);
}

static void an_administrator_can_read_it(void **state)
{
	static const char expected[] = "certrenew-journal 1\n"
				       "state waiting\n"
				       "role encryption\n"
				       "ca office\n"
				       "new-key 0\n"
				       "updated 1763791200\n"
				       "retry-at 1763798400\n"
				       "id 02\n"
				       "old-id 01ff00\n"
				       "label 5369676e6174757265\n"
				       "old MII";
	struct journal_entry entry = entry_in(JOURNAL_WAITING, ROLE_ENCRYPTION);
	size_t length;
	char *text = entry_text(&entry, &length);

	(void)state;
	assert_memory_equal(text, expected, strlen(expected));
	assert_string_equal(text + length - 5, "\nend\n");
	free(text);
	journal_entry_clear(&entry);
}

static void a_file_cut_at_any_byte_is_refused(void **state)
{
	(void)state;
	for (int at = JOURNAL_AGREED; at <= JOURNAL_DONE; at++) {
		struct journal_entry entry = entry_in((enum journal_state)at, ROLE_SIGNATURE);
		size_t length;
		char *text = entry_text(&entry, &length);

		for (size_t cut = 0; cut < length; cut++)
			assert_no_entry(text, cut);
		free(text);
		journal_entry_clear(&entry);
	}
}

/* The text with `line` put before its nth line, from 0. */
static void with_line(const char *text, size_t nth, const char *line, char *out, size_t size)
{
	const char *at = text;

	for (size_t i = 0; i < nth; i++)
		at = strchr(at, '\n') + 1;
	assert_in_range(snprintf(out, size, "%.*s%s%s", (int)(at - text), text, line, at), 1,
			size - 1);
}

static void an_unknown_line_is_refused_wherever_it_stands(void **state)
{
	static const char *const lines[] = {
	    "colour blue\n",
	    "State issued\n",
	    " state issued\n",
	    "state\n",
	    "\n",
	    " \n",
	    "end \n",
	    "END\n",
	    "end\n",
	    "# note\n",
	    "x",
	    "certrenew-journal 1\n",
	};
	struct journal_entry entry = entry_in(JOURNAL_ISSUED, ROLE_SIGNATURE);
	size_t length, count = 0;
	char *text = entry_text(&entry, &length), changed[8192];

	(void)state;
	for (const char *at = text; *at != '\0'; at++)
		count += *at == '\n';
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		for (size_t nth = 0; nth <= count; nth++) {
			with_line(text, nth, lines[i], changed, sizeof(changed));
			assert_no_entry(changed, strlen(changed));
		}
	}
	free(text);
	journal_entry_clear(&entry);
}

static void a_nul_or_another_version_is_refused(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_ISSUED, ROLE_SIGNATURE);
	size_t length;
	char *text = entry_text(&entry, &length);

	(void)state;
	text[18] = '2';
	assert_no_entry(text, length);
	text[18] = '1';
	for (size_t at = 0; at <= length; at++) {
		char before = text[at];

		text[at] = '\0';
		assert_no_entry(text, at == length ? length + 1 : length);
		text[at] = before;
	}
	free(text);
	journal_entry_clear(&entry);
}

/* A line's value replaced by another. */
static void with_value(const char *text, const char *name, const char *value, char *out,
		       size_t size)
{
	char start[32];
	const char *at;
	int length;

	snprintf(start, sizeof(start), "\n%s ", name);
	at = strstr(text, start);
	assert_non_null(at);
	at += strlen(start);
	length = snprintf(out, size, "%.*s%s%s", (int)(at - text), text, value, strchr(at, '\n'));
	assert_in_range(length, 1, size - 1);
}

static void a_value_that_is_none_is_refused(void **state)
{
	static const struct {
		const char *name, *value;
	} values[] = {
	    {"state", "issue"},
	    {"state", "ISSUED"},
	    {"state", "unknown"},
	    {"state", ""},
	    {"role", "both"},
	    {"role", ""},
	    {"updated", ""},
	    {"updated", "-"},
	    {"updated", "1 "},
	    {"updated", " 1"},
	    {"updated", "0x1"},
	    {"updated", "soon"},
	    {"retry-at", "+1"},
	    {"id", "0"},
	    {"id", "0G"},
	    {"id", "AB"},
	    {"id", "01 02"},
	    {"label", "0x"},
	    {"old", "MIIC"},
	    {"old", "!"},
	    {"old", ""},
	    {"old", "AAAA"},
	    {"issued", "AAA"},
	    {"request", "AAAAA"},
	    {"request", ""},
	    {"request", "A?AA"},
	    /* As no version of ours writes it. */
	    {"state", "found"},
	    {"new-key", "2"},
	    {"new-key", ""},
	    {"new-key", "true"},
	    {"new-key", "00"},
	    {"updated", "007"},
	    {"updated", "-0"},
	    {"retry-at", "--1"},
	    {"retry-at", "99999999999999999999"},
	    {"id", ""},
	    {"label", ""},
	    {"request", " AAAA"},
	    {"request", "A=AA"},
	    {"request", "AAAA===="},
	    {"request", "===="},
	    {"request", "MB=="},
	    {"request", "AAA-"},
	};
	struct journal_entry entry = entry_in(JOURNAL_ISSUED, ROLE_SIGNATURE);
	char *text, changed[8192];
	size_t length;

	(void)state;
	entry_request(&entry, "a request", 9);
	text = entry_text(&entry, &length);
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		with_value(text, values[i].name, values[i].value, changed, sizeof(changed));
		assert_no_entry(changed, strlen(changed));
	}
	free(text);
	journal_entry_clear(&entry);
}

static void a_line_twice_is_refused(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_MOVED_ASIDE, ROLE_SIGNATURE);
	struct failure failure = {.code = FAILURE_NONE};
	struct journal_entry got = {.old = NULL};
	char *text, changed[16384], line[8192];
	size_t length, at, end;

	(void)state;
	entry_request(&entry, "a request", 9);
	text = entry_text(&entry, &length);
	/* Every one but the first and the last, once more before the last. */
	for (at = strcspn(text, "\n") + 1; strcmp(text + at, "end\n") != 0; at = end) {
		end = at + strcspn(text + at, "\n") + 1;
		snprintf(line, sizeof(line), "%.*s", (int)(end - at), text + at);
		snprintf(changed, sizeof(changed), "%.*s%send\n", (int)(length - 4), text, line);
		assert_no_entry(changed, strlen(changed));
		assert_int_equal(entry_decode(changed, strlen(changed), &got, &failure),
				 -FAILURE_JOURNAL);
		assert_non_null(strstr(failure.detail, "is there twice"));
	}
	free(text);
	journal_entry_clear(&entry);
}

static void an_entry_moved_aside_to_nowhere_is_refused(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_MOVED_ASIDE, ROLE_SIGNATURE);
	size_t length;
	char *text;

	(void)state;
	entry.spare.length = 0;
	text = entry_text(&entry, &length);
	assert_no_entry(text, length);
	free(text);
	/* Written without having been moved is another story. */
	entry.state = JOURNAL_WRITTEN;
	assert_survives(&entry);
	journal_entry_clear(&entry);
}

static void a_value_that_is_too_long_is_refused(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	size_t length;
	char *text = entry_text(&entry, &length), changed[8192], value[4096];

	(void)state;
	memset(value, 'a', sizeof(value));
	value[2 * (OBJECT_ID_MAX + 1)] = '\0';
	with_value(text, "id", value, changed, sizeof(changed));
	assert_no_entry(changed, strlen(changed));
	value[2 * (OBJECT_ID_MAX + 1)] = 'a';
	value[2 * (sizeof(entry.label.bytes) + 1)] = '\0';
	with_value(text, "label", value, changed, sizeof(changed));
	assert_no_entry(changed, strlen(changed));
	value[sizeof(entry.ca)] = '\0';
	with_value(text, "ca", value, changed, sizeof(changed));
	assert_no_entry(changed, strlen(changed));
	free(text);
	journal_entry_clear(&entry);
}

static void a_certificate_with_bytes_behind_it_is_refused(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	unsigned char *der = NULL;
	char *text, changed[8192], value[4096];
	int der_length = i2d_X509(old_certificate, &der);
	size_t length;

	(void)state;
	assert_true(der_length > 0);
	der = OPENSSL_realloc(der, (size_t)der_length + 1);
	assert_non_null(der);
	der[der_length] = 0;
	EVP_EncodeBlock((unsigned char *)value, der, der_length + 1);
	text = entry_text(&entry, &length);
	with_value(text, "old", value, changed, sizeof(changed));
	assert_no_entry(changed, strlen(changed));
	OPENSSL_free(der);
	free(text);
	journal_entry_clear(&entry);
}

/* As journal_encode writes it, but for one thing that its state promises. */
static void an_entry_without_what_its_state_promises_is_refused(void **state)
{
	size_t length;
	char *text;

	(void)state;
	for (int at = JOURNAL_AGREED; at <= JOURNAL_DONE; at++) {
		struct journal_entry entry = entry_in((enum journal_state)at, ROLE_SIGNATURE);
		X509 *old = entry.old, *issued = entry.issued;
		size_t request_length = entry.request_length;

		entry.old = NULL;
		text = entry_text(&entry, &length);
		assert_no_entry(text, length);
		free(text);
		entry.old = old;
		entry.issued = NULL;
		entry.request_length = 0;
		text = entry_text(&entry, &length);
		if (issued != NULL || request_length > 0)
			assert_no_entry(text, length);
		free(text);
		entry.issued = issued;
		journal_entry_clear(&entry);
	}
	text = strdup("certrenew-journal 1\nend\n");
	assert_no_entry(text, strlen(text));
	free(text);
}

static void a_changed_byte_harms_nothing(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_WRITTEN, ROLE_SIGNATURE), got;
	size_t length;
	char *text = entry_text(&entry, &length), before;

	(void)state;
	for (size_t at = 0; at < length; at++) {
		before = text[at];
		for (unsigned bit = 0; bit < 8; bit++) {
			text[at] = (char)((unsigned char)before ^ 1u << bit);
			got = (struct journal_entry){.old = NULL};
			if (entry_decode(text, length, &got, NULL) == 0) {
				/* Whatever was read can be written again. */
				assert_survives(&got);
				journal_entry_clear(&got);
			}
		}
		text[at] = before;
	}
	free(text);
	journal_entry_clear(&entry);
}

static void states_have_names_of_their_own(void **state)
{
	(void)state;
	for (int a = JOURNAL_FOUND; a <= JOURNAL_DONE; a++) {
		assert_string_not_equal(journal_state_name((enum journal_state)a), "unknown");
		for (int b = JOURNAL_FOUND; b < a; b++)
			assert_string_not_equal(journal_state_name((enum journal_state)a),
						journal_state_name((enum journal_state)b));
	}
	assert_string_equal(journal_state_name(0), "unknown");
	assert_string_equal(journal_state_name(JOURNAL_DONE + 1), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_survives_in_every_state_and_role),
	    cmocka_unit_test(every_field_survives_at_its_largest),
	    cmocka_unit_test(what_is_empty_stays_empty),
	    cmocka_unit_test(a_request_survives_at_every_length),
	    cmocka_unit_test(an_administrator_can_read_it),
	    cmocka_unit_test(a_file_cut_at_any_byte_is_refused),
	    cmocka_unit_test(an_unknown_line_is_refused_wherever_it_stands),
	    cmocka_unit_test(a_nul_or_another_version_is_refused),
	    cmocka_unit_test(a_value_that_is_none_is_refused),
	    cmocka_unit_test(a_line_twice_is_refused),
	    cmocka_unit_test(an_entry_moved_aside_to_nowhere_is_refused),
	    cmocka_unit_test(a_value_that_is_too_long_is_refused),
	    cmocka_unit_test(a_certificate_with_bytes_behind_it_is_refused),
	    cmocka_unit_test(an_entry_without_what_its_state_promises_is_refused),
	    cmocka_unit_test(a_changed_byte_harms_nothing),
	    cmocka_unit_test(states_have_names_of_their_own),
	};

	return cmocka_run_group_tests_name("journal format", tests, entry_begin, entry_end);
}
