/* SPDX-License-Identifier: MIT */
#include "helper/ca/ldif.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

static void clear_entry(struct ldif_entry *entry)
{
	for (size_t i = 0; i < entry->count; i++) {
		free(entry->values[i].attribute);
		free(entry->values[i].bytes);
	}
	entry->count = entry->bytes = 0;
}

void ldif_clear(struct ldif_reader *reader)
{
	clear_entry(&reader->entry);
	free(reader->line);
	reader->line = NULL;
	reader->length = 0;
}

bool ldif_is(const struct ldif_value *value, const char *name)
{
	size_t own = strcspn(value->attribute, ";"), wanted = strcspn(name, ";");

	return own == wanted && strncasecmp(value->attribute, name, own) == 0;
}

/* --- one line ------------------------------------------------------------------------------ */

/* Strict: groups of four, padding at the end alone. The caller frees *ret. */
static int decode_base64(const char *text, size_t length, unsigned char **ret, size_t *ret_length,
			 struct failure *failure)
{
	size_t padding = length > 0 && text[length - 1] == '=';
	unsigned char *bytes;
	int decoded;

	padding += length > 1 && text[length - 1] == '=' && text[length - 2] == '=';
	if (length % 4 != 0 || memchr(text, '=', length - padding) != NULL ||
	    strcspn(text, " \t\r\n") != length)
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: a value is not base64");
	bytes = malloc(length / 4 * 3 + 1);
	if (bytes == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	decoded =
	    length == 0 ? 0 : EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
	if (decoded < 0) {
		free(bytes);
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: a value is not base64");
	}
	*ret_length = (size_t)decoded - padding;
	bytes[*ret_length] = '\0';
	*ret = bytes;
	return 0;
}

static int read_value(const char *text, unsigned char **ret, size_t *ret_length,
		      struct failure *failure)
{
	if (strncmp(text, ": ", 2) == 0)
		return decode_base64(text + 2, strlen(text + 2), ret, ret_length, failure);
	if (text[0] == ' ')
		text++;
	*ret = (unsigned char *)strdup(text);
	*ret_length = strlen(text);
	return *ret == NULL ? fail(failure, FAILURE_SYSTEM, "no memory") : 0;
}

static int add_value(struct ldif_entry *entry, const char *line, struct failure *failure)
{
	size_t name = strcspn(line, ":");
	struct ldif_value value = {.length = 0};
	int r;

	if (name == 0 || line[name] != ':')
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: a line is no attribute");
	if (entry->count == LDIF_VALUES_MAX)
		return fail(failure, FAILURE_CA_TOO_LARGE, "LDAP: an entry of more than %d values",
			    LDIF_VALUES_MAX);
	r = read_value(line + name + 1, &value.bytes, &value.length, failure);
	if (r < 0)
		return r;
	value.attribute = strndup(line, name);
	if (value.attribute == NULL) {
		free(value.bytes);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	entry->values[entry->count++] = value;
	entry->bytes += value.length;
	if (entry->bytes > LDIF_ENTRY_MAX)
		return fail(failure, FAILURE_CA_TOO_LARGE, "LDAP: an entry of more than %d bytes",
			    LDIF_ENTRY_MAX);
	return 0;
}

static int end_entry(struct ldif_reader *reader)
{
	int r = reader->in_entry ? reader->take(&reader->entry, reader->context) : 0;

	clear_entry(&reader->entry);
	reader->in_entry = false;
	return r;
}

static int take_line(struct ldif_reader *reader, struct failure *failure)
{
	const char *line = reader->line;
	int r;

	if (strlen(line) != reader->length)
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: a NUL in a line");
	if (line[0] == '\0')
		return 0;
	if (strncmp(line, "DN:", 3) == 0) {
		r = end_entry(reader);
		reader->in_entry = r == 0;
		return r;
	}
	if (line[0] != '\t' || !reader->in_entry)
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: a line outside of an entry");
	return add_value(&reader->entry, line + 1, failure);
}

/* --- lines out of pieces ------------------------------------------------------------------- */

static int finish_line(struct ldif_reader *reader, struct failure *failure)
{
	int r = reader->line_ended ? take_line(reader, failure) : 0;

	reader->length = 0;
	reader->line_ended = false;
	return r;
}

static int append(struct ldif_reader *reader, const char *text, size_t length,
		  struct failure *failure)
{
	if (reader->line == NULL && (reader->line = malloc(LDIF_LINE_MAX + 1)) == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	if (length > LDIF_LINE_MAX - reader->length)
		return fail(failure, FAILURE_CA_TOO_LARGE, "LDAP: a line of more than %d bytes",
			    LDIF_LINE_MAX);
	memcpy(reader->line + reader->length, text, length);
	reader->length += length;
	reader->line[reader->length] = '\0';
	return 0;
}

int ldif_read(struct ldif_reader *reader, const char *text, size_t length, struct failure *failure)
{
	const char *end = text + length;
	int r = 0;

	reader->total += length;
	if (reader->total > LDIF_TOTAL_MAX)
		return fail(failure, FAILURE_CA_TOO_LARGE, "LDAP: more than %d bytes",
			    LDIF_TOTAL_MAX);
	while (r == 0 && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;

		if (reader->line_ended && *text == ' ') {
			reader->line_ended = false; /* folded: it goes on behind the blank */
			text++;
		} else if (reader->line_ended) {
			r = finish_line(reader, failure);
		}
		if (r == 0)
			r = append(reader, text, (size_t)(stop - text), failure);
		reader->line_ended = newline != NULL;
		text = newline != NULL ? newline + 1 : end;
	}
	return r;
}

int ldif_end(struct ldif_reader *reader, struct failure *failure)
{
	int r;

	if (reader->length > 0 && !reader->line_ended)
		return fail(failure, FAILURE_CA_GARBAGE, "LDAP: the answer ends within a line");
	r = finish_line(reader, failure);
	return r == 0 ? end_entry(reader) : r;
}
