/* SPDX-License-Identifier: MIT */
/* How long a login waits: for a silent helper, for a person, under the host's own alarm. */
#include "tests/unit/pam-host.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static const char WARNING[] =
    "warning: CR603 certrenew-helper did not answer in time; the login goes on\n";
static const char NEAR[] = "info: CR602 the login's own time limit is near: it goes on, "
			   "certrenew-helper finishes without it\n";

/* The longest a loaded machine may be late by. */
enum { SLACK_MS = 900 };

/* A session of `script`; returns how many milliseconds it took. */
static int session_ms(const char *script, const char *const *answers)
{
	int64_t start;

	host_script(script);
	host.answers = answers;
	start = clock_now();
	host_session("login");
	return (int)(clock_now() - start);
}

static void a_helper_that_says_nothing_is_given_up_after_five_seconds(void **state)
{
	(void)state;
	assert_in_range(session_ms("hold\n", NULL), 5500, 5500 + SLACK_MS);
	assert_string_equal(host.log, WARNING);
	assert_string_equal(host.transcript, "");
	assert_non_null(strstr(host_received(), "closed\nend\n"));
}

static void the_helpers_terms_bound_the_wait_for_the_first_question(void **state)
{
	(void)state;
	assert_in_range(session_ms("terms 200\nnotice Reading.\nhold\n", NULL), 700,
			700 + SLACK_MS);
	assert_string_equal(host.log, WARNING);
	assert_non_null(strstr(host_received(), "closed\nend\n"));
}

static void the_terms_count_from_the_request(void **state)
{
	(void)state;
	assert_in_range(session_ms("sleep 600\nterms 1000\nhold\n", NULL), 1500, 1500 + SLACK_MS);
	assert_string_equal(host.log, WARNING);
}

static void terms_out_of_range_are_put_into_it(void **state)
{
	(void)state;
	assert_in_range(session_ms("terms -1\nhold\n", NULL), 600, 600 + SLACK_MS);
	assert_string_equal(host.log, WARNING);
}

/* What the helper does after it is no login's to wait for, or to hear of. */
static void nothing_due_is_the_end_of_the_wait(void **state)
{
	(void)state;
	assert_in_range(session_ms("terms 5000\nchecked 0 2 0\nhold\n", NULL), 0, SLACK_MS);
	assert_string_equal(host.log, "");
	assert_string_equal(host.transcript, "");
}

static void where_something_is_due_a_question_may_follow(void **state)
{
	(void)state;
	session_ms("terms 2000\nchecked 1 2 0\nsleep 300\ndone Renewed.\n", NULL);
	assert_string_equal(host.log, "");
	assert_string_equal(host.transcript, "info: Renewed.\n");
}

static void a_helper_within_its_terms_is_waited_for(void **state)
{
	(void)state;
	session_ms("sleep 300\nterms 2000\nsleep 700\nnotice Due.\nchecked 1 2 0\n", NULL);
	assert_string_equal(host.log, "");
	assert_string_equal(host.transcript, "info: Due.\n");
}

static void a_renewal_that_was_agreed_to_may_take_longer_than_the_terms(void **state)
{
	static const char *const yes[] = {"yes", NULL};

	(void)state;
	session_ms("terms 200\nrenew? Due.\nsleep 1500\ndone Renewed.\n", yes);
	assert_string_equal(host.log, "");
	assert_non_null(strstr(host.transcript, "info: Renewed.\n"));
}

static void a_person_who_declined_is_not_kept_waiting(void **state)
{
	static const char *const no[] = {"no", NULL};

	(void)state;
	assert_in_range(session_ms("terms 200\nrenew? Due.\ndeclined:\nhold\n", no), 700,
			700 + SLACK_MS);
	assert_string_equal(host.log, WARNING);
}

