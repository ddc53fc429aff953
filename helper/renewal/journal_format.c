/* SPDX-License-Identifier: MIT */
/*
 * The journal's files: lines of "name value", so that an administrator can read them, opened by
 * "certrenew-journal 1" and closed by "end". Certificates and requests are base64 of their DER.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "helper/renewal/journal.h"

static const char opening[] = "certrenew-journal 1\n";
static const char closing[] = "end\n";

static void write_hex(FILE *file, const char *name, const unsigned char *bytes, size_t length)
{
	if (length == 0)
		return;
	fprintf(file, "%s ", name);
	for (size_t i = 0; i < length; i++)
		fprintf(file, "%02x", bytes[i]);
	fputc('\n', file);
}

static int write_base64(FILE *file, const char *name, const unsigned char *bytes, size_t length)
{
	unsigned char *text;

	if (length == 0)
		return 0;
	text = malloc(4 * ((length + 2) / 3) + 1);
	if (text == NULL)
		return -1;
	EVP_EncodeBlock(text, bytes, (int)length);
	fprintf(file, "%s %s\n", name, (const char *)text);
	free(text);
	return 0;
}

static int write_certificate(FILE *file, const char *name, X509 *certificate)
{
	unsigned char *der = NULL;
	int length, result;

	if (certificate == NULL)
		return 0;
	length = i2d_X509(certificate, &der);
	if (length < 0)
		return -1;
	result = write_base64(file, name, der, (size_t)length);
	OPENSSL_free(der);
	return result;
}

int journal_encode(const struct journal_entry *entry, char **ret, size_t *ret_length,
		   struct failure *failure)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	int result;

	if (file == NULL)
		return fail_errno(failure, "no memory for the journal");
	fprintf(file, "%sstate %s\nrole %s\nca %s\nnew-key %d\nupdated %lld\nretry-at %lld\n",
		opening, journal_state_name(entry->state),
		entry->role == ROLE_ENCRYPTION ? "encryption" : "signature", entry->ca,
		entry->new_key, (long long)entry->updated, (long long)entry->retry_at);
	write_hex(file, "id", entry->id.bytes, entry->id.length);
	write_hex(file, "old-id", entry->old_id.bytes, entry->old_id.length);
	write_hex(file, "spare-id", entry->spare.bytes, entry->spare.length);
	write_hex(file, "label", entry->label.bytes, entry->label.length);
	result = write_certificate(file, "old", entry->old) < 0 ||
		 write_base64(file, "request", entry->request, entry->request_length) < 0 ||
		 write_certificate(file, "issued", entry->issued) < 0;
	fputs(closing, file);
	if (fclose(file) != 0 || result != 0) {
		free(text);
		return fail(failure, FAILURE_JOURNAL, "an entry cannot be encoded");
	}
	*ret = text;
	*ret_length = length;
	return 0;
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static int read_hex(const char *text, unsigned char *bytes, size_t size, size_t *ret_length)
{
	size_t length = strlen(text);
	int high, low;

	if (length == 0 || length % 2 != 0 || length / 2 > size)
		return -1;
	for (size_t i = 0; i < length / 2; i++) {
		high = hex_digit(text[2 * i]);
		low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	*ret_length = length / 2;
	return 0;
}

/* As write_base64 wrote it: EVP_DecodeBlock itself lets blanks, '=' anywhere and loose bits pass.
 */
static bool is_base64_of(const char *text, const unsigned char *bytes, size_t length)
{
	unsigned char *again = malloc(strlen(text) + 4);
	bool same = again != NULL && EVP_EncodeBlock(again, bytes, (int)length) >= 0 &&
		    strcmp((const char *)again, text) == 0;

	free(again);
	return same;
}

static int read_base64(const char *text, unsigned char **ret, size_t *ret_length)
{
	size_t length = strlen(text);
	unsigned char *bytes;
	int decoded;

	if (length == 0 || length % 4 != 0)
		return -1;
	bytes = malloc(length / 4 * 3 + 1);
	if (bytes == NULL)
		return -1;
	decoded = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
	/* It counts the padding as bytes. */
	for (size_t i = length; i > 0 && length - i < 2 && text[i - 1] == '='; i--)
		decoded--;
	if (decoded <= 0 || !is_base64_of(text, bytes, (size_t)decoded)) {
		free(bytes);
		return -1;
	}
	*ret = bytes;
	*ret_length = (size_t)decoded;
	return 0;
}

static int read_certificate(const char *text, X509 **ret)
{
	unsigned char *der = NULL;
	const unsigned char *at;
	size_t length = 0;

	if (read_base64(text, &der, &length) < 0)
		return -1;
	at = der;
	*ret = d2i_X509(NULL, &at, (long)length);
	if (*ret != NULL && at != der + length) {
		X509_free(*ret);
		*ret = NULL;
	}
	free(der);
	return *ret == NULL ? -1 : 0;
}

/* As it is written: no sign but minus, no leading zeros, nothing that is cut to fit. */
static int read_number(const char *text, int64_t *ret)
{
	char again[24];
	int64_t number = strtoll(text, NULL, 10);

	snprintf(again, sizeof(again), "%lld", (long long)number);
	if (strcmp(again, text) != 0)
		return -1;
	*ret = number;
	return 0;
}

