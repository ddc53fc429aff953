/* SPDX-License-Identifier: MIT */
#include "helper/ca/head_start.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper/ca/http_url.h"
#include "helper/common/clock.h"

/*
 * Milliseconds. A person types a PIN within the first of them, and no server or firewall gives up a
 * connection sooner; a name server and a handshake take less than the second, which is what is lost
 * where they do not; the third is the thread's own limit for each address.
 */
enum { AGE_MAX = 30 * 1000, GRACE = 250, CONNECT_MAX = 10 * 1000 };

enum { ADDRESSES_MAX = 4 };

/* The thread and who began it hold it; the last one frees it. */
struct head_start {
	pthread_mutex_t lock;
	pthread_cond_t done_changed;
	bool done;	/* the thread has nothing more to say */
	bool abandoned; /* nobody will take what it finds */
	bool ended;	/* one of the two holders is gone */
	char *url, *host, *port;
	int fd; /* -1: none */
	int64_t deadline;
	struct sockaddr_storage address;
	socklen_t address_length;
};

static void free_start(struct head_start *start)
{
	if (start->fd >= 0)
		close(start->fd);
	pthread_cond_destroy(&start->done_changed);
	pthread_mutex_destroy(&start->lock);
	free(start->url);
	free(start->host);
	free(start->port);
	free(start);
}

static void let_go(struct head_start *start)
{
	bool last;

	pthread_mutex_lock(&start->lock);
	last = start->ended;
	start->ended = true;
	pthread_mutex_unlock(&start->lock);
	if (last)
		free_start(start);
}

/* --- the thread ---------------------------------------------------------------------------- */

static bool is_wanted(struct head_start *start)
{
	bool wanted;

	pthread_mutex_lock(&start->lock);
	wanted = !start->abandoned;
	pthread_mutex_unlock(&start->lock);
	return wanted;
}

/* A descriptor that is connected, or -1. The first connect(2) has not said so yet: the second one,
 * which does, is libcurl's (http_ahead.c). */
static int connect_to(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	int error = 0;
	socklen_t size = sizeof(error);

	if (fd < 0)
		return -1;
	if (connect(fd, to->ai_addr, to->ai_addrlen) < 0 && errno == EINPROGRESS &&
	    poll(&writable, 1, CONNECT_MAX) == 1 &&
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
		return fd;
	close(fd);
	return -1;
}

static void say_done(struct head_start *start, int fd, const struct addrinfo *at)
{
	pthread_mutex_lock(&start->lock);
	if (fd >= 0) {
		start->fd = fd;
		start->deadline = clock_deadline(AGE_MAX);
		memcpy(&start->address, at->ai_addr, at->ai_addrlen);
		start->address_length = at->ai_addrlen;
	}
	start->done = true;
	pthread_cond_signal(&start->done_changed);
	pthread_mutex_unlock(&start->lock);
}

static void *go(void *context)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct head_start *start = context;
	struct addrinfo *found = NULL, *at = NULL;
	int fd = -1;

	if (getaddrinfo(start->host, start->port, &hints, &found) == 0)
		at = found;
	for (int i = 0; at != NULL && i < ADDRESSES_MAX && is_wanted(start); i++) {
		fd = connect_to(at);
		if (fd >= 0)
			break;
		at = at->ai_next;
	}
	say_done(start, fd, at);
	if (found != NULL)
		freeaddrinfo(found);
	let_go(start);
	return NULL;
}

/* Signals are the main thread's. */
static bool start_thread(struct head_start *start)
{
	sigset_t all, before;
	pthread_t thread;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&thread, NULL, go, start) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (started)
		pthread_detach(thread);
	return started;
}

/* --- who began it -------------------------------------------------------------------------- */

static bool goes_through_proxy(const struct config_ca *settings)
{
	static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
					    "ALL_PROXY"};

	if (settings->environment != NULL && *settings->environment != NULL)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (getenv(names[i]) != NULL)
			return true;
	return false;
}

