/* SPDX-License-Identifier: MIT */
/*
 * libinih splits lines into sections, keys and values, but tells its handler no line numbers,
 * ignores what follows a heading's ']', joins an indented line to the value above, and loses the
 * tail of a line longer than its buffer, 200 bytes in most builds. So the reader that feeds it
 * judges each line first: headings are read here, indentation is taken away, and a long line is
 * handed over in pieces, as the continuation lines that libinih knows; the handler joins them.
 * What is handed over and not met again by the handler, however libinih was built, is an error.
 */
#include "conf/config_read.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "conf/config_line.h"

struct reading {
	struct config *config;
	FILE *file;
	const char *path;
	struct config_error *error;
	bool failed;

	char *line;
	size_t line_size;
	unsigned number;  /* of the line, from 1 */
	const char *rest; /* of the line, not yet handed over; NULL: a new one is due */
	unsigned handed;  /* pieces of a "key = value" line */
	unsigned taken;	  /* how many of them the handler has met */

	const char *section; /* one of config_sections; NULL before the first heading */
	unsigned headings[CONFIG_SECTION_COUNT]; /* their lines; 0: not met */
};

static struct config_ca *last_ca(const struct reading *reading)
{
	struct config *config = reading->config;

	if (!reading->section || strcmp(reading->section, "ca") != 0 || config->ca_count == 0)
		return NULL;
	return &config->cas[config->ca_count - 1];
}

/* Fails at the current line, in the current section; key may be NULL. */
static int refuse(struct reading *reading, const char *key, const struct config_reason *reason)
{
	const struct config_ca *ca = last_ca(reading);
	const struct config_place place = {
	    .line = reading->number,
	    .section = reading->section,
	    .ca = ca ? ca->name : NULL,
	    .key = key,
	};

	reading->failed = true;
	return config_fail(reading->error, reading->path, &place, "%s", reason->text);
}

static int refuse_memory(struct reading *reading)
{
	const struct config_reason reason = {"out of memory"};

	return refuse(reading, NULL, &reason);
}

/* --- headings ------------------------------------------------------------------------------- */

static int refuse_section(struct reading *reading, const struct config_header *header)
{
	struct config_reason reason = {""};

	reading->section = NULL;
	if (strcmp(header->section, "ca") == 0)
		config_refuse(&reason, "a CA's section needs a name; write [ca \"name\"]");
	else if (header->named)
		config_refuse(&reason, "[%s \"%s\"] is unknown: only [ca \"name\"] has a name",
			      header->section, header->name);
	else
		config_refuse(&reason,
			      "[%s] is unknown; the sections are login, reminder, access, card, ca "
			      "\"name\", revocation, directory and status",
			      header->section);
	return refuse(reading, NULL, &reason);
}

static int refuse_second(struct reading *reading, unsigned first)
{
	struct config_reason reason = {""};

	config_refuse(&reason, "this section is already in line %u; write its keys there", first);
	return refuse(reading, NULL, &reason);
}

static int add_ca(struct reading *reading, const char *name)
{
	struct config *config = reading->config;
	struct config_ca *cas = NULL;
	char *copy = NULL;
	unsigned first = 0;

	for (size_t i = 0; i < config->ca_count; i++) {
		if (strcmp(config->cas[i].name, name) == 0)
			first = config->cas[i].line;
	}
	cas = reallocarray(config->cas, config->ca_count + 1, sizeof(*cas));
	if (!cas)
		return refuse_memory(reading);
	config->cas = cas;
	copy = strdup(name);
	if (!copy)
		return refuse_memory(reading);
	cas[config->ca_count++] = (struct config_ca){.name = copy, .line = reading->number};
	return first ? refuse_second(reading, first) : 0;
}

static int on_heading(struct reading *reading, const char *text)
{
	struct config_header header = {.section = ""};
	struct config_reason reason = {""};
	bool is_ca = false;

	if (config_line_header(text, &header, &reason) < 0) {
		reading->section = NULL;
		return refuse(reading, NULL, &reason);
	}
	is_ca = strcmp(header.section, "ca") == 0;
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		if (strcmp(config_sections[i], header.section) != 0 || header.named != is_ca ||
		    (is_ca && header.name[0] == '\0'))
			continue;
		reading->section = config_sections[i];
		if (is_ca)
			return add_ca(reading, header.name);
		if (reading->headings[i])
			return refuse_second(reading, reading->headings[i]);
		reading->headings[i] = reading->number;
		return 0;
	}
	return refuse_section(reading, &header);
}

/* --- keys ----------------------------------------------------------------------------------- */

static int refuse_key(struct reading *reading, const char *name)
{
	struct config_reason reason = {""};
	char known[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < config_table_length && used < sizeof(known); i++) {
		if (strcmp(config_table[i].section, reading->section) == 0)
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
						 used ? ", " : "", config_table[i].name);
	}
	config_refuse(&reason, "there is no such key; this section's are: %s", known);
	return refuse(reading, name, &reason);
}

static int add_value(struct reading *reading, const struct config_key *key, const char *text)
{
	struct config *config = reading->config;
	struct config_value *values = NULL;
	char *copy = NULL;

	values = reallocarray(config->values, config->value_count + 1, sizeof(*values));
	if (!values)
		return refuse_memory(reading);
	config->values = values;
	copy = strdup(text);
	if (!copy)
		return refuse_memory(reading);
	values[config->value_count++] = (struct config_value){
	    .key = key,
	    .ca = config_key_is_ca(key) ? config->ca_count - 1 : 0,
	    .text = copy,
	    .line = reading->number,
	};
	return 0;
}