static void a_driver_that_hangs_after_the_last_word_is_not_waited_for(void **state)
{
	static const char *const yes[] = {"yes", NULL};
	pam_handle_t *pamh = host_start("login", HOST_USER);
	int64_t start;

	(void)state;
	assert_in_range(session_ms("terms 5000\nrenew? Due.\ndone Renewed.\nhold\n", yes), 0,
			SLACK_MS);
	assert_string_equal(host.log, "");
	host_received();
	host_script("terms 5000\nchecked 0 2 0\nhold\n");
	start = clock_now();
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	assert_in_range(clock_now() - start, 0, SLACK_MS);
	assert_string_equal(host.log, "");
	pam_end(pamh, PAM_SUCCESS);
}

static void a_login_waits_only_once(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);
	long children;

	(void)state;
	host_script("terms 200\nhold\n");
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	assert_string_equal(host.log, WARNING);
	children = host_children();
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_int_equal(host_children(), children);
	assert_string_equal(host.log, WARNING);
	pam_end(pamh, PAM_SUCCESS);
}

/* --- the host's alarm, and the conversation of login(1) ------------------------------------- */

static volatile sig_atomic_t rung;

static void ring(int signal_number)
{
	(void)signal_number;
	rung = 1;
}

static void set_alarm(int ms)
{
	struct itimerval timer = {
	    .it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000},
	};

	rung = 0;
	signal(SIGALRM, ring);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* What is left of the alarm; it is switched off, and was neither rung nor lost. */
static int take_alarm(void)
{
	static const struct itimerval off;
	struct itimerval timer;

	setitimer(ITIMER_REAL, &off, &timer);
	assert_false(rung);
	assert_ptr_equal(signal(SIGALRM, SIG_DFL), ring);
	return (int)(timer.it_value.tv_sec * 1000 + timer.it_value.tv_usec / 1000);
}

/* As in login(1): libpam_misc is among the host's own libraries, and misc_conv converses. */
static const struct pam_conv *misc(void)
{
	static struct pam_conv conversation;
	void *library = dlopen("libpam_misc.so.0", RTLD_NOW | RTLD_GLOBAL);

	assert_non_null(library);
	*(void **)&conversation.conv = dlsym(library, "misc_conv");
	assert_non_null(conversation.conv);
	return &conversation;
}

/* Puts `typed` where misc_conv reads, and what it writes out of sight; then as it was. */
static int misc_session_ms(const char *script, const char *typed)
{
	int kept[3], ends[2], nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int64_t start;

	fflush(stdout);
	for (int i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], typed, strlen(typed)), strlen(typed));
	dup2(ends[0], 0);
	dup2(nowhere, 1);
	dup2(nowhere, 2);
	host_script(script);
	host.conversation = misc();
	start = clock_now();
	host_session("login");
	start = clock_now() - start;
	fflush(stdout);
	for (int i = 0; i < 3; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	close(ends[0]);
	close(ends[1]);
	close(nowhere);
	return (int)start;
}

static void under_an_alarm_misc_conv_still_asks_and_the_alarm_goes_on(void **state)
{
	time_t *die_time;
	int left;

	(void)state;
	misc();
	die_time = dlsym(RTLD_DEFAULT, "pam_misc_conv_die_time");
	set_alarm(20000);
	misc_session_ms("terms 2000\nrenew? Due.\nsleep 300\npin? 0 To sign:\nsleep 300\n"
			"pin? 0 To write:\ndone Renewed.\n",
			"yes\n123456\n654321\n");
	left = take_alarm();
	assert_in_range(left, 19400 - SLACK_MS, 19400);
	assert_non_null(strstr(host_received(), "YES\nPIN 123456\nPIN 654321\nend\n"));
	assert_int_equal(*die_time, 0);
	assert_string_equal(host.log, "");
}

static void a_person_who_does_not_answer_before_the_alarm_means_later(void **state)
{
	int took;

	(void)state;
	set_alarm(8600);
	took = misc_session_ms("terms 2000\nrenew? Due.\n", "");
	assert_in_range(took, 3900, 5600);
	assert_in_range(take_alarm(), 2500, 5000);
	assert_non_null(strstr(host_received(), "LATER\nend\n"));
	assert_string_equal(host.log, "");
}

