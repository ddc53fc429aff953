/* SPDX-License-Identifier: MIT */
/* What every sentence that a person reads has to be. */
#ifndef CERTRENEW_TESTS_SENTENCES_H
#define CERTRENEW_TESTS_SENTENCES_H

#include <ctype.h>
#include <time.h>

#include "helper/common/utf8.h"
#include "helper/words/words.h"
#include "tests/unit/unit.h"

/* Of its own memory, so that a byte too many is noticed. */
static char *words;

static inline int words_begin(void **state)
{
	(void)state;
	words = malloc(WORDS_MAX);
	if (words == NULL)
		return -1;
	memset(words, 'x', WORDS_MAX);
	return 0;
}

static inline int words_end(void **state)
{
	(void)state;
	free(words);
	return unsetenv("TZ");
}

static inline void local_time_of(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* Words of those who make such systems, not of those who sign in with a card. */
static inline void assert_no_jargon(const char *text)
{
	static const char *const jargon[] = {
	    "X.509", "PKCS", "CKR", "CKA", "notAfter", "not-after", "notBefore", "not-before",
	    "DER",   "TLS",  "ASN", "PEM", "PKI",      "HTTP",	    "OCSP",	 "UTC",
	    "errno", "0x",   "DN",  "OID", "token",    "slot",	    "session",	 "journal",
	};

	for (size_t i = 0; i < COUNT_OF(jargon); i++)
		if (strstr(text, jargon[i]) != NULL)
			fail_msg("'%s' in: %s", jargon[i], text);
}

static inline void assert_fits(const char *text)
{
	size_t length = strnlen(text, WORDS_MAX);

	assert_in_range(length, 1, WORDS_MAX - 1);
	assert_true(utf8_is_valid((const unsigned char *)text, length));
}

static inline void assert_sentence(const char *text)
{
	static const char product[] = "certrenew"; /* written small, like any command */
	size_t length;

	assert_fits(text);
	assert_no_jargon(text);
	length = strlen(text);
	if (text[length - 1] != '.' || (length > 1 && strchr(".,;:?! ", text[length - 2]) != NULL))
		fail_msg("no full stop: %s", text);
	if (!isupper((unsigned char)text[0]) && !isdigit((unsigned char)text[0]) &&
	    strncmp(text, product, strlen(product)) != 0)
		fail_msg("no capital: %s", text);
	if (strstr(text, "  ") != NULL || strstr(text, " .") != NULL || strstr(text, " ,") != NULL)
		fail_msg("blanks: %s", text);
}

#define WITH_WORDS(test) cmocka_unit_test_setup_teardown(test, words_begin, words_end)

#endif
