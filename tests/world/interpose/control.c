/* SPDX-License-Identifier: MIT */
#include "tests/world/interpose/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	int number;
} errors[] = {
    {"ENOSPC", ENOSPC}, {"EIO", EIO},	    {"EINTR", EINTR}, {"EMFILE", EMFILE},
    {"ENOMEM", ENOMEM}, {"EAGAIN", EAGAIN}, {"EROFS", EROFS}, {"ENOLCK", ENOLCK},
};

static const struct {
	const char *name;
	enum call_class number;
} classes[] = {
    {"write", CLASS_WRITE}, {"disk", CLASS_DISK}, {"file", CLASS_FILE}, {"memory", CLASS_MEMORY}};

static char *next(char **rest)
{
	char *word = strtok_r(NULL, " \t", rest);

	return word == NULL ? (char *)"" : word;
}

static int take_text(char *text, const char *word)
{
	return word[0] != '\0' && snprintf(text, CONTROL_TEXT, "%s", word) < CONTROL_TEXT ? 0 : -1;
}

static int take_number(int64_t *number, const char *word)
{
	char *end;

	*number = strtoll(word, &end, 10);
	return end != word && *end == '\0' ? 0 : -1;
}

static int take_class(struct control *control, const char *word)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i].name, word) == 0)
			control->classes = classes[i].number;
	return control->classes != 0 ? 0 : -1;
}

static int take_error(struct control *control, const char *word)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, word) == 0)
			control->error = errors[i].number;
	return control->error != 0 ? 0 : -1;
}

static int read_rule(struct control *control, const char *call, char **rest)
{
	const char *word = next(rest);
	char *end;

	control->nth = strtoull(call, &end, 10);
	control->onwards = *end == '+';
	if (control->nth == 0 || end[control->onwards] != '\0')
		return -1;
	if (strcmp(word, "after") == 0) {
		control->after = true;
		word = next(rest);
	}
	if (strcmp(word, "error") == 0) {
		control->action = ACTION_ERROR;
		return take_error(control, next(rest));
	}
	if (strcmp(word, "clock") == 0) {
		control->action = ACTION_CLOCK;
		return take_number(&control->seconds, next(rest));
	}
	if (strcmp(word, "short") == 0)
		control->action = ACTION_SHORT;
	if (strcmp(word, "kill") == 0)
		control->action = ACTION_KILL;
	return control->action == ACTION_NONE ? -1 : 0;
}

static int read_line(struct control *control, char *line)
{
	char *rest = NULL;
	const char *word = strtok_r(line, " \t", &rest);

	if (word == NULL)
		return 0;
	if (strcmp(word, "durable") == 0)
		return take_text(control->durable, next(&rest));
	if (strcmp(word, "program") == 0)
		return take_text(control->program, next(&rest));
	if (strcmp(word, "from") == 0)
		return take_text(control->from, next(&rest));
	if (strcmp(word, "clock") == 0)
		return take_number(&control->ahead, next(&rest));
	if (strcmp(word, "count") == 0)
		return take_class(control, next(&rest)) < 0
			   ? -1
			   : take_text(control->trace, next(&rest));
	return word[0] == '#' ? read_rule(control, word + 1, &rest) : -1;
}

/* Without the wrappers of this very library, and without memory: it is read before main. */
static ssize_t read_file(const char *path, char *text, size_t size)
{
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (file < 0)
		return -1;
	length = read(file, text, size - 1);
	syscall(SYS_close, file);
	if (length >= 0)
		text[length] = '\0';
	return length;
}

int control_read(const char *path, struct control *ret)
{
	char text[1024], *rest = NULL;

	if (read_file(path, text, sizeof(text)) < 0)
		return 1;
	for (char *line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		if (read_line(ret, line) < 0)
			return -1;
	return 0;
}
