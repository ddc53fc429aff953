/* SPDX-License-Identifier: MIT */
#include "helper/ca/ldap_starttls.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/clock.h"

/* LDAPMessage { messageID 1, extendedReq { requestName 1.3.6.1.4.1.1466.20037 } } */
static const unsigned char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				       "1.3.6.1.4.1.1466.20037";

enum { REQUEST_LENGTH = sizeof(request) - 1, RESPONSE_MAX = 1024 };

static bool wait_for(struct ldap_starttls *starttls, int fd, short events)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	int n;

	do {
		n = poll(&poll_fd, 1, clock_left(starttls->deadline));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		starttls->timed_out = true;
	return n > 0;
}

static bool connect_in_time(struct ldap_starttls *starttls, int fd,
			    const struct curl_sockaddr *address)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (connect(fd, &address->addr, address->addrlen) == 0)
		return true;
	return errno == EINPROGRESS && wait_for(starttls, fd, POLLOUT) &&
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

/*
 * How long the message is that begins here, with its tag and length; 0 while that cannot be said,
 * -1 for what is none of ours. Servers write short lengths in the long form too.
 */
static int message_length(const unsigned char *bytes, size_t count)
{
	size_t length = 0, octets;

	if (count < 2)
		return 0;
	if (bytes[0] != 0x30)
		return -1;
	if (bytes[1] < 0x80)
		return 2 + bytes[1];
	octets = bytes[1] & 0x7f;
	if (octets == 0 || octets > 4)
		return -1;
	if (count < 2 + octets)
		return 0;
	for (size_t i = 0; i < octets; i++)
		length = length << 8 | bytes[2 + i];
	return length > RESPONSE_MAX ? -1 : (int)(2 + octets + length);
}

/* messageID 1, extendedResp with resultCode success. */
static bool says_yes(const unsigned char *bytes, int length)
{
	int at = bytes[1] < 0x80 ? 2 : 2 + (bytes[1] & 0x7f);
	int left = length - at;

	if (left < 8 || memcmp(bytes + at, "\x02\x01\x01\x78", 4) != 0)
		return false;
	at += 4;
	at += bytes[at] < 0x80 ? 1 : 1 + (bytes[at] & 0x7f);
	return at + 3 <= length && memcmp(bytes + at, "\x0a\x01\x00", 3) == 0;
}

enum starttls_answer ldap_starttls_judge(const unsigned char *bytes, size_t count)
{
	int length = message_length(bytes, count);

	if (length == 0 || (length > 0 && count < (size_t)length))
		return STARTTLS_UNFINISHED;
	return length > 0 && count == (size_t)length && says_yes(bytes, length) ? STARTTLS_YES
										: STARTTLS_NO;
}

static bool read_answer(struct ldap_starttls *starttls, int fd)
{
	unsigned char bytes[RESPONSE_MAX + 16];
	enum starttls_answer answer = STARTTLS_UNFINISHED;
	size_t used = 0;

	while (answer == STARTTLS_UNFINISHED) {
		ssize_t n;

		if (used == sizeof(bytes) || !wait_for(starttls, fd, POLLIN))
			return false;
		n = recv(fd, bytes + used, sizeof(bytes) - used, 0);
		if (n <= 0)
			return false;
		used += (size_t)n;
		answer = ldap_starttls_judge(bytes, used);
	}
	starttls->refused = answer == STARTTLS_NO;
	return !starttls->refused;
}

static bool ask(struct ldap_starttls *starttls, int fd)
{
	/* So few bytes always fit into the buffer of a new connection. */
	return send(fd, request, REQUEST_LENGTH, MSG_NOSIGNAL) == REQUEST_LENGTH &&
	       read_answer(starttls, fd);
}

curl_socket_t ldap_starttls_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct ldap_starttls *starttls = context;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			address->protocol);

	(void)purpose;
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (!connect_in_time(starttls, fd, address) || !ask(starttls, fd)) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd;
}

int ldap_starttls_set(void *context, curl_socket_t socket, curlsocktype purpose)
{
	(void)context;
	(void)socket;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}
