/* SPDX-License-Identifier: MIT */
/* Which language a name means, and what the compiled catalogues say. */
#include "helper/words/catalogue.h"
#include "helper/words/language.h"
#include "helper/words/languages.h"
#include "tests/unit/unit.h"

static const char english[] = "The card is full.";

/* The language that a list of names means: by one of its own sentences. */
static const char *means(const char *names, bool console)
{
	static const char *const sentences[][2] = {
	    {"en", english},
	    {"pt", "O cartão está cheio."},
	    {"zh_TW", "卡片的空間已滿。"},
	};

	language_choose(names, console);
	for (size_t i = 0; i < COUNT_OF(sentences); i++)
		if (strcmp(language_text(english), sentences[i][1]) == 0)
			return sentences[i][0];
	return "none that is known";
}

static void assert_means(const char *names, const char *expected)
{
	if (strcmp(means(names, false), expected) != 0)
		fail_msg("'%.60s' means %s", names, means(names, false));
}

static void an_exact_name_means_its_language(void **state)
{
	static const char *const portuguese[] = {
	    "pt",      "pt_PT", "pt_BR", "pt_MO", "pt_PT.UTF-8", "pt_BR.utf8", "pt_PT.UTF-8@euro",
	    "pt@latin"};
	static const char *const chinese[] = {
	    "zh_TW",	   "zh_HK",	 "zh_MO",	"zh_Hant",
	    "zh_TW.UTF-8", "zh_Hant_TW", "zh_TW.utf-8", "zh_TW.UTF8@stroke"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(portuguese); i++)
		assert_means(portuguese[i], "pt");
	for (size_t i = 0; i < COUNT_OF(chinese); i++)
		assert_means(chinese[i], "zh_TW");
}

static void anything_else_means_english(void **state)
{
	static const char *const names[] = {
	    "",		 "C",		"POSIX",   "C.UTF-8",	"en_US.UTF-8", "zh",
	    "zh_CN",	 "zh_CN.UTF-8", "pt_XX",   "PT",	"pt-PT",       "portuguese",
	    "zh_tw",	 "zh_TW ",	" zh_TW",  "zh_TW/",	"../zh_TW",    "../evil",
	    "../../pt",	 "/etc/passwd", "/pt",	   "pt/../pt",	"./pt",	       "%n%n%n%s",
	    "\x01\x1b[", "pt\n",	".UTF-8",  "@",		".",	       ":",
	    "::::",	 "\xff\xfe",	"pt_PT_x", "zh_Hant_T", "zh_TW\x7f",   "p",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_means(names[i], "en");
	language_choose(NULL, false);
	assert_string_equal(language_text(english), english);
}

static void a_huge_name_means_english(void **state)
{
	enum { SIZE = 100000 };
	char *huge = malloc(SIZE + 16);

	(void)state;
	assert_non_null(huge);
	for (const char *fill = "z:.@/%"; *fill != '\0'; fill++) {
		memset(huge, *fill, SIZE);
		huge[SIZE] = '\0';
		assert_means(huge, "en");
	}
	memset(huge, 'x', SIZE);
	memcpy(huge + SIZE, ":pt", 4);
	assert_means(huge, "pt");
	memcpy(huge, "zh_TW", 5);
	huge[SIZE] = '\0';
	assert_means(huge, "en");
	free(huge);
}

static void the_first_shipped_name_of_a_list_counts(void **state)
{
	(void)state;
	assert_means("pt_BR:en", "pt");
	assert_means("de:fr_FR:zh_TW:pt", "zh_TW");
	assert_means("::zh_HK:pt", "zh_TW");
	assert_means("de", "en");
	assert_means("evil/evil:pt", "pt");
}

static void english_in_a_list_ends_the_search(void **state)
{
	(void)state;
	assert_means("en:pt", "en");
	assert_means("de:en_GB.UTF-8:pt", "en");
	assert_means("C:pt", "en");
	assert_means("POSIX:zh_TW", "en");
}

/* Our texts are UTF-8, whatever the terminal is. */
static void another_codeset_means_english(void **state)
{
	(void)state;
	assert_means("zh_TW.Big5", "en");
	assert_means("pt_PT.ISO-8859-1", "en");
	assert_means("pt_PT.ISO-8859-15@euro", "en");
	assert_means("pt_PT.", "en");
	assert_means("pt_PT.UTF-88", "en");
	assert_means("pt_PT.UTF-16", "en");
}

static void the_console_has_no_chinese(void **state)
{
	(void)state;
	assert_string_equal(means("zh_TW.UTF-8", true), "en");
	assert_string_equal(means("zh_TW.UTF-8", false), "zh_TW");
	assert_string_equal(means("pt_PT.UTF-8", true), "pt");
	assert_string_equal(means("zh_TW:pt", true), "en");
}

static void the_environment_is_read_as_gettext_does(void **state)
{
	static const struct {
		const char *all, *messages, *lang, *language, *result;
	} examples[] = {
	    {NULL, NULL, NULL, NULL, ""},
	    {NULL, NULL, NULL, "pt", ""},
	    {NULL, NULL, "pt_PT.UTF-8", NULL, "pt_PT.UTF-8"},
	    {NULL, NULL, "pt_PT.UTF-8", "", "pt_PT.UTF-8"},
	    {NULL, "zh_TW.UTF-8", "pt_PT.UTF-8", NULL, "zh_TW.UTF-8"},
	    {"en_US.UTF-8", "zh_TW.UTF-8", "pt_PT.UTF-8", NULL, "en_US.UTF-8"},
	    {"", "", "pt_PT.UTF-8", NULL, "pt_PT.UTF-8"},
	    {NULL, NULL, "en_US.UTF-8", "zh_TW:pt", "zh_TW:pt"},
	    {NULL, NULL, "C", "zh_TW", "C"},
	    {NULL, NULL, "C.UTF-8", "zh_TW", "C.UTF-8"},
	    {"POSIX", NULL, "pt_PT.UTF-8", "zh_TW", "POSIX"},
	    {NULL, NULL, "zh_TW.Big5", "zh_TW", "zh_TW.Big5"},
	};
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const char *const values[] = {examples[i].all, examples[i].messages,
					      examples[i].lang, examples[i].language};

		for (size_t j = 0; j < COUNT_OF(names); j++) {
			unsetenv(names[j]);
			if (values[j] != NULL)
				setenv(names[j], values[j], 1);
		}
		assert_string_equal(language_of_environment(), examples[i].result);
	}
	for (size_t j = 0; j < COUNT_OF(names); j++)
		unsetenv(names[j]);
}

