/* SPDX-License-Identifier: MIT */
/* The way to the RA and who answers there; what it answers is test-est's. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "helper/ca/http.h"
#include "tests/unit/made.h"
#include "tests/unit/ra-host.h"

#include <cmocka.h>

static struct ra_host ra;
static struct ca_identity person;

#define START(...)     ra_host_start(&ra, (const char *const[]){__VA_ARGS__, NULL})
#define START_HONEST() ra_host_start(&ra, (const char *const[]){NULL})

/* GET /cacerts; the status, or the negative failure. */
static long ask(const struct ca_identity *identity, struct failure *failure)
{
	struct http_answer answer = {0};
	struct http *http = NULL;
	char url[160];
	long result = http_open(&ra.settings, identity, NULL, &http, failure);

	if (result < 0)
		return result;
	snprintf(url, sizeof(url), "%s/cacerts", ra.settings.url);
	result = http_get(http, url, &answer, failure);
	if (result == 0)
		result = answer.status;
	http_answer_clear(&answer);
	http_close(http);
	return result;
}

static void expect(const struct ca_identity *identity, enum failure_code code, const char *word)
{
	struct failure failure = {0};
	long result = ask(identity, &failure);

	if (result != -(long)code || strstr(failure.detail, word) == NULL)
		fail_msg("%ld, %s: %s", result, failure_name(failure.code), failure.detail);
}

static void an_honest_server_answers(void **state)
{
	(void)state;
	START_HONEST();
	assert_int_equal(ask(&person, NULL), 200);
	assert_int_equal(ask(NULL, NULL), 200);
	ra_host_stop(&ra);
}

/* --- who the server is --------------------------------------------------------------------- */

static void start_as(const char *server)
{
	char certificate[128], key[128];

	snprintf(certificate, sizeof(certificate), "%s/%s.pem", ra.folder, server);
	snprintf(key, sizeof(key), "%s/%s.key", ra.folder, server);
	START("--server-cert", certificate, "--server-key", key);
}

static void a_server_under_another_root_is_not_trusted(void **state)
{
	(void)state;
	start_as("rogue-server");
	expect(&person, FAILURE_CA_UNTRUSTED, "certificate");
	assert_int_equal(ra_host_count(&ra, "request"), 0);
	ra_host_stop(&ra);
}

static void a_server_with_an_expired_certificate_is_not_trusted(void **state)
{
	(void)state;
	start_as("expired-server");
	expect(&person, FAILURE_CA_UNTRUSTED, "expired");
	assert_int_equal(ra_host_count(&ra, "request"), 0);
	ra_host_stop(&ra);
}

static void a_server_under_another_name_is_not_trusted(void **state)
{
	char url[128];

	(void)state;
	START_HONEST();
	/* libcurl takes *.localhost for this machine without asking a resolver. */
	snprintf(url, sizeof(url), "https://other.localhost%s", strrchr(ra.url, ':'));
	ra.settings.url = url;
	expect(&person, FAILURE_CA_UNTRUSTED, "other.localhost");
	ra_host_stop(&ra);
}

/* --- which TLS ----------------------------------------------------------------------------- */