static int read_flag(const char *text, bool *ret)
{
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		return -1;
	*ret = text[0] == '1';
	return 0;
}

static int read_state(const char *text, enum journal_state *ret)
{
	for (int state = JOURNAL_FOUND + 1; state <= JOURNAL_DONE; state++) {
		if (strcmp(journal_state_name((enum journal_state)state), text) == 0) {
			*ret = (enum journal_state)state;
			return 0;
		}
	}
	return -1;
}

static int read_role(const char *text, enum certificate_role *ret)
{
	bool encryption = strcmp(text, "encryption") == 0;

	if (!encryption && strcmp(text, "signature") != 0)
		return -1;
	*ret = encryption ? ROLE_ENCRYPTION : ROLE_SIGNATURE;
	return 0;
}

static int read_field(struct journal_entry *entry, const char *name, const char *value)
{
	if (strcmp(name, "state") == 0)
		return read_state(value, &entry->state);
	if (strcmp(name, "role") == 0)
		return read_role(value, &entry->role);
	if (strcmp(name, "ca") == 0)
		return (size_t)snprintf(entry->ca, sizeof(entry->ca), "%s", value) <
			       sizeof(entry->ca)
			   ? 0
			   : -1;
	if (strcmp(name, "new-key") == 0)
		return read_flag(value, &entry->new_key);
	if (strcmp(name, "updated") == 0)
		return read_number(value, &entry->updated);
	if (strcmp(name, "retry-at") == 0)
		return read_number(value, &entry->retry_at);
	if (strcmp(name, "id") == 0)
		return read_hex(value, entry->id.bytes, sizeof(entry->id.bytes), &entry->id.length);
	if (strcmp(name, "old-id") == 0)
		return read_hex(value, entry->old_id.bytes, sizeof(entry->old_id.bytes),
				&entry->old_id.length);
	if (strcmp(name, "spare-id") == 0)
		return read_hex(value, entry->spare.bytes, sizeof(entry->spare.bytes),
				&entry->spare.length);
	if (strcmp(name, "label") == 0)
		return read_hex(value, entry->label.bytes, sizeof(entry->label.bytes),
				&entry->label.length);
	if (strcmp(name, "old") == 0)
		return read_certificate(value, &entry->old);
	if (strcmp(name, "issued") == 0)
		return read_certificate(value, &entry->issued);
	if (strcmp(name, "request") == 0)
		return read_base64(value, &entry->request, &entry->request_length);
	return -1;
}

static bool is_complete(const struct journal_entry *entry)
{
	if (entry->state == 0 || entry->role == 0 || entry->old == NULL)
		return false;
	if ((entry->state == JOURNAL_REQUESTED || entry->state == JOURNAL_WAITING) &&
	    entry->request == NULL)
		return false;
	if (entry->state == JOURNAL_MOVED_ASIDE && entry->spare.length == 0)
		return false;
	return entry->state < JOURNAL_ISSUED || entry->issued != NULL;
}

/* Whether one of the lines before it has this name; they are split where their blank was. */
static bool is_repeated(const char *lines, const char *line)
{
	const char *at = lines;

	while (at < line && strcmp(at, line) != 0) {
		at += strlen(at) + 1;
		at += strlen(at) + 1;
	}
	return at < line;
}

static int read_lines(char *lines, struct journal_entry *entry, struct failure *failure)
{
	char *line, *next, *value;
	int number = 1;

	for (line = lines; *line != '\0'; line = next) {
		number++;
		next = strchr(line, '\n');
		if (next == NULL)
			return fail(failure, FAILURE_JOURNAL, "line %d has no end", number);
		*next++ = '\0';
		if (strcmp(line, "end") == 0)
			return *next == '\0' && is_complete(entry)
				   ? 0
				   : fail(failure, FAILURE_JOURNAL, "line %d: not a whole entry",
					  number);
		value = strchr(line, ' ');
		if (value == NULL)
			return fail(failure, FAILURE_JOURNAL, "line %d: no value", number);
		*value++ = '\0';
		if (is_repeated(lines, line))
			return fail(failure, FAILURE_JOURNAL, "line %d: %.32s is there twice",
				    number, line);
		if (read_field(entry, line, value) < 0)
			return fail(failure, FAILURE_JOURNAL, "line %d: %.32s", number, line);
	}
	return fail(failure, FAILURE_JOURNAL, "the last line is missing");
}

int journal_decode(const char *text, size_t length, struct journal_entry *ret,
		   struct failure *failure)
{
	struct journal_entry entry = {.old = NULL};
	char *copy;
	int result;

	if (length < strlen(opening) || memcmp(text, opening, strlen(opening)) != 0 ||
	    memchr(text, '\0', length) != NULL)
		return fail(failure, FAILURE_JOURNAL, "not a journal of this version");
	copy = strndup(text + strlen(opening), length - strlen(opening));
	if (copy == NULL)
		return fail_errno(failure, "no memory for the journal");
	result = read_lines(copy, &entry, failure);
	free(copy);
	if (result < 0)
		journal_entry_clear(&entry);
	else
		*ret = entry;
	return result;
}

void journal_entry_clear(struct journal_entry *entry)
{
	X509_free(entry->old);
	X509_free(entry->issued);
	free(entry->request);
	*entry = (struct journal_entry){.old = NULL};
}
