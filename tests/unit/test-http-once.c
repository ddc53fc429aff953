/* SPDX-License-Identifier: MIT */
/* A server that answers once on a connection, and then does as each test has it do. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/ca/http.h"

#include <cmocka.h>

static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static struct server {
	pid_t pid;
	char url[64];
	int *requests; /* shared: how many came, each on whatever connection */
} server;

/* A GET, or a POST of 4 bytes; false once there is none any more. */
static bool take_request(int connection)
{
	char text[4096];
	size_t used = 0;
	ssize_t more;

	do {
		more = recv(connection, text + used, sizeof(text) - 1 - used, 0);
		if (more <= 0)
			return false;
		used += (size_t)more;
		text[used] = '\0';
	} while (strstr(text, text[0] == 'G' ? "\r\n\r\n" : "\r\n\r\nbody") == NULL);
	++*server.requests;
	return true;
}

static void serve(int listener, const char *second)
{
	for (;;) {
		int connection = accept(listener, NULL, NULL);

		if (take_request(connection))
			send(connection, whole, strlen(whole), MSG_NOSIGNAL);
		if (take_request(connection))
			send(connection, second, strlen(second), MSG_NOSIGNAL);
		close(connection);
	}
}

static void start(const char *second)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	server.requests =
	    mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(server.requests, MAP_FAILED);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%d/", ntohs(address.sin_port));
	server.pid = fork();
	assert_true(server.pid >= 0);
	if (server.pid == 0)
		serve(listener, second);
	close(listener);
}

static int stop(void **state)
{
	(void)state;
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
	munmap(server.requests, sizeof(int));
	return 0;
}

/* Both requests over one handle; the first one is answered. */
static int second_of(bool posts, struct failure *failure)
{
	const struct http_settings settings = {.url = server.url, .timeout = 5, .plain = true};
	const char *const headers[] = {NULL};
	struct http_answer answer = {0};
	struct http *http = NULL;
	int result;

	assert_int_equal(http_open_at(&settings, NULL, &http, failure), 0);
	assert_int_equal(http_get(http, server.url, &answer, failure), 0);
	http_answer_clear(&answer);
	result = posts ? http_post(http, server.url, headers, "body", 4, &answer, failure)
		       : http_get(http, server.url, &answer, failure);
	http_answer_clear(&answer);
	http_close(http);
	return result;
}

static void what_is_posted_is_not_sent_again_by_itself(void **state)
{
	struct failure failure = {0};

	(void)state;
	start("");
	assert_int_equal(second_of(true, &failure), -FAILURE_CA_UNREACHABLE);
	assert_int_equal(*server.requests, 2);
}

static void what_only_asks_is_sent_again(void **state)
{
	struct failure failure = {0};

	(void)state;
	start("");
	assert_int_equal(second_of(false, &failure), 0);
	assert_int_equal(*server.requests, 3);
}

static void a_post_is_answered_on_the_same_connection(void **state)
{
	struct failure failure = {0};

	(void)state;
	start(whole);
	assert_int_equal(second_of(true, &failure), 0);
	assert_int_equal(*server.requests, 2);
}

static void an_answer_that_breaks_off_in_its_header_is_none(void **state)
{
	static const char *const broken[] = {
	    "HTTP/1.1 200 OK\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct failure failure = {0};

		start(broken[i]);
		assert_int_equal(second_of(true, &failure), -FAILURE_CA_UNREACHABLE);
		assert_int_equal(*server.requests, 2);
		if (i + 1 < sizeof(broken) / sizeof(broken[0]))
			stop(state);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_posted_is_not_sent_again_by_itself),
	    TEST(what_only_asks_is_sent_again),
	    TEST(a_post_is_answered_on_the_same_connection),
	    TEST(an_answer_that_breaks_off_in_its_header_is_none),
	};

	return cmocka_run_group_tests_name("http-once", tests, NULL, NULL);
}
