/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "tests/world/vcard/control.h"

enum { ORDER_MAX = 256 };

static int open_socket(const char *path, struct sockaddr_un *ret_address)
{
	*ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(ret_address->sun_path))
		return -1;
	strcpy(ret_address->sun_path, path);
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

int control_listen(const char *path)
{
	struct sockaddr_un address;
	int listening = open_socket(path, &address);

	if (listening < 0)
		return -1;
	unlink(path);
	if (bind(listening, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listening, 8) < 0) {
		close(listening);
		return -1;
	}
	return listening;
}

/* N [INS] [answer] */
static int set_cut(struct reader *reader, char *words)
{
	char *rest = NULL;
	const char *word = strtok_r(words, " ", &rest);

	if (word == NULL)
		return -1;
	reader->cut = (unsigned)strtoul(word, NULL, 10);
	reader->cut_instruction = -1;
	reader->cut_answer = false;
	while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
		if (strcmp(word, "answer") == 0)
			reader->cut_answer = true;
		else
			reader->cut_instruction = (int)strtoul(word, NULL, 16);
	}
	return 0;
}

/* Returns 0, or -1 for no order that it knows. */
static int carry_out(struct reader *reader, char *order, char *ret_answer, size_t size)
{
	char *words = order + strcspn(order, " ");

	if (*words != '\0')
		*words++ = '\0';
	ret_answer[0] = '\0';
	if (strcmp(order, "insert") == 0) {
		reader->inserted = true;
		reader_insert(reader);
	} else if (strcmp(order, "eject") == 0) {
		reader_eject(reader);
	} else if (strcmp(order, "delay") == 0) {
		reader->delay = (unsigned)strtoul(words, NULL, 10);
	} else if (strcmp(order, "cut") == 0) {
		return set_cut(reader, words);
	} else if (strcmp(order, "state") == 0) {
		snprintf(ret_answer, size, "%s tries=%u", reader->inserted ? "in" : "out",
			 reader->card->pins.pin.tries);
	} else {
		return -1;
	}
	return 0;
}

void control_serve(int listening, struct reader *reader)
{
	char order[ORDER_MAX] = "", answer[ORDER_MAX] = "no such order";
	int connection = accept(listening, NULL, NULL);

	if (connection < 0)
		return;
	if (recv(connection, order, sizeof(order) - 1, 0) > 0) {
		char *text = answer + 1;

		answer[0] = carry_out(reader, order, text, sizeof(answer) - 1) == 0 ? '+' : '-';
		send(connection, answer, 1 + strlen(text), MSG_NOSIGNAL);
	}
	close(connection);
}

int control_tell(const char *path, char *const *words)
{
	char order[ORDER_MAX] = "", answer[ORDER_MAX] = "";
	struct sockaddr_un address;
	int connection = open_socket(path, &address);
	size_t length = 0;
	int result = -1;

	for (; *words != NULL && length < sizeof(order); words++)
		length += (size_t)snprintf(order + length, sizeof(order) - length, "%s%s",
					   length > 0 ? " " : "", *words);
	if (connection < 0)
		return -1;
	if (connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    send(connection, order, strlen(order), MSG_NOSIGNAL) > 0 &&
	    recv(connection, answer, sizeof(answer) - 1, 0) > 0 && answer[0] == '+') {
		if (answer[1] != '\0')
			puts(answer + 1);
		result = 0;
	}
	close(connection);
	return result;
}
