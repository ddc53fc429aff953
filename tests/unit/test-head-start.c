/* SPDX-License-Identifier: MIT */
/* A connection that is made beforehand keeps the promises of helper/ca/head_start.h. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper/ca/head_start.h"

#include <cmocka.h>

enum { TEXT_MAX = 256 };

static struct {
	int listener;
	struct sockaddr_in at;
	char url[TEXT_MAX];
	struct config_ca settings;
} server;

static int start_server(void **state)
{
	socklen_t length = sizeof(server.at);

	(void)state;
	server.at = (struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	server.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server.listener, (struct sockaddr *)&server.at, length), 0);
	assert_int_equal(listen(server.listener, 4), 0);
	assert_int_equal(getsockname(server.listener, (struct sockaddr *)&server.at, &length), 0);
	snprintf(server.url, sizeof(server.url), "https://127.0.0.1:%u/est",
		 ntohs(server.at.sin_port));
	server.settings = (struct config_ca){.url = server.url};
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	close(server.listener);
	return 0;
}

static bool arrives(struct head_start *start, const char *url)
{
	char entry[TEXT_MAX], name[TEXT_MAX], wanted[TEXT_MAX];

	if (!head_start_arrived(start, url, entry, name, TEXT_MAX))
		return false;
	snprintf(wanted, sizeof(wanted), "127.0.0.1:%u", ntohs(server.at.sin_port));
	assert_string_equal(name, wanted);
	snprintf(wanted, sizeof(wanted), "127.0.0.1:%u:127.0.0.1", ntohs(server.at.sin_port));
	assert_string_equal(entry, wanted);
	return true;
}

static int take(struct head_start *start, in_port_t port)
{
	struct sockaddr_in to = server.at;

	to.sin_port = port;
	return head_start_take(start, (struct sockaddr *)&to, sizeof(to));
}

static void the_connection_is_there_and_nothing_was_sent(void **state)
{
	struct head_start *start = head_start_begin(&server.settings);
	struct pollfd readable = {.events = POLLIN};
	int ours, theirs = accept(server.listener, NULL, NULL);

	(void)state;
	assert_non_null(start);
	assert_true(theirs >= 0);
	assert_true(arrives(start, server.url));
	assert_int_equal(take(start, (in_port_t)~server.at.sin_port), -1);
	ours = take(start, server.at.sin_port);
	assert_true(ours >= 0);
	assert_int_equal(take(start, server.at.sin_port), -1);
	head_start_end(start);
	readable.fd = theirs;
	assert_int_equal(poll(&readable, 1, 0), 0);
	assert_int_equal(write(ours, "x", 1), 1);
	assert_int_equal(poll(&readable, 1, 5000), 1);
	close(ours);
	close(theirs);
}

static void one_that_is_not_taken_is_closed(void **state)
{
	struct head_start *start = head_start_begin(&server.settings);
	int theirs = accept(server.listener, NULL, NULL);
	char byte;

	(void)state;
	assert_true(arrives(start, server.url));
	head_start_end(start);
	assert_int_equal(read(theirs, &byte, 1), 0);
	close(theirs);
}

static void one_that_the_server_has_closed_is_none(void **state)
{
	struct head_start *start = head_start_begin(&server.settings);

	(void)state;
	close(accept(server.listener, NULL, NULL));
	assert_false(arrives(start, server.url));
	assert_int_equal(take(start, server.at.sin_port), -1);
	head_start_end(start);
}

static void it_is_for_its_own_server(void **state)
{
	struct head_start *start = head_start_begin(&server.settings);

	(void)state;
	assert_false(arrives(start, "https://127.0.0.2/est"));
	assert_true(arrives(start, server.url));
	head_start_end(start);
}

static void where_nobody_listens_there_is_none(void **state)
{
	struct head_start *start;

	(void)state;
	close(server.listener);
	start = head_start_begin(&server.settings);
	assert_non_null(start);
	assert_false(arrives(start, server.url));
	head_start_end(start);
}

static void through_a_proxy_there_is_none(void **state)
{
	char *environment[] = {(char[]){"https_proxy=http://127.0.0.1:1"}, NULL};

	(void)state;
	server.settings.environment = environment;
	assert_null(head_start_begin(&server.settings));
	server.settings.environment = NULL;
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	assert_null(head_start_begin(&server.settings));
	unsetenv("all_proxy");
}

/* Whether connect(2) is to answer like one that waited: with the connection, at once. */
static bool connects_at_once;

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int flags = fcntl(fd, F_GETFL), result;

	if (!connects_at_once)
		return (int)syscall(SYS_connect, fd, address, length);
	fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	result = (int)syscall(SYS_connect, fd, address, length);
	fcntl(fd, F_SETFL, flags);
	return result;
}

/* Nobody could take it over by connect(2), which has said all that it has to say. */
static void one_that_connect_has_spoken_of_is_none(void **state)
{
	struct head_start *start;
	int theirs;

	(void)state;
	connects_at_once = true;
	start = head_start_begin(&server.settings);
	theirs = accept(server.listener, NULL, NULL);
	assert_true(theirs >= 0);
	assert_false(arrives(start, server.url));
	connects_at_once = false;
	head_start_end(start);
	close(theirs);
}

static void it_may_be_given_up_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		head_start_end(head_start_begin(&server.settings));
	head_start_end(NULL);
}

#define PROMISE(test) cmocka_unit_test_setup_teardown(test, start_server, stop_server)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(the_connection_is_there_and_nothing_was_sent),
	    PROMISE(one_that_is_not_taken_is_closed),
	    PROMISE(one_that_the_server_has_closed_is_none),
	    PROMISE(it_is_for_its_own_server),
	    PROMISE(where_nobody_listens_there_is_none),
	    PROMISE(through_a_proxy_there_is_none),
	    PROMISE(one_that_connect_has_spoken_of_is_none),
	    PROMISE(it_may_be_given_up_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
