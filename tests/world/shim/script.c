/* SPDX-License-Identifier: MIT */
#include "tests/world/shim/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/world/shim/names.h"

static const char blanks[] = " \t\r\n";

/* The words of one line that are still to be read. */
struct words {
	char *rest;
};

static char *next(struct words *words)
{
	return strtok_r(NULL, blanks, &words->rest);
}

static int take_text(struct words *words, char **ret_text)
{
	char *word = next(words);

	if (word == NULL || *ret_text != NULL)
		return -1;
	*ret_text = strdup(word);
	return *ret_text == NULL ? -1 : 0;
}

static int take_number(struct words *words, unsigned long *ret_number)
{
	char *word = next(words);

	return word == NULL ? -1 : name_to_number(word, ret_number);
}

static int read_module(struct script *script, struct words *words)
{
	return take_text(words, &script->module);
}

static int read_log(struct script *script, struct words *words)
{
	return take_text(words, &script->log);
}

static int read_keypad_pin(struct script *script, struct words *words)
{
	return take_text(words, &script->keypad_pin);
}

static int read_inserted(struct script *script, struct words *words)
{
	return take_text(words, &script->inserted);
}

static int read_other(struct script *script, struct words *words)
{
	if (take_text(words, &script->other_label) < 0)
		return -1;
	return take_text(words, &script->other_file);
}

static int read_stale(struct script *script, struct words *words)
{
	return take_text(words, &script->stale_conf) < 0 ? -1
							 : take_text(words, &script->stale_while);
}

static int read_room(struct script *script, struct words *words)
{
	return take_number(words, &script->room);
}

static int read_unique_ids(struct script *script, struct words *words)
{
	(void)words;
	script->unique_ids = true;
	return 0;
}

static int read_read_only(struct script *script, struct words *words)
{
	(void)words;
	script->read_only = true;
	return 0;
}

static int read_pace(struct script *script, struct words *words)
{
	return take_number(words, &script->sign_ms) < 0 ? -1 : take_number(words, &script->read_ms);
}

static int read_count_bytes(struct script *script, struct words *words)
{
	(void)words;
	script->count_bytes = true;
	return 0;
}

static int read_program(struct script *script, struct words *words)
{
	const char *name = next(words);

	script->not_ours = name != NULL && strcmp(name, program_invocation_short_name) != 0;
	return name == NULL ? -1 : 0;
}

static int read_pin_tries(struct script *script, struct words *words)
{
	if (take_number(words, &script->tries) < 0 || script->tries == 0)
		return -1;
	return take_text(words, &script->tries_file);
}

static int read_pin_length(struct script *script, struct words *words)
{
	script->has_pin_length = true;
	if (take_number(words, &script->pin_min) < 0)
		return -1;
	return take_number(words, &script->pin_max);
}

static int read_flags(struct script *script, struct words *words)
{
	unsigned long flag;

	for (char *word = next(words); word != NULL; word = next(words)) {
		if ((word[0] != '+' && word[0] != '-') || name_to_flag(word + 1, &flag) < 0)
			return -1;
		if (word[0] == '+')
			script->flags_set |= flag;
		else
			script->flags_cleared |= flag;
	}
	return 0;
}

static int read_mechanism(struct script *script, struct words *words)
{
	for (char *word = next(words); word != NULL; word = next(words)) {
		if (script->hidden_count == HIDDEN_MAX || word[0] != '-' ||
		    name_to_number(word + 1, &script->hidden[script->hidden_count]) < 0)
			return -1;
		script->hidden_count++;
	}
	return 0;
}

static const struct {
	const char *word;
	int (*read)(struct script *script, struct words *words);
} settings[] = {
    {"module", read_module},
    {"log", read_log},
    {"keypad-pin", read_keypad_pin},
    {"pin-tries", read_pin_tries},
    {"flags", read_flags},
    {"mechanism", read_mechanism},
    {"inserted", read_inserted},
    {"other", read_other},
    {"pin-length", read_pin_length},
    {"room", read_room},
    {"unique-ids", read_unique_ids},
    {"stale", read_stale},
    {"read-only", read_read_only},
    {"program", read_program},
    {"pace", read_pace},
    {"count-bytes", read_count_bytes},
};

