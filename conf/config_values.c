/* SPDX-License-Identifier: MIT */
#include "conf/config_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

/* Every choice is stored through an unsigned; gcc and clang give enums without negatives that. */
_Static_assert(sizeof(enum config_prompt) == sizeof(unsigned), "enums are stored as unsigned");

static const struct {
	char letter;
	int64_t seconds;
} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}, {'w', 604800}};

enum { PRINTED_UNITS = 4 }; /* not weeks: 7d is what people write */

static void *field_of(const struct config_key *key, void *record)
{
	return (char *)record + key->offset;
}

static const void *const_field_of(const struct config_key *key, const void *record)
{
	return (const char *)record + key->offset;
}

/* --- durations ------------------------------------------------------------------------------ */

static int64_t unit_seconds(const char *unit)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (unit[0] == units[i].letter && unit[1] == '\0')
			return units[i].seconds;
	}
	return 0;
}

static int parse_duration(const struct config_key *key, const char *text, int64_t *ret,
			  struct config_reason *reason)
{
	size_t digits = strspn(text, "0123456789");
	int64_t unit = unit_seconds(text + digits);
	long long number = 0;

	errno = 0;
	number = strtoll(text, NULL, 10);
	if (digits > 0 && text[digits] == '\0' && number == 0)
		unit = 1;
	if (digits == 0 || unit == 0)
		return config_refuse(
		    reason, "'%s' %s; write a number with s, m, h, d or w behind it, as in 30d",
		    config_excerpt(text).text,
		    digits > 0 && text[digits] == '\0' ? "has no unit" : "is not a duration");
	if (errno == ERANGE || number > INT64_MAX / unit || number * unit < key->least ||
	    number * unit > key->most)
		return config_refuse(reason, "'%s' is out of range; write a duration from %s to %s",
				     config_excerpt(text).text,
				     config_duration_text(key->least).text,
				     config_duration_text(key->most).text);
	*ret = number * unit;
	return 0;
}

struct config_duration config_duration_text(int64_t seconds)
{
	struct config_duration duration = {"0"};

	for (size_t i = 0; seconds > 0 && i < PRINTED_UNITS; i++) {
		if (seconds % units[i].seconds == 0) {
			snprintf(duration.text, sizeof(duration.text), "%lld%c",
				 (long long)(seconds / units[i].seconds), units[i].letter);
			break;
		}
	}
	return duration;
}

/* --- numbers -------------------------------------------------------------------------------- */

static int parse_number(const struct config_key *key, const char *text, int64_t *ret,
			struct config_reason *reason)
{
	long long number = 0;

	errno = 0;
	number = strtoll(text, NULL, 10);
	if (text[strspn(text, "0123456789")] != '\0' || errno == ERANGE || number < key->least ||
	    number > key->most)
		return config_refuse(reason, "'%s' is not a number from %lld to %lld",
				     config_excerpt(text).text, (long long)key->least,
				     (long long)key->most);
	*ret = number;
	return 0;
}

static char *number_text(int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	return strdup(text);
}

/* --- lists ---------------------------------------------------------------------------------- */

static void free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

/* Moves *position behind the next word; false when there is none. */
static bool next_word(const char **position, const char **ret_start, size_t *ret_length)
{
	const char *start = *position + strspn(*position, BLANKS);
	size_t length = strcspn(start, BLANKS);

	*position = start + length;
	*ret_start = start;
	*ret_length = length;
	return length > 0;
}

static size_t most_words(const char *text)
{
	return strlen(text) / 2 + 1;
}

static int parse_list(const struct config_key *key, const char *text, char ***ret,
		      struct config_reason *reason)
{
	char **list = calloc(most_words(text) + 1, sizeof(*list));
	const char *word = NULL;
	size_t length = 0;
	int r = -1;

	if (!list)
		return config_refuse(reason, "out of memory");
	for (size_t i = 0; next_word(&text, &word, &length); i++) {
		list[i] = strndup(word, length);
		if (!list[i]) {
			config_refuse(reason, "out of memory");
			goto out;
		}
		if (key->check && key->check(list[i], reason) < 0)
			goto out;
	}
	*ret = list;
	list = NULL;
	r = 0;
out:
	free_list(list);
	return r;
}

