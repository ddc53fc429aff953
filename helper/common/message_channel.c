/* SPDX-License-Identifier: MIT */
/* Carries messages over a stream socket: whole frames, a deadline, no SIGPIPE. */
#include "helper/common/message.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "helper/common/clock.h"
#include "helper/common/message_format.h"

/* A peer that takes nothing for this long is gone. */
enum { SEND_TIMEOUT_MS = 10000 };

static int wait_for(int channel, short events, int64_t deadline)
{
	struct pollfd poller = {.fd = channel, .events = events};
	int ready;

	do {
		ready = poll(&poller, 1, clock_left(deadline));
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return -FAILURE_TIMEOUT;
	return ready < 0 ? -FAILURE_SYSTEM : 0;
}

static int send_all(int channel, const unsigned char *bytes, size_t length, int64_t deadline)
{
	ssize_t sent;

	while (length > 0) {
		sent = send(channel, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent > 0) {
			bytes += sent;
			length -= (size_t)sent;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (wait_for(channel, POLLOUT, deadline) < 0)
				return -FAILURE_SYSTEM;
		} else if (errno != EINTR) {
			return -FAILURE_SYSTEM;
		}
	}
	return 0;
}

int message_send(int channel, struct message *message)
{
	return message_send_within(channel, SEND_TIMEOUT_MS, message);
}

int message_send_within(int channel, int timeout_ms, struct message *message)
{
	unsigned type = message == NULL ? 0 : message_type(message);
	unsigned char *frame = NULL;
	size_t length = 0;
	int result;

	result = format_encode(message, &frame, &length);
	message_free(message);
	if (result < 0)
		return result;
	result = send_all(channel, frame, length, clock_deadline(timeout_ms));
	format_release(type, frame, length);
	return result;
}

/* Reads exactly `length` bytes; *ret_got tells how many came before an error or the end. */
static int receive_all(int channel, unsigned char *bytes, size_t length, int64_t deadline,
		       size_t *ret_got)
{
	ssize_t got;
	int result;

	for (*ret_got = 0; *ret_got < length;) {
		got = recv(channel, bytes + *ret_got, length - *ret_got, MSG_DONTWAIT);
		if (got > 0) {
			*ret_got += (size_t)got;
		} else if (got == 0 || errno == ECONNRESET) {
			return -FAILURE_CANCELLED;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			result = wait_for(channel, POLLIN, deadline);
			if (result < 0)
				return result;
		} else if (errno != EINTR) {
			return -FAILURE_SYSTEM;
		}
	}
	return 0;
}

static int describe(int result, size_t got, struct failure *failure)
{
	if (result == -FAILURE_CANCELLED && got > 0)
		return fail(failure, FAILURE_PROTOCOL, "the peer closed within a message");
	if (result == -FAILURE_CANCELLED)
		return fail(failure, FAILURE_CANCELLED, "the peer closed the channel");
	if (result == -FAILURE_TIMEOUT)
		return fail(failure, FAILURE_TIMEOUT, "no message in time");
	return fail_errno(failure, "receiving a message");
}

int message_await(int channel, int timeout_ms, struct failure *failure)
{
	int result = wait_for(channel, POLLIN, clock_deadline(timeout_ms));

	return result < 0 ? describe(result, 0, failure) : 0;
}

int message_receive(int channel, int timeout_ms, struct message **ret, struct failure *failure)
{
	int64_t deadline = clock_deadline(timeout_ms);
	unsigned char *frame = NULL, opening[FORMAT_HEADER];
	size_t got = 0, length, whole;
	int result;

	result = receive_all(channel, opening, FORMAT_LENGTH, deadline, &got);
	if (result < 0)
		return describe(result, got, failure);
	length = (size_t)format_get_number(opening, FORMAT_LENGTH);
	if (length < 1 || length > MESSAGE_MAX)
		return fail(failure, FAILURE_PROTOCOL, "a message of %zu bytes", length);
	/* Its type says what kind of memory it needs. */
	result = receive_all(channel, opening + FORMAT_LENGTH, 1, deadline, &got);
	if (result < 0)
		return describe(result, 1, failure);
	whole = FORMAT_LENGTH + length;
	frame = format_allocate(opening[FORMAT_LENGTH], whole);
	if (frame == NULL)
		return fail_errno(failure, "no memory for a message");
	memcpy(frame, opening, sizeof(opening));
	result = receive_all(channel, frame + FORMAT_HEADER, whole - FORMAT_HEADER, deadline, &got);
	if (result < 0)
		result = describe(result, 1, failure);
	else
		result = message_decode(frame, whole, ret, failure);
	format_release(opening[FORMAT_LENGTH], frame, whole);
	return result;
}
