/* SPDX-License-Identifier: MIT */
#include "helper/doctor/pam_stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { INCLUDES_MAX = 16 }; /* within each other, as libpam's own limit */

struct reader {
	struct pam_stack stack;
	unsigned place;			 /* in the session stage */
	char ender[PAM_MODULE_NAME_MAX]; /* the account stage's first; see struct pam_stack */
};

static int read_service(struct reader *reader, const char *service, const char *stage, int depth);

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* "success" and "default", which stands for it where it is not named, are of the same length. */
static bool ends_on_success(const char *control)
{
	const char *value = strstr(control, "success");
	char action[8];

	if (control[0] != '[')
		return strcasecmp(control, "sufficient") == 0;
	if (value == NULL)
		value = strstr(control, "default");
	return value != NULL && sscanf(value + strlen("success"), " = %7[a-z]", action) == 1 &&
	       strcmp(action, "done") == 0;
}

static void note_account(struct reader *reader, const char *control, const char *module, bool ours)
{
	struct pam_stack *stack = &reader->stack;

	if (ours && !stack->account) {
		stack->account = true;
		memcpy(stack->ender, reader->ender, sizeof(stack->ender));
	}
	if (reader->ender[0] == '\0' && ends_on_success(control))
		snprintf(reader->ender, sizeof(reader->ender), "%s", name_of(module));
}

static void note(struct reader *reader, const char *stage, const char *control, const char *module)
{
	bool ours = strcmp(name_of(module), "pam_certrenew.so") == 0;
	struct pam_stack *stack = &reader->stack;

	if (strcasecmp(stage, "account") == 0)
		note_account(reader, control, module, ours);
	if (strcasecmp(stage, "session") != 0)
		return;
	reader->place++;
	if (ours && stack->certrenew == 0)
		stack->certrenew = reader->place;
	if (strcmp(name_of(module), "pam_systemd.so") == 0)
		stack->systemd = reader->place;
}

/* The next word; a control may be `[a=b c=d]`. NULL at the end. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t\n"), *end;

	if (*word == '\0')
		return NULL;
	end = *word == '[' ? strchr(word, ']') : NULL;
	end = end != NULL ? end + 1 : word + strcspn(word, " \t\n");
	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

/* What ends the stage within a substack ends nothing but that. */
static void read_substack(struct reader *reader, const char *service, const char *stage, int depth)
{
	char before[PAM_MODULE_NAME_MAX];

	memcpy(before, reader->ender, sizeof(before));
	(void)read_service(reader, service, stage, depth);
	memcpy(reader->ender, before, sizeof(before));
}

/* `stage`: only what is of this one counts; NULL: all. */
static void read_line(struct reader *reader, char *line, const char *stage, int depth)
{
	char *at = line, *type, *control, *module;

	line[strcspn(line, "#")] = '\0';
	type = next_word(&at);
	control = type == NULL ? NULL : next_word(&at);
	if (control == NULL)
		return;
	if (strcasecmp(type, "@include") == 0) {
		(void)read_service(reader, control, stage, depth + 1);
		return;
	}
	module = next_word(&at);
	if (type[0] == '-')
		type++;
	if (module == NULL || (stage != NULL && strcasecmp(type, stage) != 0))
		return;
	if (strcasecmp(control, "include") == 0)
		(void)read_service(reader, module, type, depth + 1);
	else if (strcasecmp(control, "substack") == 0)
		read_substack(reader, module, type, depth + 1);
	else
		note(reader, type, control, module);
}

/* With the lines that a backslash at the end joins to this one. */
static bool read_whole_line(FILE *file, char **line, size_t *size)
{
	char *more = NULL;
	size_t more_size = 0;
	ssize_t length = getline(line, size, file), added = 0;

	while (length >= 2 && added >= 0 && strcmp(*line + length - 2, "\\\n") == 0) {
		char *longer;

		added = getline(&more, &more_size, file);
		longer = added < 0 ? NULL : realloc(*line, (size_t)length + (size_t)added + 1);
		if (longer == NULL)
			break;
		*line = longer;
		*size = (size_t)length + (size_t)added + 1;
		longer[length - 2] = longer[length - 1] = ' ';
		memcpy(longer + length, more, (size_t)added + 1);
		length += added;
	}
	free(more);
	return length >= 0;
}

static int read_service(struct reader *reader, const char *service, const char *stage, int depth)
{
	size_t size = 0;
	char path[512], *line = NULL;
	FILE *file;

	if (depth > INCLUDES_MAX)
		return -1;
	snprintf(path, sizeof(path), "%s%s%s", service[0] == '/' ? "" : PAM_STACK_FOLDER,
		 service[0] == '/' ? "" : "/", service);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	while (read_whole_line(file, &line, &size))
		read_line(reader, line, stage, depth);
	free(line);
	fclose(file);
	return 0;
}

int pam_stack_read(const char *service, struct pam_stack *ret)
{
	struct reader reader = {.place = 0};

	if (read_service(&reader, service, NULL, 0) < 0)
		return -1;
	*ret = reader.stack;
	return 0;
}
