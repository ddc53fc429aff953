/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_receive.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "helper/common/clock.h"

enum { FIRST_CAPACITY = 8 * 1024, PACE = 100 /* bytes a second */ };

/* Any other number than the one handed in makes libcurl break off. */
static size_t break_off(struct http_receipt *receipt, enum http_verdict verdict)
{
	receipt->verdict = verdict;
	return 0;
}

static void keep_value(const char *line, size_t length, const char *name, char *out, size_t size)
{
	size_t skip = strlen(name);

	if (length <= skip || strncasecmp(line, name, skip) != 0 || line[skip] != ':')
		return;
	for (skip++; skip < length && (line[skip] == ' ' || line[skip] == '\t'); skip++)
		;
	length -= skip;
	if (length >= size)
		length = size - 1;
	memcpy(out, line + skip, length);
	out[length] = '\0';
}

size_t http_receive_header(char *data, size_t size, size_t count, void *context)
{
	struct http_receipt *receipt = context;
	struct http_answer *answer = receipt->answer;
	size_t bytes = size * count, length = bytes;

	receipt->header_bytes += bytes;
	if (receipt->header_bytes > HTTP_HEADERS_MAX)
		return break_off(receipt, HTTP_TOO_LARGE);
	while (length > 0 && (data[length - 1] == '\r' || data[length - 1] == '\n'))
		length--;
	/* An interim answer (1xx) has a status line and fields of its own. */
	if (length >= 5 && strncmp(data, "HTTP/", 5) == 0)
		answer->content_type[0] = answer->retry_after[0] = answer->date[0] = '\0';
	receipt->header_is_whole = length == 0;
	keep_value(data, length, "Content-Type", answer->content_type,
		   sizeof(answer->content_type));
	keep_value(data, length, "Date", answer->date, sizeof(answer->date));
	keep_value(data, length, "Retry-After", answer->retry_after, sizeof(answer->retry_after));
	return bytes;
}

static bool make_room(struct http_receipt *receipt, size_t bytes)
{
	size_t need = receipt->answer->length + bytes + 1, capacity = receipt->capacity;
	unsigned char *grown;

	if (capacity == 0)
		capacity = FIRST_CAPACITY;
	while (capacity < need)
		capacity *= 2;
	if (capacity == receipt->capacity)
		return true;
	grown = realloc(receipt->answer->body, capacity);
	if (grown == NULL)
		return false;
	receipt->answer->body = grown;
	receipt->capacity = capacity;
	return true;
}

/* The whole time limit is also for a CA that thinks; one that has begun to answer is measured. */
static bool drips(struct http_receipt *receipt)
{
	int64_t taken;

	if (receipt->begun == 0)
		receipt->begun = clock_now();
	taken = clock_now() - receipt->begun;
	return taken > receipt->patience && (int64_t)receipt->answer->length * 1000 < taken * PACE;
}

size_t http_receive_body(char *data, size_t size, size_t count, void *context)
{
	struct http_receipt *receipt = context;
	struct http_answer *answer = receipt->answer;
	size_t bytes = size * count;

	if (bytes > receipt->body_max - answer->length)
		return break_off(receipt, HTTP_TOO_LARGE);
	if (!make_room(receipt, bytes))
		return break_off(receipt, HTTP_NO_MEMORY);
	memcpy(answer->body + answer->length, data, bytes);
	answer->length += bytes;
	answer->body[answer->length] = '\0';
	return drips(receipt) ? break_off(receipt, HTTP_DRIPS) : bytes;
}