struct head_start *head_start_begin(const struct config_ca *settings)
{
	struct head_start *start;
	pthread_condattr_t monotonic;

	if (goes_through_proxy(settings))
		return NULL;
	start = calloc(1, sizeof(*start));
	if (start == NULL)
		return NULL;
	start->fd = -1;
	pthread_mutex_init(&start->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&start->done_changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	start->url = strdup(settings->url);
	if (start->url == NULL || !http_url_place(settings->url, &start->host, &start->port) ||
	    !start_thread(start)) {
		free_start(start);
		return NULL;
	}
	return start;
}

/* Nothing has come on it, not even its end. */
static bool is_alive(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
	       (errno == EAGAIN || errno == EWOULDBLOCK);
}

static void wait_a_moment(struct head_start *start)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += GRACE * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	while (!start->done &&
	       pthread_cond_timedwait(&start->done_changed, &start->lock, &until) == 0)
		;
}

static bool tell(const struct head_start *start, char *ret_entry, char *ret_name, size_t size)
{
	char address[INET6_ADDRSTRLEN] = "";
	const struct sockaddr_in *four = (const struct sockaddr_in *)&start->address;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&start->address;
	bool is_six = start->address.ss_family == AF_INET6;

	if (inet_ntop(start->address.ss_family,
		      is_six ? (const void *)&six->sin6_addr : &four->sin_addr, address,
		      sizeof(address)) == NULL)
		return false;
	return (size_t)snprintf(ret_name, size, "%s:%s", start->host, start->port) < size &&
	       (size_t)snprintf(ret_entry, size, is_six ? "%s:[%s]" : "%s:%s", ret_name, address) <
		   size;
}

bool head_start_arrived(struct head_start *start, const char *url, char *ret_entry, char *ret_name,
			size_t size)
{
	bool arrived;

	if (start == NULL || !http_url_same_origin(start->url, url))
		return false;
	pthread_mutex_lock(&start->lock);
	wait_a_moment(start);
	arrived = start->fd >= 0 && clock_left(start->deadline) > 0 && is_alive(start->fd) &&
		  tell(start, ret_entry, ret_name, size);
	if (!arrived && start->fd >= 0) {
		close(start->fd);
		start->fd = -1;
	}
	start->abandoned = !arrived;
	pthread_mutex_unlock(&start->lock);
	return arrived;
}

static bool same_address(const struct head_start *start, const struct sockaddr *address,
			 socklen_t length)
{
	const struct sockaddr_in *our_four = (const struct sockaddr_in *)&start->address;
	const struct sockaddr_in6 *our_six = (const struct sockaddr_in6 *)&start->address;
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family != start->address.ss_family)
		return false;
	if (address->sa_family == AF_INET && length >= sizeof(four)) {
		memcpy(&four, address, sizeof(four));
		return four.sin_port == our_four->sin_port &&
		       four.sin_addr.s_addr == our_four->sin_addr.s_addr;
	}
	if (address->sa_family != AF_INET6 || length < sizeof(six))
		return false;
	memcpy(&six, address, sizeof(six));
	return six.sin6_port == our_six->sin6_port &&
	       memcmp(&six.sin6_addr, &our_six->sin6_addr, sizeof(six.sin6_addr)) == 0;
}

int head_start_take(struct head_start *start, const struct sockaddr *address, socklen_t length)
{
	int fd = -1;

	if (start == NULL)
		return -1;
	pthread_mutex_lock(&start->lock);
	if (start->fd >= 0 && same_address(start, address, length)) {
		fd = start->fd;
		start->fd = -1;
	}
	pthread_mutex_unlock(&start->lock);
	return fd;
}

void head_start_end(struct head_start *start)
{
	if (start == NULL)
		return;
	pthread_mutex_lock(&start->lock);
	start->abandoned = true;
	pthread_mutex_unlock(&start->lock);
	let_go(start);
}
