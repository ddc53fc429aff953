/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/apdu.h"

enum { HEADER = 4 };

static size_t two(const uint8_t *bytes)
{
	return (size_t)bytes[0] << 8 | bytes[1];
}

static int parse_short(const uint8_t *body, size_t length, struct command *command)
{
	if (length > 1) {
		command->length = body[0];
		command->data = body + 1;
		if (length < 1 + command->length || length > 2 + command->length)
			return -1;
		body += 1 + command->length;
		length -= 1 + command->length;
	}
	if (length == 1)
		command->expected = body[0] == 0 ? 0x100 : body[0];
	return 0;
}

static int parse_extended(const uint8_t *body, size_t length, struct command *command)
{
	if (length > 3) {
		command->length = two(body + 1);
		command->data = body + 3;
		if (length != 3 + command->length && length != 5 + command->length)
			return -1;
		body += 3 + command->length;
		length -= 3 + command->length;
	} else {
		body++;
		length--;
	}
	if (length == 2)
		command->expected = two(body) == 0 ? 0x10000 : two(body);
	return 0;
}

int apdu_parse(const uint8_t *bytes, size_t length, struct command *ret)
{
	struct command command = {.data = NULL};
	int result = 0;

	if (length < HEADER)
		return -1;
	command.cla = bytes[0];
	command.ins = bytes[1];
	command.p1 = bytes[2];
	command.p2 = bytes[3];
	if (length > HEADER + 2 && bytes[HEADER] == 0)
		result = parse_extended(bytes + HEADER, length - HEADER, &command);
	else if (length > HEADER)
		result = parse_short(bytes + HEADER, length - HEADER, &command);
	if (result == 0)
		*ret = command;
	return result;
}
