/* SPDX-License-Identifier: MIT */
/* A message of plain HTTP that the RA is given twice, as a proxy may that lost its answer. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/world/proxy/fault.h"

struct text {
	char bytes[1 << 17];
	size_t length;
};

/* How long the first message in it is, with its body; 0: it is not whole yet. */
static size_t whole(struct text *text)
{
	char *end, *field;
	size_t length;

	text->bytes[text->length] = '\0';
	end = memmem(text->bytes, text->length, "\r\n\r\n", 4);
	if (end == NULL)
		return 0;
	length = (size_t)(end - text->bytes) + 4;
	field = strcasestr(text->bytes, "\r\nContent-Length:");
	if (field != NULL && field < end)
		length += strtoul(field + strlen("\r\nContent-Length:"), NULL, 10);
	return length <= text->length ? length : 0;
}

static bool receive(int fd, struct text *ret)
{
	ssize_t length;

	ret->length = 0;
	while (whole(ret) == 0) {
		length = recv(fd, ret->bytes + ret->length, sizeof ret->bytes - 1 - ret->length, 0);
		if (length <= 0)
			return false;
		ret->length += (size_t)length;
	}
	return true;
}

static bool pass_on(int fd, const struct text *text)
{
	return send(fd, text->bytes, text->length, MSG_NOSIGNAL) == (ssize_t)text->length;
}

static bool ask(const struct line *line, const struct text *request, struct text *ret)
{
	int ra = relay_connect(line);
	bool answered = ra >= 0 && pass_on(ra, request) && receive(ra, ret);

	if (ra >= 0)
		close(ra);
	return answered;
}

void repeat_serve(struct line *line, int client)
{
	static struct text request, first, second;

	while (receive(client, &request)) {
		bool twice = ++line->requests == line->fault.at;

		line->carried[WAY_UP] += (int64_t)request.length;
		if (!ask(line, &request, &first) || (twice && !ask(line, &request, &second)))
			break;
		if (twice)
			fault_happens(line, line->requests);
		line->carried[WAY_DOWN] += (int64_t)first.length;
		if (!pass_on(client, twice && line->fault.second_answer ? &second : &first))
			break;
	}
	close(client);
}
