/* SPDX-License-Identifier: MIT */
/* test-vcard: a smartcard that is a program, for the virtual reader of vsmartcard-vpcd. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/world/vcard/control.h"

static const char help[] =
    "test-vcard serve CONTROL PORT LOG\n"
    "    a card, out of the reader that waits at this port; each command is a line of LOG:\n"
    "    CLA INS P1 P2, its length, the status word\n"
    "test-vcard tell CONTROL ORDER\n"
    "    insert             puts it in\n"
    "    eject              pulls it\n"
    "    delay MS           each command takes so long from now on\n"
    "    cut N [INS] [answer]\n"
    "                       it is pulled at the Nth command from now (of those with this\n"
    "                       instruction, in hexadecimal), which is not carried out; answer:\n"
    "                       it is, and only its answer is lost\n"
    "    state              in or out, tries=N of its PIN\n";

enum { RETRY_MS = 50 };

static int serve(const char *control, const char *port, const char *log)
{
	static struct card card;
	struct reader reader = {
	    .port = (uint16_t)strtoul(port, NULL, 10),
	    .connection = -1,
	    .card = &card,
	    .log = fopen(log, "ae"),
	};
	int listening = control_listen(control);

	if (listening < 0 || reader.log == NULL) {
		perror("test-vcard");
		return 1;
	}
	card_start(&card);
	for (;;) {
		struct pollfd polled[] = {
		    {.fd = listening, .events = POLLIN},
		    {.fd = reader.connection, .events = POLLIN},
		};

		if (poll(polled, 2, RETRY_MS) < 0 && errno != EINTR)
			return 1;
		if (polled[1].revents != 0)
			reader_serve(&reader);
		if (polled[0].revents != 0)
			control_serve(listening, &reader);
		reader_insert(&reader);
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv[3], argv[4]);
	if (argc >= 4 && strcmp(argv[1], "tell") == 0)
		return control_tell(argv[2], argv + 3) == 0 ? 0 : 1;
	fputs(help, stderr);
	return 2;
}