/* --- the catalogues ------------------------------------------------------------------------------
 */

static void what_is_compiled_in_is_what_linguas_lists(void **state)
{
	FILE *list = fopen("packaging/po/LINGUAS", "re");
	char line[32];
	size_t count = 0;

	(void)state;
	assert_non_null(list);
	while (fgets(line, sizeof(line), list) != NULL) {
		bool found = false;

		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < languages_count; i++)
			found = found || strcmp(languages[i].name, line) == 0;
		if (!found)
			fail_msg("%s is not compiled in", line);
		count++;
	}
	fclose(list);
	assert_int_equal(count, languages_count);
}

static struct catalogue open_catalogue(const struct language *language)
{
	struct catalogue catalogue;

	assert_int_equal(
	    catalogue_open(language->start, (size_t)(language->end - language->start), &catalogue),
	    0);
	return catalogue;
}

static void each_catalogue_says_the_plural_rule_that_is_used(void **state)
{
	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		struct catalogue catalogue = open_catalogue(&languages[i]);
		const char *header = catalogue_find(&catalogue, NULL, "", 0);
		const char *rule = strstr(header, "Plural-Forms: ");
		size_t length = strlen(languages[i].plural_forms);

		assert_non_null(strstr(header, "charset=UTF-8\n"));
		assert_non_null(rule);
		rule += strlen("Plural-Forms: ");
		if (strncmp(rule, languages[i].plural_forms, length) != 0 || rule[length] != '\n')
			fail_msg("%s: %s", languages[i].name, rule);
	}
}

/* Each rule as gettext's manual has it, and no form that the catalogue does not have. */
static void the_plural_rules_hold_for_every_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		struct catalogue catalogue = open_catalogue(&languages[i]);

		for (unsigned long n = 0; n <= 200; n++) {
			unsigned form = languages[i].form(n);

			assert_int_equal(form, strcmp(languages[i].name, "pt") == 0 ? n != 1 : 0);
			assert_non_null(
			    catalogue_find(&catalogue, NULL, "It belongs to %s.", form));
		}
	}
}

static void a_number_chooses_its_form(void **state)
{
	static const long long many[] = {0, 2, 21, 200, 1000000, INT64_MAX, -1, INT64_MIN};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(many); i++) {
		language_choose("", false);
		assert_string_equal(P_("It belongs to %s.", "They belong to %s.", many[i]),
				    "They belong to %s.");
		language_choose("zh_TW", false);
		assert_string_equal(P_("It belongs to %s.", "They belong to %s.", many[i]),
				    "持有人為 %s。");
		language_choose("pt", false);
		assert_string_equal(P_("It belongs to %s.", "They belong to %s.", many[i]),
				    "Pertencem a %s.");
	}
	assert_string_equal(P_("It belongs to %s.", "They belong to %s.", 1), "Pertence a %s.");
}

