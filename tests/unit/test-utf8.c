/* SPDX-License-Identifier: MIT */
/* Texts from elsewhere: what is UTF-8 (RFC 3629), and what is fit to show. */
#include "helper/common/utf8.h"
#include "tests/unit/unit.h"

enum { LAST_CHARACTER = 0x10FFFF };

static const char replacement[] = "\xEF\xBF\xBD";

static bool is_surrogate(unsigned code)
{
	return code >= 0xD800 && code <= 0xDFFF;
}

/* RFC 3629 §3; also of what is no character, as a careless encoder would. Returns its length. */
static size_t encode(unsigned code, char out[5])
{
	static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	memset(out, 0, 5);
	for (size_t i = length; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(first[length] | code);
	return length;
}

static void every_character_is_taken_as_it_is(void **state)
{
	char text[5];
	size_t length, expected;

	(void)state;
	for (unsigned code = 1; code <= LAST_CHARACTER; code++) {
		length = encode(code, text);
		expected = is_surrogate(code) ? 0 : length;
		if (utf8_character((const unsigned char *)text, length) != expected ||
		    utf8_is_valid((const unsigned char *)text, length) != (expected != 0))
			fail_msg("U+%04X", code);
	}
}

static void what_is_past_the_last_character_is_refused(void **state)
{
	char text[5];

	(void)state;
	for (unsigned code = LAST_CHARACTER + 1; code <= 0x1FFFFF; code++) {
		encode(code, text);
		if (utf8_character((const unsigned char *)text, 4) != 0)
			fail_msg("U+%06X", code);
	}
}

static void overlong_forms_are_refused(void **state)
{
	static const char *const texts[] = {
	    "\xC0\x80",
	    "\xC0\xAF",
	    "\xC1\xBF",
	    "\xE0\x80\x80",
	    "\xE0\x80\xAF",
	    "\xE0\x9F\xBF",
	    "\xF0\x80\x80\x80",
	    "\xF0\x80\x80\xAF",
	    "\xF0\x8F\xBF\xBF",
	    "\xF8\x88\x80\x80\x80",
	    "\xFC\x84\x80\x80\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const unsigned char *text = (const unsigned char *)texts[i];

		assert_int_equal(utf8_character(text, strlen(texts[i])), 0);
		assert_false(utf8_is_valid(text, strlen(texts[i])));
	}
}

static void stray_bytes_are_refused(void **state)
{
	(void)state;
	for (unsigned byte = 0x80; byte <= 0xFF; byte++) {
		const unsigned char alone[] = {(unsigned char)byte};
		const unsigned char before[] = {(unsigned char)byte, 'a', 'b', 'c'};

		assert_int_equal(utf8_character(alone, 1), 0);
		assert_int_equal(utf8_character(before, 4), 0);
	}
}

static void a_character_cut_short_is_refused(void **state)
{
	static const char *const characters[] = {"é", "陳", "😀"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(characters); i++) {
		size_t whole = strlen(characters[i]);

		for (size_t length = 0; length < whole; length++) {
			/* Of its own memory, so that a byte too many is noticed. */
			unsigned char *cut = malloc(length + 1);

			assert_non_null(cut);
			memcpy(cut, characters[i], length);
			cut[length] = 0xBF;
			assert_int_equal(utf8_character(cut, length), 0);
			assert_int_equal(utf8_is_valid(cut, length), length == 0);
			free(cut);
		}
	}
}

static void a_nul_is_no_part_of_a_text(void **state)
{
	(void)state;
	assert_false(utf8_is_valid((const unsigned char *)"", 1));
	assert_false(utf8_is_valid((const unsigned char *)"ab\0c", 4));
	assert_true(utf8_is_valid((const unsigned char *)"", 0));
}

/* Controls but newline, and what turns the order of the text around (UAX #9, table 4). */
static bool is_harmful(unsigned code)
{
	return (code < 0x20 && code != '\n') || (code >= 0x7F && code <= 0x9F) || code == 0x61C ||
	       code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static void what_acts_on_a_terminal_is_replaced_and_all_else_kept(void **state)
{
	char text[5], out[8];
	const char *expected;

	(void)state;
	for (unsigned code = 1; code <= LAST_CHARACTER; code++) {
		if (is_surrogate(code))
			continue;
		encode(code, text);
		expected = is_harmful(code) ? replacement : text;
		if (utf8_clean(text, out, sizeof(out)) != strlen(expected) ||
		    strcmp(out, expected) != 0)
			fail_msg("U+%04X", code);
	}
}

static void each_byte_that_is_no_utf8_is_replaced(void **state)
{
	static const struct {
		const char *text, *clean;
	} examples[] = {
	    {"caf\xE9", "caf\uFFFD"},
	    {"\xE9\x99", "\uFFFD\uFFFD"},
	    {"\xED\xA0\x80!", "\uFFFD\uFFFD\uFFFD!"},
	    {"a\xC0\xAF"
	     "b",
	     "a\uFFFD\uFFFDb"},
	    {"\xF0\x9F\x98 smile", "\uFFFD\uFFFD\uFFFD smile"},
	    {"\xE9\x99\xB3\xB3", "陳\uFFFD"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		assert_int_equal(utf8_clean(examples[i].text, out, sizeof(out)),
				 strlen(examples[i].clean));
		assert_string_equal(out, examples[i].clean);
		assert_int_equal(utf8_is_clean((const unsigned char *)examples[i].text,
					       strlen(examples[i].text)),
				 strcmp(examples[i].text, examples[i].clean) == 0);
	}
}

static void a_text_is_cut_at_a_characters_border(void **state)
{
	static const char *const texts[] = {"aé陳😀", "😀陳éa", "陳陳陳陳", "\xFF\xFF\x1B\xFF"};
	char all[64];
	size_t whole, used;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		whole = utf8_clean(texts[i], all, sizeof(all));
		for (size_t size = 1; size <= whole + 1; size++) {
			char *out = malloc(size);

			assert_non_null(out);
			used = utf8_clean(texts[i], out, size);
			assert_true(used < size);
			assert_int_equal(out[used], '\0');
			assert_memory_equal(out, all, used);
			assert_true(utf8_is_valid((unsigned char *)out, used));
			/* No more was cut than the next character. */
			assert_true(
			    used + utf8_character((unsigned char *)all + used, whole - used) >=
				size ||
			    used == whole);
			free(out);
		}
	}
}

static void a_line_has_no_other_line_in_it(void **state)
{
	char out[32];

	(void)state;
	assert_int_equal(utf8_clean_line("Alice\nBob\r\n", out, sizeof(out)), 13);
	assert_string_equal(out, "Alice Bob\xEF\xBF\xBD ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_character_is_taken_as_it_is),
	    cmocka_unit_test(what_is_past_the_last_character_is_refused),
	    cmocka_unit_test(overlong_forms_are_refused),
	    cmocka_unit_test(stray_bytes_are_refused),
	    cmocka_unit_test(a_character_cut_short_is_refused),
	    cmocka_unit_test(a_nul_is_no_part_of_a_text),
	    cmocka_unit_test(what_acts_on_a_terminal_is_replaced_and_all_else_kept),
	    cmocka_unit_test(each_byte_that_is_no_utf8_is_replaced),
	    cmocka_unit_test(a_text_is_cut_at_a_characters_border),
	    cmocka_unit_test(a_line_has_no_other_line_in_it),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
