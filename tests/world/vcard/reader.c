/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/world/vcard/reader.h"

/* Messages of one byte, which are no commands. */
enum { MESSAGE_POWER_OFF = 0, MESSAGE_POWER_ON = 1, MESSAGE_RESET = 2, MESSAGE_ATR = 4 };

enum { LENGTH_BYTES = 2 };

/* ISO 7816-3 §8: T=1 and nothing else. */
static const uint8_t answer_to_reset[] = {0x3b, 0x80, 0x01, 0x81};

static void disconnect(struct reader *reader)
{
	if (reader->connection >= 0)
		close(reader->connection);
	reader->connection = -1;
	card_reset(reader->card);
}

void reader_insert(struct reader *reader)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(reader->port)};
	int connection;

	if (!reader->inserted || reader->connection >= 0)
		return;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection < 0)
		return;
	if (connect(connection, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(connection);
		return;
	}
	reader->connection = connection;
}

void reader_eject(struct reader *reader)
{
	reader->inserted = false;
	disconnect(reader);
}

/* The reader sends a message's length and the message by themselves, and the second waits until the
 * first is acknowledged: without this each command takes 40 ms more. */
static void acknowledge_at_once(int connection)
{
	int on = 1;

	setsockopt(connection, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static int receive(int connection, uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t got;

		acknowledge_at_once(connection);
		got = recv(connection, bytes, length, 0);
		if (got <= 0)
			return -1;
		bytes += got;
		length -= (size_t)got;
	}
	acknowledge_at_once(connection);
	return 0;
}

static int answer(int connection, const uint8_t *bytes, size_t length)
{
	uint8_t message[LENGTH_BYTES + APDU_MAX + 2];

	message[0] = (uint8_t)(length >> 8);
	message[1] = (uint8_t)length;
	memcpy(message + LENGTH_BYTES, bytes, length);
	length += LENGTH_BYTES;
	return send(connection, message, length, MSG_NOSIGNAL) == (ssize_t)length ? 0 : -1;
}

static void take_time(unsigned milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static bool is_cut(struct reader *reader, uint8_t instruction)
{
	if (reader->cut == 0 ||
	    (reader->cut_instruction >= 0 && instruction != reader->cut_instruction))
		return false;
	return --reader->cut == 0;
}

/* Header, length of the data and status word; the data may be a PIN. */
static void record(struct reader *reader, const uint8_t *command, size_t length,
		   const uint8_t *response, size_t answered, const char *pulled)
{
	if (reader->log == NULL || length < 4)
		return;
	fprintf(reader->log, "%02X%02X%02X%02X %zu", command[0], command[1], command[2], command[3],
		length);
	if (answered >= 2)
		fprintf(reader->log, " %02X%02X", response[answered - 2], response[answered - 1]);
	fprintf(reader->log, "%s\n", pulled);
	fflush(reader->log);
}

static int serve_command(struct reader *reader, const uint8_t *command, size_t length)
{
	uint8_t response[APDU_MAX + 2];
	bool cut = is_cut(reader, length < 2 ? 0 : command[1]);
	size_t answered = 0;

	take_time(reader->delay);
	if (!cut || reader->cut_answer)
		answered = card_answer(reader->card, command, length, response);
	record(reader, command, length, response, answered, cut ? " pulled" : "");
	if (cut) {
		reader_eject(reader);
		return 0;
	}
	return answer(reader->connection, response, answered);
}

static int serve_control(struct reader *reader, uint8_t message)
{
	if (message == MESSAGE_ATR)
		return answer(reader->connection, answer_to_reset, sizeof(answer_to_reset));
	if (message == MESSAGE_POWER_OFF || message == MESSAGE_POWER_ON || message == MESSAGE_RESET)
		card_reset(reader->card);
	return 0;
}

void reader_serve(struct reader *reader)
{
	uint8_t length_bytes[LENGTH_BYTES], message[APDU_MAX];
	size_t length;
	int result = -1;

	if (receive(reader->connection, length_bytes, sizeof(length_bytes)) == 0) {
		length = (size_t)length_bytes[0] << 8 | length_bytes[1];
		if (length <= sizeof(message) && receive(reader->connection, message, length) == 0)
			result = length == 1 ? serve_control(reader, message[0])
					     : serve_command(reader, message, length);
	}
	if (result < 0)
		disconnect(reader);
}