static void a_context_tells_texts_apart(void **state)
{
	(void)state;
	language_choose("pt", false);
	assert_string_equal(language_text_in("date", "%Y-%m-%d"), "%d/%m/%Y");
	assert_string_equal(language_text_in("dates", "%Y-%m-%d"), "%Y-%m-%d");
	assert_string_equal(language_text_in("dat", "%Y-%m-%d"), "%Y-%m-%d");
	assert_string_equal(language_text("%Y-%m-%d"), "%Y-%m-%d");
	assert_string_equal(language_text_in("date", english), english);
}

static void an_unknown_text_stays_english(void **state)
{
	(void)state;
	language_choose("zh_TW", false);
	assert_string_equal(language_text("No such text."), "No such text.");
	assert_string_equal(language_text(""), "");
	assert_string_equal(language_plural("One.", "Many.", 1), "One.");
	assert_string_equal(language_plural("One.", "Many.", 2), "Many.");
}

static void every_text_is_found_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		struct catalogue catalogue = open_catalogue(&languages[i]);

		assert_true(catalogue.count > 150);
		for (uint32_t j = 0; j < catalogue.count; j++) {
			const unsigned char *entry =
			    languages[i].start + catalogue.originals + (size_t)j * 8;
			uint32_t offset = entry[4] | entry[5] << 8 | entry[6] << 16;
			char original[1024], *text = original, *context = NULL;

			snprintf(original, sizeof(original), "%s",
				 (const char *)languages[i].start + offset);
			if (strchr(original, '\004') != NULL)
				context = strsep(&text, "\004");
			assert_non_null(catalogue_find(&catalogue, context, text, 0));
		}
	}
}

/* --- a catalogue that is none ----------------------------------------------------------------- */

static void a_cut_catalogue_is_refused(void **state)
{
	const struct language *language = &languages[0];
	size_t size = (size_t)(language->end - language->start);
	struct catalogue catalogue;

	(void)state;
	for (size_t length = 0; length < size; length++) {
		unsigned char *cut = malloc(length + 1);

		assert_non_null(cut);
		memcpy(cut, language->start, length);
		assert_int_equal(catalogue_open(cut, length, &catalogue), -1);
		free(cut);
		if (length > 4096)
			length += 97;
	}
}

/* Whatever is wrong, it is refused, or read without leaving it. */
static void a_damaged_catalogue_harms_nothing(void **state)
{
	static const unsigned char damage[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	const struct language *language = &languages[1];
	size_t size = (size_t)(language->end - language->start);
	unsigned char *copy = malloc(size);
	struct catalogue catalogue;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, language->start, size);
	for (size_t at = 0; at < 4096; at++) {
		for (size_t i = 0; i < COUNT_OF(damage); i++) {
			copy[at] = damage[i];
			if (catalogue_open(copy, size, &catalogue) == 0) {
				const char *found = catalogue_find(&catalogue, NULL, english, 0);

				assert_true(found == NULL || strlen(found) < size);
				(void)catalogue_find(&catalogue, "date", "%Y-%m-%d", 1000000);
			}
		}
		copy[at] = language->start[at];
	}
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_exact_name_means_its_language),
	    cmocka_unit_test(anything_else_means_english),
	    cmocka_unit_test(a_huge_name_means_english),
	    cmocka_unit_test(the_first_shipped_name_of_a_list_counts),
	    cmocka_unit_test(english_in_a_list_ends_the_search),
	    cmocka_unit_test(another_codeset_means_english),
	    cmocka_unit_test(the_console_has_no_chinese),
	    cmocka_unit_test(the_environment_is_read_as_gettext_does),
	    cmocka_unit_test(what_is_compiled_in_is_what_linguas_lists),
	    cmocka_unit_test(each_catalogue_says_the_plural_rule_that_is_used),
	    cmocka_unit_test(the_plural_rules_hold_for_every_number),
	    cmocka_unit_test(a_number_chooses_its_form),
	    cmocka_unit_test(a_context_tells_texts_apart),
	    cmocka_unit_test(an_unknown_text_stays_english),
	    cmocka_unit_test(every_text_is_found_where_it_stands),
	    cmocka_unit_test(a_cut_catalogue_is_refused),
	    cmocka_unit_test(a_damaged_catalogue_harms_nothing),
	};

	return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
