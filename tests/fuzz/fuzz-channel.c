/* SPDX-License-Identifier: MIT */
/* Frames as they arrive: one after the other, up to the first that is refused, and no further. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/message.h"
#include "tests/fuzz/input.h"

/* What a socket takes without a reader. */
enum { MOST = 64 * 1024 };

static void open_channel(const uint8_t *data, size_t size, int *ret)
{
	int ends[2];

	MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	if (size > 0)
		MUST(send(ends[1], data, size, MSG_DONTWAIT) == (ssize_t)size);
	close(ends[1]);
	*ret = ends[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct message *message = NULL;
	unsigned char *frame = NULL;
	size_t taken = 0, length = 0;
	int channel, result;

	if (size > MOST)
		return 0;
	open_channel(data, size, &channel);
	while ((result = message_receive(channel, 0, &message, &failure)) == 0) {
		MUST(message_encode(message, &frame, &length) == 0);
		taken += length;
		MUST(taken <= size);
		free(frame);
		message_free(message);
		message = NULL;
	}
	MUST(message == NULL && result == -(int)failure.code);
	/* All of it was messages, or a message was wrong. */
	MUST(failure.code == (taken == size ? FAILURE_CANCELLED : FAILURE_PROTOCOL));
	close(channel);
	return 0;
}
