/* SPDX-License-Identifier: MIT */
/* Following a child, in the moment in which its time runs out. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/supervisor/child.h"
#include "tests/unit/unit.h"

static struct child child;
static int go;		      /* to the child: it reports now */
static bool reports_too_late; /* as soon as the waiting is over */

/* In the place of libc's, for the program and its parts: time passes at once, and between its end
 * and whatever is done about it the child may report. */
int poll(struct pollfd *pollers, nfds_t count, int timeout)
{
	const struct timespec none = {0};
	struct pollfd control = {.fd = child.control, .events = POLLIN};
	int ready = ppoll(pollers, count, &none, NULL);

	if (ready != 0 || timeout == 0 || !reports_too_late)
		return ready;
	reports_too_late = false;
	if (write(go, "", 1) != 1 || ppoll(&control, 1, NULL, NULL) != 1)
		abort();
	return 0;
}

static _Noreturn void be_the_child(int told, int control)
{
	const struct report report = {.stage = REPORT_WRITING};
	char byte;

	while (read(told, &byte, 1) == 1)
		report_send(control, &report);
	_exit(0);
}

static int start(void **state)
{
	int orders[2], control[2];

	(void)state;
	if (pipe2(orders, O_CLOEXEC) < 0 || pipe2(control, O_CLOEXEC) < 0)
		return -1;
	child.pid = fork();
	if (child.pid == 0) {
		close(orders[1]);
		be_the_child(orders[0], control[1]);
	}
	close(orders[0]);
	close(control[1]);
	go = orders[1];
	child.control = control[0];
	child.handle = pidfd_open(child.pid, 0);
	return child.pid < 0 || child.handle < 0 ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	close(go);
	(void)kill(child.pid, SIGKILL);
	(void)waitpid(child.pid, NULL, 0);
	close(child.handle);
	close(child.control);
	return 0;
}

static bool is_stopped(void)
{
	siginfo_t info = {.si_pid = 0};

	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WSTOPPED | WNOWAIT | WNOHANG), 0);
	return info.si_pid == child.pid;
}

static void a_write_that_begins_when_the_time_is_up_is_not_cut_short(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct report report = {.stage = 0};
	siginfo_t info = {.si_pid = 0};

	(void)state;
	reports_too_late = true;
	assert_int_equal(child_follow(&child, clock_deadline(1000), -1, &report, &failure), 1);
	assert_int_equal(report.stage, REPORT_WRITING);
	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WCONTINUED), 0);
	assert_false(is_stopped());
}

static void one_that_is_silent_is_stopped_before_it_is_killed(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	const struct report before = {.stage = REPORT_READING};
	struct report report = before;

	(void)state;
	assert_int_equal(child_follow(&child, clock_deadline(1000), -1, &report, &failure),
			 -FAILURE_TIMEOUT);
	assert_int_equal(failure.code, FAILURE_TIMEOUT);
	assert_memory_equal(&report, &before, sizeof(before));
	assert_true(is_stopped());
}

static void one_that_has_ended_has_not_run_out_of_time(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct report report = {.stage = 0};
	siginfo_t info;

	(void)state;
	assert_int_equal(kill(child.pid, SIGTERM), 0);
	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(child_follow(&child, clock_deadline(1000), -1, &report, &failure), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_write_that_begins_when_the_time_is_up_is_not_cut_short, start, end),
	    cmocka_unit_test_setup_teardown(one_that_is_silent_is_stopped_before_it_is_killed,
					    start, end),
	    cmocka_unit_test_setup_teardown(one_that_has_ended_has_not_run_out_of_time, start, end),
	};

	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
