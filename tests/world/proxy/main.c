/* SPDX-License-Identifier: MIT */
/* test-proxy: the options, the listening socket, and how much was carried. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/world/proxy/fault.h"

static const char help[] =
    "test-proxy --to PORT --log FILE [option...]: carries connections to 127.0.0.1:PORT, until\n"
    "SIGTERM\n"
    "  --log FILE            'fault up|down N' once it has happened; at the end 'carried UP DOWN\n"
    "                        requests N connections N turns N': bytes, requests (of repeat), and\n"
    "                        how often the RA was spoken to anew\n"
    "  --port N              0, the default: any that is free\n"
    "  --port-file FILE      holds the port's number, once it listens\n"
    "  --on ADDRESS          127.0.0.1; or ::1\n"
    "  --fault NAME          close reset stall late duplicate drop repeat full\n"
    "  --way up|down         to the RA, or from it\n"
    "  --at N                after so many bytes that way; for repeat: request number N\n"
    "  --bytes N             how many are duplicated or dropped; 16\n"
    "  --delay MILLISECONDS  how late; by default it comes when the proxy is ended\n"
    "  --for-good            later connections are no better\n"
    "  --second-answer       of a repeated request the second answer is passed on\n";

static const char *const names[] = {
    [FAULT_NONE] = "none",   [FAULT_CLOSE] = "close",	[FAULT_RESET] = "reset",
    [FAULT_STALL] = "stall", [FAULT_LATE] = "late",	[FAULT_DUPLICATE] = "duplicate",
    [FAULT_DROP] = "drop",   [FAULT_REPEAT] = "repeat", [FAULT_FULL] = "full",
};

struct options {
	struct line line;
	const char *address, *port_file, *log;
	uint16_t port;
};

static int parse_number(const char *text, int64_t *ret)
{
	char *end;
	long long number = strtoll(text, &end, 10);

	if (end == text || *end != '\0' || number < 0)
		return -1;
	*ret = number;
	return 0;
}

static int parse_port(const char *text, uint16_t *ret)
{
	int64_t port;

	if (parse_number(text, &port) < 0 || port > UINT16_MAX)
		return -1;
	*ret = (uint16_t)port;
	return 0;
}

static int parse_kind(const char *text, enum fault_kind *ret)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], text) == 0) {
			*ret = (enum fault_kind)i;
			return 0;
		}
	}
	return -1;
}

static int take_option(int option, struct options *options)
{
	struct fault *fault = &options->line.fault;

	switch (option) {
	case 't':
		return parse_port(optarg, &options->line.to);
	case 'l':
		options->log = optarg;
		return 0;
	case 'p':
		return parse_port(optarg, &options->port);
	case 'f':
		options->port_file = optarg;
		return 0;
	case 'o':
		options->address = optarg;
		return 0;
	case 'k':
		return parse_kind(optarg, &fault->kind);
	case 'w':
		fault->way = strcmp(optarg, "down") == 0 ? WAY_DOWN : WAY_UP;
		return strcmp(optarg, "down") == 0 || strcmp(optarg, "up") == 0 ? 0 : -1;
	case 'a':
		return parse_number(optarg, &fault->at);
	case 'b':
		return parse_number(optarg, &fault->bytes);
	case 'd':
		return parse_number(optarg, &fault->delay);
	case 'g':
		fault->for_good = true;
		return 0;
	case 's':
		fault->second_answer = true;
		return 0;
	default:
		return -1;
	}
}

static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option table[] = {
	    {"to", required_argument, NULL, 't'},
	    {"log", required_argument, NULL, 'l'},
	    {"port", required_argument, NULL, 'p'},
	    {"port-file", required_argument, NULL, 'f'},
	    {"on", required_argument, NULL, 'o'},
	    {"fault", required_argument, NULL, 'k'},
	    {"way", required_argument, NULL, 'w'},
	    {"at", required_argument, NULL, 'a'},
	    {"bytes", required_argument, NULL, 'b'},
	    {"delay", required_argument, NULL, 'd'},
	    {"for-good", no_argument, NULL, 'g'},
	    {"second-answer", no_argument, NULL, 's'},
	    {0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (take_option(option, options) < 0)
			return -1;
	return argc != optind || options->line.to == 0 || !options->log ? -1 : 0;
}

struct place {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	};
	socklen_t length;
};

static int read_place(const char *name, uint16_t port, struct place *ret)
{
	*ret = (struct place){.length = sizeof ret->four};
	ret->four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	if (inet_pton(AF_INET, name, &ret->four.sin_addr) == 1)
		return 0;
	*ret = (struct place){.length = sizeof ret->six};
	ret->six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
	return inet_pton(AF_INET6, name, &ret->six.sin6_addr) == 1 ? 0 : -1;
}

static int listen_on(const char *name, uint16_t *port, int backlog)
{
	struct place place;
	int listener = -1, one = 1;

	if (read_place(name, *port, &place) == 0)
		listener = socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
	    bind(listener, &place.any, place.length) < 0 || listen(listener, backlog) < 0 ||
	    getsockname(listener, &place.any, &place.length) < 0) {
		perror(name);
		return -1;
	}
	*port = ntohs(place.any.sa_family == AF_INET ? place.four.sin_port : place.six.sin6_port);
	return listener;
}

/* Whoever connects from here on waits for an answer to his SYN: the queue is full of ours. */
static void fill_queue(const char *name, uint16_t port)
{
	struct place place;

	(void)read_place(name, port, &place);
	for (int i = 0; i < 4; i++) {
		int one =
		    socket(place.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		(void)connect(one, &place.any, place.length);
	}
}

/* By renaming, so that a reader sees no number or the whole one. */
static int write_port(const char *path, uint16_t port)
{
	char aside[PATH_MAX];

	snprintf(aside, sizeof aside, "%s.new", path);
	FILE *file = fopen(aside, "we");
	if (!file || fprintf(file, "%" PRIu16 "\n", port) < 0 || fclose(file) != 0 ||
	    rename(aside, path) < 0) {
		perror(path);
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options options = {
	    .line.fault = {.bytes = 16, .delay = INT_MAX},
	    .address = "127.0.0.1",
	};
	struct line *line = &options.line;

	if (parse_options(argc, argv, &options) < 0) {
		fputs(help, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	line->log = fopen(options.log, "ae");
	if (!line->log) {
		perror(options.log);
		return 1;
	}
	bool full = line->fault.kind == FAULT_FULL;
	int listener = listen_on(options.address, &options.port, full ? 0 : 64);
	if (listener < 0 ||
	    (options.port_file && !full && write_port(options.port_file, options.port) < 0))
		return 1;
	if (full) {
		fill_queue(options.address, options.port);
		fault_happens(line, 0);
		if (options.port_file && write_port(options.port_file, options.port) < 0)
			return 1;
		pause();
		return 0;
	}
	relay_serve(line, listener);
	fprintf(line->log,
		"carried %" PRId64 " %" PRId64 " requests %" PRId64 " connections %" PRId64
		" turns %" PRId64 "\n",
		line->carried[WAY_UP], line->carried[WAY_DOWN], line->requests, line->connections,
		line->turns);
	fclose(line->log);
	return 0;
}
