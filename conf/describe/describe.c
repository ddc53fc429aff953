/* SPDX-License-Identifier: MIT */
/*
 * describe manual|sample: writes certrenew.conf(5), or the file that is installed, when certrenew
 * is built. Of the template on its standard input a line @SECTION@ stands for the section's keys in
 * the parser's table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/config_table.h"

/* In mdoc(7), within quotation marks or a line of text. */
static void put_literally(const char *text)
{
	for (; *text; text++) {
		if (*text == '"')
			fputs("\\(dq", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void describe_in_manual(const struct config_key *key)
{
	printf(".It Ic \"%s = ", key->name);
	put_literally(key->fallback[0] ? key->fallback : "empty");
	printf("\"\n\\&");
	put_literally(key->help);
	printf(".\nAllowed: ");
	put_literally(config_key_range(key).text);
	printf(".\n");
}

static void describe_in_sample(const struct config_key *key)
{
	const char *value = key->example ? key->example : key->fallback;

	printf("# %s\n# Allowed: %s\n#%s =%s%s\n", key->help, config_key_range(key).text, key->name,
	       value[0] ? " " : "", value);
}

static const struct form {
	const char *name;
	void (*describe)(const struct config_key *key);
	const char *between; /* two keys */
} forms[] = {
    {"manual", describe_in_manual, ""},
    {"sample", describe_in_sample, "\n"},
};

/* The section that a template's line stands for: its index, or -1. */
static int section_asked_for(const char *line)
{
	for (int i = 0; i < CONFIG_SECTION_COUNT; i++) {
		size_t length = strlen(config_sections[i]);

		if (line[0] == '@' && strncmp(line + 1, config_sections[i], length) == 0 &&
		    strcmp(line + 1 + length, "@\n") == 0)
			return i;
	}
	return -1;
}

static void describe_section(const char *section, const struct form *form)
{
	const char *before = "";

	for (size_t i = 0; i < config_table_length; i++) {
		if (strcmp(config_table[i].section, section) != 0)
			continue;
		fputs(before, stdout);
		form->describe(&config_table[i]);
		before = form->between;
	}
}

static const struct form *form_find(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct form *form = argc == 2 ? form_find(argv[1]) : NULL;
	int described[CONFIG_SECTION_COUNT] = {0};
	char *line = NULL;
	size_t size = 0;
	int result = 0;

	if (!form)
		return 2;
	while (getline(&line, &size, stdin) >= 0) {
		int section = section_asked_for(line);

		if (section < 0) {
			fputs(line, stdout);
			continue;
		}
		describe_section(config_sections[section], form);
		described[section]++;
	}
	free(line);
	for (int i = 0; i < CONFIG_SECTION_COUNT; i++) {
		if (described[i] == 1)
			continue;
		fprintf(stderr, "@%s@ is there %d times\n", config_sections[i], described[i]);
		result = 1;
	}
	return fclose(stdout) == 0 ? result : 1;
}