static char *list_text(char *const *list)
{
	size_t size = 1;
	char *text = NULL;

	for (size_t i = 0; list[i]; i++)
		size += strlen(list[i]) + 1;
	text = calloc(1, size);
	for (size_t i = 0, used = 0; text && list[i]; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", list[i]);
	return text;
}

/* --- reminders ------------------------------------------------------------------------------ */

static int descending(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left;
	int64_t b = *(const int64_t *)right;

	return (a < b) - (a > b);
}

static int refuse_repeated(const int64_t *sorted, size_t count, struct config_reason *reason)
{
	for (size_t i = 1; i < count; i++) {
		if (sorted[i] == sorted[i - 1])
			return config_refuse(reason, "%s is there twice; name each time once",
					     config_duration_text(sorted[i]).text);
	}
	return 0;
}

static int parse_durations(const struct config_key *key, const char *text, int64_t **ret,
			   size_t *ret_count, struct config_reason *reason)
{
	int64_t *times = calloc(most_words(text), sizeof(*times));
	const char *word = NULL;
	char copy[64];
	size_t length = 0;
	size_t count = 0;
	int r = -1;

	if (!times)
		return config_refuse(reason, "out of memory");
	for (; next_word(&text, &word, &length); count++) {
		snprintf(copy, sizeof(copy), "%.*s", (int)length, word);
		if (parse_duration(key, copy, &times[count], reason) < 0)
			goto out;
	}
	qsort(times, count, sizeof(*times), descending);
	if (refuse_repeated(times, count, reason) < 0)
		goto out;
	*ret = times;
	*ret_count = count;
	times = NULL;
	r = 0;
out:
	free(times);
	return r;
}

static int parse_reminders(const struct config_key *key, const char *text, struct config *config,
			   struct config_reason *reason)
{
	if (strcmp(text, "always") == 0) {
		config->remind_always = true;
		return 0;
	}
	return parse_durations(key, text, &config->remind, &config->remind_count, reason);
}

static char *reminders_text(const struct config *config)
{
	size_t room = sizeof(struct config_duration);
	size_t size = config->remind_count * room + sizeof("always");
	char *text = calloc(1, size);

	if (text && config->remind_always)
		snprintf(text, size, "always");
	for (size_t i = 0, used = 0; text && i < config->remind_count; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
					 config_duration_text(config->remind[i]).text);
	return text;
}

/* --- booleans, choices, texts --------------------------------------------------------------- */

static int parse_boolean(const char *text, bool *ret, struct config_reason *reason)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*ret = i % 2;
			return 0;
		}
	}
	return config_refuse(reason, "'%s' is neither yes nor no; write one of these",
			     config_excerpt(text).text);
}

static int parse_choice(const struct config_key *key, const char *text, unsigned *ret)
{
	for (unsigned i = 0; key->choices[i]; i++) {
		if (strcmp(key->choices[i], text) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -1;
}

static int parse_text(const struct config_key *key, const char *text, char **ret,
		      struct config_reason *reason)
{
	char *copy = NULL;

	if (key->check && text[0] && key->check(text, reason) < 0)
		return -1;
	copy = strdup(text);
	if (!copy)
		return config_refuse(reason, "out of memory");
	*ret = copy;
	return 0;
}

int config_parse_prompt(const char *text, enum config_prompt *ret)
{
	unsigned choice = 0;

	if (parse_choice(config_key_find("login", "prompt"), text, &choice) < 0)
		return -1;
	*ret = (enum config_prompt)choice;
	return 0;
}

const char *config_prompt_name(enum config_prompt prompt)
{
	return config_key_find("login", "prompt")->choices[prompt];
}

/* --- any type ------------------------------------------------------------------------------- */

int config_value_parse(const struct config_key *key, const char *text, void *record,
		       struct config_reason *reason)
{
	void *field = field_of(key, record);

	if (text[0] == '\0' && key->fallback[0] != '\0')
		return config_refuse(
		    reason, "there is no value; write %s, or remove the line for the default, %s",
		    config_key_range(key).text, key->fallback);
	switch (key->type) {
	case TYPE_BOOLEAN:
		return parse_boolean(text, field, reason);
	case TYPE_CHOICE:
		if (parse_choice(key, text, field) < 0)
			return config_refuse(reason, "'%s' is unknown; write one of: %s",
					     config_excerpt(text).text, config_key_range(key).text);
		return 0;
	case TYPE_DURATION:
		return parse_duration(key, text, field, reason);
	case TYPE_NUMBER:
		return parse_number(key, text, field, reason);
	case TYPE_REMINDERS:
		return parse_reminders(key, text, field, reason);
	case TYPE_TEXT:
		return parse_text(key, text, field, reason);
	case TYPE_LIST:
		return parse_list(key, text, field, reason);
	}
	return config_refuse(reason, "its type is unknown");
}

char *config_value_text(const struct config_key *key, const void *record)
{
	const void *field = const_field_of(key, record);

	switch (key->type) {
	case TYPE_BOOLEAN:
		return strdup(*(const bool *)field ? "yes" : "no");
	case TYPE_CHOICE:
		return strdup(key->choices[*(const unsigned *)field]);
	case TYPE_DURATION:
		return strdup(config_duration_text(*(const int64_t *)field).text);
	case TYPE_NUMBER:
		return number_text(*(const int64_t *)field);
	case TYPE_REMINDERS:
		return reminders_text(field);
	case TYPE_TEXT:
		return strdup(*(char *const *)field);
	case TYPE_LIST:
		return list_text(*(char **const *)field);
	}
	return NULL;
}

void config_value_free(const struct config_key *key, void *record)
{
	void *field = field_of(key, record);

	switch (key->type) {
	case TYPE_REMINDERS:
		free(((struct config *)field)->remind);
		break;
	case TYPE_TEXT:
		free(*(char **)field);
		break;
	case TYPE_LIST:
		free_list(*(char ***)field);
		break;
	case TYPE_BOOLEAN:
	case TYPE_CHOICE:
	case TYPE_DURATION:
	case TYPE_NUMBER:
		break;
	}
}