static void tls_1_2_and_1_3_are_spoken_and_1_1_is_not(void **state)
{
	static const struct {
		const char *priorities;
		long result;
	} examples[] = {
	    {"NORMAL:-VERS-ALL:+VERS-TLS1.3", 200},
	    {"NORMAL:-VERS-ALL:+VERS-TLS1.2", 200},
	    {"NORMAL:-VERS-ALL:+VERS-TLS1.1", -FAILURE_CA_UNREACHABLE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		START("--priorities", examples[i].priorities);
		assert_int_equal(ask(&person, NULL), examples[i].result);
		ra_host_stop(&ra);
	}
}

static void a_card_without_pss_speaks_tls_1_2_only(void **state)
{
	struct ca_identity old_card = person;

	(void)state;
	old_card.tls12_only = true;
	START("--priorities", "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_int_equal(ask(&old_card, NULL), 200);
	ra_host_stop(&ra);
	START("--priorities", "NORMAL:-VERS-ALL:+VERS-TLS1.3");
	assert_int_equal(ask(&old_card, NULL), -FAILURE_CA_UNREACHABLE);
	ra_host_stop(&ra);
}

/* --- who we are ---------------------------------------------------------------------------- */

static void a_key_that_does_not_sign_is_the_cards_failure(void **state)
{
	EVP_PKEY *public = made_public(person.key);
	struct ca_identity mute = {.certificate = person.certificate, .key = public};

	(void)state;
	START("--priorities", "NORMAL:-VERS-ALL:+VERS-TLS1.3");
	expect(&mute, FAILURE_CARD_ERROR, "");
	ra_host_stop(&ra);
	START("--priorities", "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	expect(&mute, FAILURE_CARD_ERROR, "");
	ra_host_stop(&ra);
	EVP_PKEY_free(public);
}

static void a_key_that_is_not_the_certificates_is_the_cards_failure(void **state)
{
	EVP_PKEY *another = made_key("P-256");
	struct ca_identity mixed = {.certificate = person.certificate, .key = another};

	(void)state;
	START_HONEST();
	expect(&mixed, FAILURE_CARD_ERROR, "key values mismatch");
	assert_int_equal(ra_host_count(&ra, "request"), 0);
	ra_host_stop(&ra);
	EVP_PKEY_free(another);
}

/* --- the way ------------------------------------------------------------------------------- */

/* A listener on loopback that the kernel answers for and nobody reads from. */
static int listen_silently(char *ret_url, size_t size)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(ret_url, size, "https://127.0.0.1:%d/est", ntohs(address.sin_port));
	return fd;
}

static void a_server_that_says_nothing_is_given_up_in_time(void **state)
{
	char url[64];
	int fd = listen_silently(url, sizeof(url));
	time_t begun = time(NULL);

	(void)state;
	ra.settings.url = url;
	ra.settings.timeout = 1;
	expect(&person, FAILURE_CA_TIMEOUT, "");
	assert_in_range(time(NULL) - begun, 0, 3);
	close(fd);
}

static void a_port_where_nobody_listens_is_unreachable(void **state)
{
	char url[64];
	int fd = listen_silently(url, sizeof(url));

	(void)state;
	close(fd);
	ra.settings.url = url;
	expect(&person, FAILURE_CA_UNREACHABLE, "");
}

static void what_does_not_speak_tls_is_unreachable(void **state)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
	char url[64];
	int fd = listen_silently(url, sizeof(url));
	pid_t pid;

	(void)state;
	ra.settings.url = url;
	pid = fork();
	if (pid == 0) {
		int connection = accept(fd, NULL, NULL);

		_exit(write(connection, text, sizeof(text) - 1) < 0);
	}
	close(fd);
	expect(&person, FAILURE_CA_UNREACHABLE, "");
	waitpid(pid, NULL, 0);
}

static void the_proxy_of_the_configuration_is_used(void **state)
{
	char url[64], proxy[96], *environment[] = {proxy, NULL};
	int fd = listen_silently(url, sizeof(url));

	(void)state;
	close(fd);
	START_HONEST();
	snprintf(proxy, sizeof(proxy), "https_proxy=http%s", strchr(url, ':'));
	ra.settings.environment = environment;
	expect(&person, FAILURE_CA_UNREACHABLE, "");
	assert_int_equal(ra_host_count(&ra, "handshake"), 0);
	unsetenv("https_proxy");
	ra_host_stop(&ra);
}

static void a_bad_configuration_is_told_before_anything_is_sent(void **state)
{
	static const char *const urls[] = {"",
					   "http://localhost/est",
					   "localhost/est",
					   "ldap://localhost/est",
					   "file:///etc/passwd",
					   "https://",
					   "https://user:password@localhost/est",
					   "https://local host/est"};
	struct http *http = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		ra.settings.url = (char *)urls[i];
		assert_int_equal(http_open(&ra.settings, &person, NULL, &http, NULL),
				 -FAILURE_CONFIG);
	}
	ra.settings.url = ra.url;
	ra.settings.trust = ra.folder;
	assert_int_equal(http_open(&ra.settings, &person, NULL, &http, NULL), -FAILURE_CONFIG);
	ra.settings.trust = ra.trust;
	ra.settings.environment = (char *[]){"https_proxy", NULL};
	assert_int_equal(http_open(&ra.settings, &person, NULL, &http, NULL), -FAILURE_CONFIG);
	assert_null(http);
}

static void the_process_keeps_its_sigpipe(void **state)
{
	struct sigaction now;

	(void)state;
	START_HONEST();
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(ask(&person, NULL), 200);
	assert_int_equal(sigaction(SIGPIPE, NULL, &now), 0);
	assert_true(now.sa_handler == SIG_DFL);
	ra_host_stop(&ra);
}

static int set_up(void **state)
{
	(void)state;
	ra_host_make(&ra);
	person.key = made_key("P-256");
	person.certificate = ra_host_certify(&ra, person.key, "signature");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	X509_free(person.certificate);
	EVP_PKEY_free(person.key);
	ra_host_remove(&ra);
	return 0;
}

static int fresh_settings(void **state)
{
	(void)state;
	ra_host_settle(&ra);
	return 0;
}

/* A test that failed leaves its RA behind. */
static int stop_ra(void **state)
{
	(void)state;
	if (ra.pid != 0)
		ra_host_stop(&ra);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh_settings, stop_ra)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_honest_server_answers),
	    TEST(a_server_under_another_root_is_not_trusted),
	    TEST(a_server_with_an_expired_certificate_is_not_trusted),
	    TEST(a_server_under_another_name_is_not_trusted),
	    TEST(tls_1_2_and_1_3_are_spoken_and_1_1_is_not),
	    TEST(a_card_without_pss_speaks_tls_1_2_only),
	    TEST(a_key_that_does_not_sign_is_the_cards_failure),
	    TEST(a_key_that_is_not_the_certificates_is_the_cards_failure),
	    TEST(a_server_that_says_nothing_is_given_up_in_time),
	    TEST(a_port_where_nobody_listens_is_unreachable),
	    TEST(what_does_not_speak_tls_is_unreachable),
	    TEST(the_proxy_of_the_configuration_is_used),
	    TEST(a_bad_configuration_is_told_before_anything_is_sent),
	    TEST(the_process_keeps_its_sigpipe),
	};

	return cmocka_run_group_tests_name("http", tests, set_up, tear_down);
}