static int on_key(struct reading *reading, const char *name, const char *text)
{
	const struct config_key *key = config_key_find(reading->section, name);
	const struct config_value *earlier = NULL;
	struct config_reason reason = {""};

	if (!key)
		return refuse_key(reading, name);
	earlier = config_value_find(reading->config, key,
				    config_key_is_ca(key) ? reading->config->ca_count - 1 : 0);
	if (earlier) {
		config_refuse(&reason, "this key is already in line %u; remove one of the two",
			      earlier->line);
		return refuse(reading, name, &reason);
	}
	return add_value(reading, key, text);
}

static int refuse_build(struct reading *reading)
{
	const struct config_reason reason = {
	    "the line is too long for this build of libinih; shorten it"};

	return refuse(reading, NULL, &reason);
}

static int on_piece(struct reading *reading, const char *name, const char *text)
{
	struct config_value *value = &reading->config->values[reading->config->value_count - 1];
	size_t length = strlen(value->text);
	char *joined = NULL;

	if (strcmp(name, value->key->name) != 0)
		return refuse_build(reading);
	joined = realloc(value->text, length + strlen(text) + 1);
	if (!joined)
		return refuse_memory(reading);
	strcpy(joined + length, text);
	value->text = joined;
	return 0;
}

/* The section stays unused: headings never reach libinih. */
static int handle(void *user, const char *section, const char *name, const char *text)
{
	struct reading *reading = user;

	(void)section;
	if (reading->failed)
		return 0;
	reading->taken++;
	if (reading->handed == 1)
		return on_key(reading, name, text) == 0;
	return on_piece(reading, name, text) == 0;
}

/* --- lines ---------------------------------------------------------------------------------- */

static int judge(struct reading *reading, const char *text)
{
	struct config_reason reason = {""};

	if (text[0] == '\0')
		return 0;
	if (text[0] == '[')
		return on_heading(reading, text);
	if (!config_line_is_assignment(text)) {
		config_refuse(&reason,
			      "'%s' is neither [section] nor key = value nor a # comment; a value "
			      "does not go on in the next line",
			      config_excerpt(text).text);
		return refuse(reading, NULL, &reason);
	}
	if (!reading->section) {
		config_refuse(
		    &reason,
		    "'%s' stands before any section; write a heading such as [login] above it",
		    config_excerpt(text).text);
		return refuse(reading, NULL, &reason);
	}
	return 0;
}

/* Returns 1 with reading->rest set, 0 at the end of the file, -1 with the error filled. */
static int next_line(struct reading *reading)
{
	struct config_reason reason = {""};
	char *text = NULL;
	ssize_t length = 0;

	errno = 0;
	reading->number++;
	length = getline(&reading->line, &reading->line_size, reading->file);
	if (length < 0 && feof(reading->file))
		return 0;
	if (length < 0) {
		config_refuse(&reason, "the file cannot be read: %s", strerror(errno));
		return refuse(reading, NULL, &reason);
	}
	if (config_line_clean(reading->line, (size_t)length, reading->number == 1, &text, &reason) <
	    0)
		return refuse(reading, NULL, &reason);
	if (judge(reading, text) < 0)
		return -1;
	reading->rest = text[0] == '[' ? "" : text; /* a heading is dealt with */
	reading->handed = 0;
	reading->taken = 0;
	return 1;
}

/* Takes the next piece of reading->rest: into `buffer`, or not at all. */
static int give_piece(struct reading *reading, char *buffer, size_t size)
{
	size_t room = size > 4 ? size - 4 : 0; /* a blank, CR, LF and NUL */
	size_t length = config_line_cut(reading->rest, room);

	if (length == 0 && reading->rest[0])
		return refuse_build(reading);
	/* A blank before it makes a piece the continuation of the one before. */
	snprintf(buffer, size, "%s%.*s\n", reading->handed > 0 ? " " : "", (int)length,
		 reading->rest);
	if (length > 0)
		reading->handed++;
	reading->rest = reading->rest[length] ? reading->rest + length : NULL;
	return 0;
}

/* libinih's reader: what fgets would give, into `size` bytes. */
static char *give(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;

	if (reading->failed)
		return NULL;
	if (reading->taken != reading->handed) {
		refuse_build(reading);
		return NULL;
	}
	if (!reading->rest && next_line(reading) <= 0)
		return NULL;
	return give_piece(reading, buffer, (size_t)size) < 0 ? NULL : buffer;
}

int config_read(struct config *config, FILE *file, const char *path, struct config_error *error)
{
	struct reading reading = {
	    .config = config,
	    .file = file,
	    .path = path,
	    .error = error,
	};

	/* A positive result is a line that libinih could not read: taken and handed tell. */
	if (ini_parse_stream(give, &reading, handle, &reading) < 0 && !reading.failed)
		refuse_memory(&reading);
	if (reading.taken != reading.handed && !reading.failed)
		refuse_build(&reading);
	free(reading.line);
	return reading.failed ? -1 : 0;
}

const struct config_value *config_value_find(const struct config *config,
					     const struct config_key *key, size_t ca)
{
	for (size_t i = 0; i < config->value_count; i++) {
		if (config->values[i].key == key && config->values[i].ca == ca)
			return &config->values[i];
	}
	return NULL;
}