static const struct {
	const char *word;
	int (*value)(const char *text, unsigned long *ret_value); /* NULL: takes none */
} actions[] = {
    [ACTION_ERROR] = {"error", name_to_error}, [ACTION_CRASH] = {"crash", NULL},
    [ACTION_HANG] = {"hang", name_to_number},  [ACTION_DELAY] = {"delay", name_to_number},
    [ACTION_REMOVED] = {"removed", NULL},      [ACTION_WAIT] = {"wait", NULL},
};

/* C_Name, C_Name#N, #N, and each of the last two with a + */
static int read_call(const char *word, struct rule *rule)
{
	char number[24] = "";
	const char *hash = strchrnul(word, '#');
	size_t digits;

	rule->function = -1;
	if (hash != word) {
		rule->function = name_to_function(word, (size_t)(hash - word));
		if (rule->function < 0)
			return -1;
	}
	if (*hash == '\0')
		return 0;
	digits = strcspn(hash + 1, "+");
	if (digits >= sizeof(number))
		return -1;
	memcpy(number, hash + 1, digits);
	rule->onwards = hash[1 + digits] == '+';
	if (rule->onwards && hash[1 + digits + 1] != '\0')
		return -1;
	return name_to_number(number, &rule->nth) < 0 || rule->nth == 0 ? -1 : 0;
}

static int read_action(const char *word, struct words *words, struct rule *rule)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].word, word) != 0)
			continue;
		rule->action = (enum action)i;
		if (rule->action == ACTION_WAIT)
			return take_text(words, &rule->file);
		if (actions[i].value == NULL)
			return 0;
		word = next(words);
		return word == NULL ? -1 : actions[i].value(word, &rule->value);
	}
	return -1;
}

static void free_rule(struct rule *rule)
{
	free(rule->once);
	free(rule->file);
}

static int read_rule(struct script *script, const char *call, struct words *words)
{
	struct rule rule = {0};
	const char *word = next(words);

	if (script->rule_count == RULES_MAX || read_call(call, &rule) < 0)
		return -1;
	if (word != NULL && strcmp(word, "after") == 0) {
		rule.after = true;
		word = next(words);
	}
	if (word == NULL || read_action(word, words, &rule) < 0)
		return -1;
	word = next(words);
	if (word != NULL && (strcmp(word, "once") != 0 || take_text(words, &rule.once) < 0)) {
		free(rule.file);
		return -1;
	}
	script->rules[script->rule_count] = rule; /* its texts are freed with the script */
	if (script->not_ours)
		free_rule(&script->rules[script->rule_count]);
	else
		script->rule_count++;
	return 0;
}

static int read_line(struct script *script, char *line)
{
	struct words words = {NULL};
	char *word;
	int rc = 0;

	if (strncmp(line, "# ", 2) == 0)
		return 0;
	word = strtok_r(line, blanks, &words.rest);
	if (word == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(settings[i].word, word) == 0) {
			rc = settings[i].read(script, &words);
			goto out;
		}
	}
	rc = read_rule(script, word, &words);
out:
	return rc < 0 || next(&words) != NULL ? -1 : 0;
}

int script_read(const char *path, struct script *script)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	int rc = 0;

	if (file == NULL) {
		fprintf(stderr, "shim: %s: %s\n", path, strerror(errno));
		return -1;
	}
	while (rc == 0 && getline(&line, &size, file) >= 0) {
		number++;
		rc = read_line(script, line);
	}
	if (rc < 0)
		fprintf(stderr, "shim: %s:%u: not understood\n", path, number);
	if (rc == 0 && script->module == NULL) {
		fprintf(stderr, "shim: %s: no module\n", path);
		rc = -1;
	}
	free(line);
	fclose(file);
	return rc;
}

void script_free(struct script *script)
{
	for (size_t i = 0; i < script->rule_count; i++)
		free_rule(&script->rules[i]);
	free(script->inserted);
	free(script->other_label);
	free(script->other_file);
	free(script->stale_conf);
	free(script->stale_while);
	free(script->module);
	free(script->log);
	free(script->keypad_pin);
	free(script->tries_file);
	*script = (struct script){0};
}

bool script_hides(const struct script *script, CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < script->hidden_count; i++) {
		if (script->hidden[i] == type)
			return true;
	}
	return false;
}
