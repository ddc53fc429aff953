/* SPDX-License-Identifier: MIT */
#include "helper/words/language.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "helper/words/catalogue.h"
#include "helper/words/languages.h"

/* NULL: English. */
static const struct language *chosen;
static struct catalogue catalogue;

/* One name of a list: language[_TERRITORY][.CODESET][@MODIFIER]. */
struct name {
	const char *language;
	size_t length;
	const char *codeset;
	size_t codeset_length;
};

static struct name name_read(const char *text, size_t length)
{
	struct name name = {.language = text};
	const char *modifier = memchr(text, '@', length), *dot;

	if (modifier != NULL)
		length = (size_t)(modifier - text);
	dot = memchr(text, '.', length);
	name.length = dot != NULL ? (size_t)(dot - text) : length;
	if (dot != NULL) {
		name.codeset = dot + 1;
		name.codeset_length = length - name.length - 1;
	}
	return name;
}

static bool is(const struct name *name, const char *language)
{
	return strlen(language) == name->length &&
	       memcmp(language, name->language, name->length) == 0;
}

/* Without a codeset it is a name of LANGUAGE's, which has none. */
static bool is_utf8(const struct name *name)
{
	static const char *const spellings[] = {"UTF-8", "UTF8"};

	if (name->codeset == NULL)
		return true;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (strlen(spellings[i]) == name->codeset_length &&
		    strncasecmp(spellings[i], name->codeset, name->codeset_length) == 0)
			return true;
	return false;
}

static bool is_english(const struct name *name)
{
	return is(name, "C") || is(name, "POSIX") || is(name, "en") ||
	       (name->length > 3 && memcmp(name->language, "en_", 3) == 0);
}

static const struct language *shipped(const struct name *name)
{
	for (size_t i = 0; i < languages_count; i++)
		for (const char *const *one = languages[i].names; *one != NULL; one++)
			if (is(name, *one))
				return &languages[i];
	return NULL;
}

/* The first name that is shipped, is English, or can't be shown because of its codeset. */
static const struct language *first_shipped(const char *names)
{
	const struct language *language = NULL;
	struct name name;
	size_t length;

	while (*names != '\0' && language == NULL) {
		length = strcspn(names, ":");
		name = name_read(names, length);
		if (is_english(&name) || !is_utf8(&name))
			return NULL;
		language = shipped(&name);
		names += length + (names[length] == ':');
	}
	return language;
}

void language_choose(const char *names, bool console)
{
	chosen = names != NULL ? first_shipped(names) : NULL;
	if (chosen != NULL && console && !chosen->console)
		chosen = NULL;
	if (chosen != NULL &&
	    catalogue_open(chosen->start, (size_t)(chosen->end - chosen->start), &catalogue) < 0)
		chosen = NULL;
}

static const char *set_variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

const char *language_of_environment(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *locale = "", *preferred = set_variable("LANGUAGE");
	struct name name;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]) && *locale == '\0'; i++)
		locale = set_variable(variables[i]);
	name = name_read(locale, strlen(locale));
	/* A terminal that is not in UTF-8 stays so, whatever languages its user prefers. */
	if (*locale == '\0' || is(&name, "C") || is(&name, "POSIX") || !is_utf8(&name))
		return locale;
	return *preferred != '\0' ? preferred : locale;
}

const char *language_text_in(const char *context, const char *english)
{
	const char *text = NULL;

	/* The empty text is the catalogue's own header. */
	if (chosen != NULL && *english != '\0')
		text = catalogue_find(&catalogue, context, english, 0);
	return text != NULL && *text != '\0' ? text : english;
}

const char *language_text(const char *english)
{
	return language_text_in(NULL, english);
}

const char *language_plural(const char *one, const char *many, long long number)
{
	/* What is below none is shown as more than one, as in English. */
	unsigned long count = number < 0 ? 0 : (unsigned long)number;
	const char *text = NULL;

	if (chosen != NULL)
		text = catalogue_find(&catalogue, NULL, one, chosen->form(count));
	if (text != NULL && *text != '\0')
		return text;
	return number == 1 ? one : many;
}

const char *language_gap(void)
{
	return chosen != NULL ? chosen->gap : " ";
}
