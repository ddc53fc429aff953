/* SPDX-License-Identifier: MIT */
/* Several connections at once, in one loop; what is carried is passed on at once. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/world/proxy/fault.h"

enum { RELAYS_MAX = 64, HELD_MAX = 1 << 18, CHUNK = 1 << 14 };
enum { CLIENT, RA }; /* the sides; what comes from a side goes this way: */

enum state { FREE, CARRIES, STALLED, DRAINS };

struct relay {
	enum state state;
	int side[2];   /* -1: closed */
	bool ended[2]; /* nothing more comes from there */
	bool speaks;   /* the client was the last to */
	bool held;     /* the fault's way is late */
	int64_t until; /* and comes on then */
	char *late;    /* what has come meanwhile */
	size_t late_length;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void fault_happens(struct line *line, int64_t at)
{
	if (!line->happened)
		fprintf(line->log, "fault %s %" PRId64 "\n",
			line->fault.way == WAY_UP ? "up" : "down", at);
	fflush(line->log);
	line->happened = true;
}

int relay_connect(const struct line *line)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(line->to),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void close_side(struct relay *relay, int side)
{
	if (relay->side[side] >= 0)
		close(relay->side[side]);
	relay->side[side] = -1;
}

static void release(struct relay *relay)
{
	close_side(relay, CLIENT);
	close_side(relay, RA);
	free(relay->late);
	*relay = (struct relay){.side = {-1, -1}};
}

static void reset_side(struct relay *relay, int side)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	setsockopt(relay->side[side], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close_side(relay, side);
}

static void give(struct relay *relay, int side, const char *data, size_t length)
{
	while (length > 0 && relay->side[side] >= 0) {
		ssize_t sent = send(relay->side[side], data, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		data += sent;
		length -= (size_t)sent;
	}
}

/* An end that both see after all that was carried; what they still send is read and thrown away,
 * as an unread rest would make the end a reset. */
static void end(struct relay *relay)
{
	relay->state = DRAINS;
	for (int side = CLIENT; side <= RA; side++)
		if (relay->side[side] >= 0)
			shutdown(relay->side[side], SHUT_WR);
}

static void hold(struct relay *relay, const char *data, size_t length)
{
	char *longer = realloc(relay->late, relay->late_length + length + 1);

	if (longer == NULL || relay->late_length + length > HELD_MAX)
		abort();
	memcpy(longer + relay->late_length, data, length);
	relay->late = longer;
	relay->late_length += length;
}

/* The fault, with what of this chunk came before it given already. */
static void strike(struct line *line, struct relay *relay, int to, const char *before, size_t given,
		   const char *rest, size_t length)
{
	const struct fault *fault = &line->fault;
	size_t bytes = (size_t)fault->bytes;

	fault_happens(line, line->carried[fault->way]);
	switch (fault->kind) {
	case FAULT_CLOSE:
		end(relay);
		return;
	case FAULT_RESET:
		reset_side(relay, CLIENT);
		end(relay);
		return;
	case FAULT_STALL:
		relay->state = STALLED;
		return;
	case FAULT_LATE:
		relay->held = true;
		relay->until = now_ms() + fault->delay;
		hold(relay, rest, length);
		return;
	case FAULT_DUPLICATE:
		bytes = bytes < given ? bytes : given;
		give(relay, to, before + given - bytes, bytes);
		give(relay, to, rest, length);
		return;
	case FAULT_DROP:
		bytes = bytes < length ? bytes : length;
		give(relay, to, rest + bytes, length - bytes);
		return;
	default:
		return;
	}
}

static void carry(struct line *line, struct relay *relay, int from, const char *data, size_t length)
{
	enum way way = from == CLIENT ? WAY_UP : WAY_DOWN;
	const struct fault *fault = &line->fault;
	bool struck = fault->way == way && fault->kind != FAULT_NONE;
	int64_t left = fault->at - line->carried[way];
	int to = from == CLIENT ? RA : CLIENT;

	if (way == WAY_UP && !relay->speaks)
		line->turns++;
	relay->speaks = way == WAY_UP;
	if (struck && relay->held) {
		hold(relay, data, length);
		return;
	}
	if (!struck || line->happened || left >= (int64_t)length) {
		give(relay, to, data, length);
		line->carried[way] += (int64_t)length;
		return;
	}
	give(relay, to, data, (size_t)left);
	line->carried[way] += left;
	strike(line, relay, to, data, (size_t)left, data + left, length - (size_t)left);
}

static void read_side(struct line *line, struct relay *relay, int side)
{
	char chunk[CHUNK];
	ssize_t length = recv(relay->side[side], chunk, sizeof chunk, 0);
	int other = side == CLIENT ? RA : CLIENT;

	if (length > 0) {
		if (relay->state == CARRIES)
			carry(line, relay, side, chunk, (size_t)length);
		return;
	}
	relay->ended[side] = true;
	if (relay->held)
		return;
	if (length < 0 && relay->side[other] >= 0 && relay->state == CARRIES)
		reset_side(relay, other);
	else if (relay->side[other] >= 0)
		shutdown(relay->side[other], SHUT_WR);
}

static bool is_over(const struct relay *relay)
{
	return !relay->held && (relay->side[CLIENT] < 0 || relay->ended[CLIENT]) &&
	       (relay->side[RA] < 0 || relay->ended[RA]);
}

static void let_go(struct line *line, struct relay *relay)
{
	int to = line->fault.way == WAY_UP ? RA : CLIENT, from = to == RA ? CLIENT : RA;

	relay->held = false;
	give(relay, to, relay->late, relay->late_length);
	line->carried[line->fault.way] += (int64_t)relay->late_length;
	relay->late_length = 0;
	if (relay->ended[from] && relay->side[to] >= 0)
		shutdown(relay->side[to], SHUT_WR);
}

/* --- the loop -------------------------------------------------------------------------------- */

static void take_in(struct line *line, struct relay *relays, int listener)
{
	int client = accept(listener, NULL, NULL);
	struct relay *relay = relays;

	if (client < 0)
		return;
	if (line->fault.kind == FAULT_REPEAT) {
		repeat_serve(line, client);
		return;
	}
	while (relay->state != FREE)
		if (++relay == relays + RELAYS_MAX)
			abort();
	line->connections++;
	*relay = (struct relay){.state = CARRIES, .side = {client, relay_connect(line)}};
	if (relay->side[RA] < 0)
		release(relay);
	else if (line->happened && line->fault.for_good)
		strike(line, relay, RA, "", 0, "", 0);
}

/* A stalled client is waited for only to go: what it says stays unread. */
static short wanted(const struct relay *relay, int side)
{
	if (relay->side[side] < 0 || relay->ended[side])
		return 0;
	return relay->state == STALLED ? POLLRDHUP : POLLIN;
}

static int fill(struct relay *relays, struct pollfd *polls)
{
	int64_t least = -1, left;

	for (int i = 0; i < RELAYS_MAX; i++) {
		struct relay *relay = &relays[i];

		for (int side = CLIENT; side <= RA; side++) {
			short events = relay->state == FREE ? 0 : wanted(relay, side);

			polls[2 * i + side] = (struct pollfd){
			    .fd = events == 0 ? -1 : relay->side[side], .events = events};
		}
		left = relay->until - now_ms();
		if (relay->held && (least < 0 || left < least))
			least = left < 0 ? 0 : left;
	}
	return (int)least;
}

static void turn(struct line *line, struct relay *relay, const struct pollfd *polls)
{
	for (int side = CLIENT; side <= RA; side++) {
		if (polls[side].revents == 0 || relay->side[side] < 0)
			continue;
		if (relay->state == STALLED && side == CLIENT) {
			release(relay);
			return;
		}
		if (relay->state == STALLED)
			relay->ended[side] = true;
		else
			read_side(line, relay, side);
	}
	if (relay->held && relay->until <= now_ms())
		let_go(line, relay);
	if (is_over(relay))
		release(relay);
}

/* What is late still gets there, and the RA has done its work by then. */
static void finish(struct line *line, struct relay *relays)
{
	for (int i = 0; i < RELAYS_MAX; i++) {
		struct relay *relay = &relays[i];
		struct pollfd poll_ra = {relay->side[RA], POLLIN, 0};
		char chunk[CHUNK];

		if (!relay->held)
			continue;
		let_go(line, relay);
		if (relay->side[RA] < 0 || line->fault.way == WAY_DOWN)
			continue;
		shutdown(relay->side[RA], SHUT_WR);
		while (poll(&poll_ra, 1, 1000) == 1 && recv(poll_ra.fd, chunk, sizeof chunk, 0) > 0)
			;
	}
}

void relay_serve(struct line *line, int listener)
{
	struct relay relays[RELAYS_MAX];
	struct pollfd polls[2 * RELAYS_MAX + 2];
	sigset_t ends;

	for (int i = 0; i < RELAYS_MAX; i++)
		relays[i] = (struct relay){.side = {-1, -1}};
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	polls[2 * RELAYS_MAX] = (struct pollfd){listener, POLLIN, 0};
	polls[2 * RELAYS_MAX + 1] = (struct pollfd){signalfd(-1, &ends, SFD_CLOEXEC), POLLIN, 0};
	for (;;) {
		int left = fill(relays, polls);

		if (poll(polls, 2 * RELAYS_MAX + 2, left) < 0 && errno != EINTR)
			return;
		if (polls[2 * RELAYS_MAX + 1].revents != 0) {
			finish(line, relays);
			return;
		}
		for (int i = 0; i < RELAYS_MAX; i++)
			if (relays[i].state != FREE)
				turn(line, &relays[i], &polls[2 * i]);
		if (polls[2 * RELAYS_MAX].revents != 0)
			take_in(line, relays, listener);
	}
}
