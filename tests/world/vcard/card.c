/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/card.h"

#include <string.h>

#include <openssl/rand.h>

static const uint8_t applet[] = {0xf2, 0x76, 0xa2, 0x88, 0xbc, 0xfb,
				 0xa6, 0x9d, 0x34, 0xf3, 0x10, 0x01};

/* Interface version 0.6, and what of it there is: a random number generator, and EC. */
static const uint8_t applet_answer[] = {0x00, 0x06, 0x02 | 0x04};

enum { CLA_CHAINED = 0x10, SHORT_RESPONSE_MAX = 0x100 };

void card_start(struct card *card)
{
	memset(card, 0, sizeof(*card));
	files_start(&card->files);
}

void card_reset(struct card *card)
{
	files_reset(&card->files);
	card->pins.verified = false;
	card->keys.algorithm = card->keys.key = 0;
	card->selected = false;
	card->chained_length = card->rest_length = 0;
}

static unsigned select_something(struct card *card, const struct command *command,
				 struct response *response)
{
	if (command->p1 == 0x04 && command->length == sizeof(applet) &&
	    memcmp(command->data, applet, sizeof(applet)) == 0) {
		card->selected = true;
		files_reset(&card->files);
		memcpy(response->data, applet_answer, sizeof(applet_answer));
		response->length = sizeof(applet_answer);
		return SW_DONE;
	}
	return card->selected ? files_select(&card->files, command, response) : SW_NO_FILE;
}

static unsigned challenge(const struct command *command, struct response *response)
{
	if (command->expected == 0 || command->expected > SHORT_RESPONSE_MAX ||
	    RAND_bytes(response->data, (int)command->expected) != 1)
		return SW_WRONG_LENGTH;
	response->length = command->expected;
	return SW_DONE;
}

static unsigned with_key(struct card *card, const struct caller *caller,
			 const struct command *command, struct response *response)
{
	if (command->ins == INS_GENERATE_KEY_PAIR)
		return files_may_create(&card->files, caller)
			   ? keys_generate(&card->keys, command, response)
			   : SW_NOT_ALLOWED;
	return caller->authenticated ? keys_operate(&card->keys, command, response)
				     : SW_NOT_ALLOWED;
}

static unsigned carry_out(struct card *card, const struct command *command,
			  struct response *response)
{
	const struct caller caller = {
	    .authenticated = card->pins.verified,
	    .unprotected = !card->pins.pin.is_set,
	};

	if (command->ins == INS_SELECT)
		return select_something(card, command, response);
	if (!card->selected)
		return SW_NO_SUCH_COMMAND;
	switch (command->ins) {
	case INS_VERIFY:
		return pins_verify(&card->pins, command);
	case INS_CHANGE_REFERENCE_DATA:
		return pins_change(&card->pins, command);
	case INS_RESET_RETRY_COUNTER:
		return pins_unblock(&card->pins, command);
	case INS_MANAGE_SECURITY_ENVIRONMENT:
		return keys_choose(&card->keys, command);
	case INS_PERFORM_SECURITY_OPERATION:
	case INS_GENERATE_KEY_PAIR:
		return with_key(card, &caller, command, response);
	case INS_GET_CHALLENGE:
		return challenge(command, response);
	case INS_READ_BINARY:
		return files_read(&card->files, &caller, command, response);
	case INS_UPDATE_BINARY:
		return files_update(&card->files, &caller, command);
	case INS_CREATE_FILE:
		return files_create(&card->files, &caller, command);
	case INS_DELETE_FILE:
		return files_delete(&card->files, &caller, command);
	default:
		return SW_NO_SUCH_COMMAND;
	}
}

static size_t with_status(uint8_t *out, size_t length, unsigned status)
{
	out[length++] = (uint8_t)(status >> 8);
	out[length++] = (uint8_t)status;
	return length;
}

/* As much of `rest` as is asked for; the status word says what is left of it. */
static size_t give_rest(struct card *card, size_t expected, unsigned status, uint8_t *out)
{
	size_t length = card->rest_length;

	if (expected == 0 || expected > SHORT_RESPONSE_MAX)
		expected = SHORT_RESPONSE_MAX;
	if (length > expected)
		length = expected;
	memcpy(out, card->rest, length);
	card->rest_length -= length;
	memmove(card->rest, card->rest + length, card->rest_length);
	if (card->rest_length > 0)
		status = SW_MORE | (card->rest_length > 0xff ? 0 : (unsigned)card->rest_length);
	return with_status(out, length, status);
}

/* Returns whether the command is whole; its data are all of its parts' then. */
static bool gather(struct card *card, struct command *command)
{
	if (command->length > sizeof(card->chained) - card->chained_length)
		card->chained_length = 0;
	if (command->length > 0)
		memcpy(card->chained + card->chained_length, command->data, command->length);
	card->chained_length += command->length;
	if ((command->cla & CLA_CHAINED) != 0)
		return false;
	command->data = card->chained;
	command->length = card->chained_length;
	card->chained_length = 0;
	return true;
}

size_t card_answer(struct card *card, const uint8_t *bytes, size_t length, uint8_t *out)
{
	struct command command;
	struct response response = {.length = 0};
	unsigned status;

	if (length > APDU_MAX || apdu_parse(bytes, length, &command) < 0)
		return with_status(out, 0, SW_WRONG_LENGTH);
	if (command.ins == INS_GET_RESPONSE)
		return give_rest(card, command.expected, SW_DONE, out);
	if (!gather(card, &command))
		return with_status(out, 0, SW_DONE);
	status = carry_out(card, &command, &response);
	if (command.expected > SHORT_RESPONSE_MAX || response.length <= SHORT_RESPONSE_MAX) {
		memcpy(out, response.data, response.length);
		return with_status(out, response.length, status);
	}
	memcpy(card->rest, response.data, response.length);
	card->rest_length = response.length;
	return give_rest(card, command.expected, status, out);
}