static void a_renewal_is_left_to_itself_before_the_alarm_rings(void **state)
{
	int took;

	(void)state;
	set_alarm(8300);
	took = misc_session_ms("terms 2000\nrenew? Due.\nhold\n", "yes\n");
	assert_in_range(took, 4900, 5300 + SLACK_MS);
	assert_in_range(take_alarm(), 3000 - SLACK_MS, 3000);
	assert_non_null(strstr(host_received(), "YES\nclosed\nend\n"));
	assert_string_equal(host.log, NEAR);
}

static void without_the_time_to_answer_nothing_is_asked(void **state)
{
	(void)state;
	set_alarm(7900);
	assert_in_range(misc_session_ms("terms 2000\nrenew? Due.\ndeclined:\npin? 8 Keypad:\n"
					"declined:\npin? 0 To sign:\n",
					"yes\n123456\n"),
			0, SLACK_MS);
	assert_in_range(take_alarm(), 7900 - SLACK_MS, 7900);
	assert_non_null(strstr(host_received(), "UNSHOWN\nCANCEL\nCANCEL\nend\n"));
}

static void a_conversation_that_cannot_be_ended_is_not_begun_under_an_alarm(void **state)
{
	static const char *const yes[] = {"yes", NULL};

	(void)state;
	set_alarm(30000);
	session_ms("terms 2000\nnotice Expires.\nrenew? Due.\n", yes);
	assert_in_range(take_alarm(), 30000 - SLACK_MS, 30000);
	assert_non_null(strstr(host_received(), "UNSHOWN\nend\n"));
	assert_string_equal(host.transcript, "info: Expires.\ninfo: Due.\n");
}

static void an_alarm_nearer_than_the_terms_bounds_the_wait(void **state)
{
	(void)state;
	set_alarm(3500);
	assert_in_range(session_ms("terms 2000\nhold\n", NULL), 400, 500 + SLACK_MS);
	take_alarm();
	assert_string_equal(host.log, NEAR);
}

static void with_no_time_left_at_all_the_session_is_detached(void **state)
{
	(void)state;
	set_alarm(2900);
	assert_in_range(session_ms("terms 2000\nhold\n", NULL), 0, SLACK_MS);
	take_alarm();
	assert_non_null(strstr(host_received(), " flags=1\n"));
	assert_string_equal(host.log, "");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_helper_that_says_nothing_is_given_up_after_five_seconds),
	    cmocka_unit_test(the_helpers_terms_bound_the_wait_for_the_first_question),
	    cmocka_unit_test(the_terms_count_from_the_request),
	    cmocka_unit_test(terms_out_of_range_are_put_into_it),
	    cmocka_unit_test(nothing_due_is_the_end_of_the_wait),
	    cmocka_unit_test(where_something_is_due_a_question_may_follow),
	    cmocka_unit_test(a_helper_within_its_terms_is_waited_for),
	    cmocka_unit_test(a_renewal_that_was_agreed_to_may_take_longer_than_the_terms),
	    cmocka_unit_test(a_person_who_declined_is_not_kept_waiting),
	    cmocka_unit_test(a_driver_that_hangs_after_the_last_word_is_not_waited_for),
	    cmocka_unit_test(a_login_waits_only_once),
	    cmocka_unit_test(under_an_alarm_misc_conv_still_asks_and_the_alarm_goes_on),
	    cmocka_unit_test(a_person_who_does_not_answer_before_the_alarm_means_later),
	    cmocka_unit_test(a_renewal_is_left_to_itself_before_the_alarm_rings),
	    cmocka_unit_test(without_the_time_to_answer_nothing_is_asked),
	    cmocka_unit_test(a_conversation_that_cannot_be_ended_is_not_begun_under_an_alarm),
	    cmocka_unit_test(an_alarm_nearer_than_the_terms_bounds_the_wait),
	    cmocka_unit_test(with_no_time_left_at_all_the_session_is_detached),
	};

	(void)argc;
	host_begin(argv);
	return host_end(cmocka_run_group_tests(tests, NULL, NULL));
}
