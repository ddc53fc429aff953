/* SPDX-License-Identifier: MIT */
/* What a server answers to StartTLS, before TLS begins. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/ca/ldap_starttls.h"
#include "helper/common/clock.h"
#include "tests/unit/unit.h"

#define RESPONSE(code) "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01" code "\x04\x00\x04\x00"

struct server {
	struct sockaddr_in address;
	int listener;
	pid_t pid;
};

/* Takes one connection, reads the request, writes `answer` in two pieces, and waits. */
static void serve(struct server *server, const char *answer, size_t length)
{
	socklen_t size = sizeof(server->address);

	server->address =
	    (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    bind(server->listener, (struct sockaddr *)&server->address, sizeof(server->address)),
	    0);
	assert_int_equal(listen(server->listener, 1), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&server->address, &size),
			 0);
	server->pid = fork();
	if (server->pid == 0) {
		char request[31];
		int connection = accept(server->listener, NULL, NULL);

		if (recv(connection, request, sizeof(request), MSG_WAITALL) != 31)
			_exit(1);
		if (length > 0 && send(connection, answer, length, MSG_NOSIGNAL) < 0)
			_exit(1);
		pause();
	}
}

static void end(struct server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	close(server->listener);
}

static struct ldap_starttls ask(const char *answer, size_t length, int64_t timeout_ms,
				bool *ret_open)
{
	struct ldap_starttls starttls = {.deadline = clock_deadline(timeout_ms)};
	struct curl_sockaddr address = {
	    .family = AF_INET, .socktype = SOCK_STREAM, .addrlen = sizeof(struct sockaddr_in)};
	struct server server;
	curl_socket_t fd;

	serve(&server, answer, length);
	memcpy(&address.addr, &server.address, sizeof(server.address));
	fd = ldap_starttls_open(&starttls, CURLSOCKTYPE_IPCXN, &address);
	*ret_open = fd != CURL_SOCKET_BAD;
	if (*ret_open)
		close(fd);
	end(&server);
	return starttls;
}

#define ASK(answer, timeout, open) ask(answer, sizeof(answer) - 1, timeout, open)

static void a_yes_opens_the_way(void **state)
{
	bool open = false;

	(void)state;
	ASK(RESPONSE("\x00"), 5000, &open);
	assert_true(open);
	/* Lengths in the long form, as Active Directory writes them, and its responseName. */
	ASK("\x30\x84\x00\x00\x00\x28\x02\x01\x01\x78\x84\x00\x00\x00\x1f\x0a\x01\x00\x04\x00\x04"
	    "\x00"
	    "\x8a\x16"
	    "1.3.6.1.4.1.1466.20037",
	    5000, &open);
	assert_true(open);
}

static void anything_else_is_a_no(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} examples[] = {
#define EXAMPLE(text) {text, sizeof(text) - 1}
	    EXAMPLE(RESPONSE("\x01")),
	    EXAMPLE(RESPONSE("\x02")),
	    EXAMPLE(RESPONSE("\x00") "X"), /* something follows in clear text */
	    EXAMPLE(RESPONSE("\x00") RESPONSE("\x00")),
	    EXAMPLE("\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00\x04\x00"), /* messageID 2 */
	    EXAMPLE("\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"), /* a bind's */
	    EXAMPLE("\x30\x03\x02\x01\x01"),
	    EXAMPLE("\x30\x84\xff\xff\xff\xff"),
	    EXAMPLE("\x30\x80\x00"),
	    EXAMPLE("HTTP/1.1 400 Bad Request\r\n\r\n"),
#undef EXAMPLE
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		bool open = true;
		struct ldap_starttls starttls =
		    ask(examples[i].bytes, examples[i].length, 5000, &open);

		if (open || !starttls.refused)
			fail_msg("example %zu", i);
	}
}

static void silence_ends_in_time(void **state)
{
	static const char *const halves[] = {"", "\x30", "\x30\x0c\x02\x01"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(halves); i++) {
		bool open = true;
		struct ldap_starttls starttls = ask(halves[i], strlen(halves[i]), 100, &open);

		assert_false(open);
		assert_true(starttls.timed_out);
		assert_false(starttls.refused);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_yes_opens_the_way),
	    cmocka_unit_test(anything_else_is_a_no),
	    cmocka_unit_test(silence_ends_in_time),
	};

	return cmocka_run_group_tests_name("ldap-starttls", tests, NULL, NULL);
}
