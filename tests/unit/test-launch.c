/* SPDX-License-Identifier: MIT */
/*
 * How the helper is started from a process that is not ours. This program stands in for the
 * helper as well: started by that name, it tells over the channel what it finds itself with.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char stand_in[PATH_MAX];
#define PATH_HELPER stand_in
#include "helper/common/launch.c"

#include "tests/unit/unit.h"

enum { REPORT = 50 }; /* where a host tells the test; below it, descriptors are its own */

/* --- the stand-in ------------------------------------------------------------------------- */

static void tell_descriptors(void)
{
	DIR *open_ones = opendir("/proc/self/fd");
	const struct dirent *one;
	bool is_open[16] = {false};
	int highest = 0;

	while (open_ones != NULL && (one = readdir(open_ones)) != NULL) {
		int number = atoi(one->d_name);

		if (one->d_name[0] == '.' || number == dirfd(open_ones))
			continue;
		highest = number > highest ? number : highest;
		if (number < (int)COUNT_OF(is_open))
			is_open[number] = true;
	}
	dprintf(CHILD_CHANNEL, "descriptors");
	for (size_t i = 0; i < COUNT_OF(is_open); i++)
		if (is_open[i])
			dprintf(CHILD_CHANNEL, " %zu", i);
	dprintf(CHILD_CHANNEL, ", highest %d\n", highest);
	closedir(open_ones);
}

static void tell_streams(void)
{
	static const char *const modes[] = {"reads", "writes", "reads and writes"};
	char path[64], target[PATH_MAX];
	ssize_t length;

	for (int i = 0; i < CHILD_CHANNEL; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", i);
		length = readlink(path, target, sizeof(target) - 1);
		target[length < 0 ? 0 : length] = '\0';
		dprintf(CHILD_CHANNEL, "stream %d %s %s\n", i, modes[fcntl(i, F_GETFL) & O_ACCMODE],
			target);
	}
}

/*
 * After an exec a signal is at its default or ignored, so what the kernel tells is all. Signals 32
 * and 33 are glibc's own: its posix_spawn ignores them, and no program can ask for anything else.
 */
static void tell_signals(void)
{
	const unsigned long long own = UINT64_C(3) << 31;
	FILE *status = fopen("/proc/self/status", "re");
	unsigned long long ignored = 0, blocked = 0;
	char line[256];

	while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
		sscanf(line, "SigIgn: %llx", &ignored);
		sscanf(line, "SigBlk: %llx", &blocked);
	}
	if (status != NULL)
		fclose(status);
	dprintf(CHILD_CHANNEL, "signals ignored %llx, blocked %llx\n", ignored & ~own, blocked);
}

static int stand_in_main(int count, char *arguments[])
{
	char here[PATH_MAX] = "";
	int terminal;

	/* As the real one: the first process ends at once. */
	if (fork() != 0)
		_exit(0);
	dprintf(CHILD_CHANNEL, "arguments %d %s\n", count, count > 1 ? arguments[1] : "");
	tell_descriptors();
	tell_streams();
	dprintf(CHILD_CHANNEL, "environment %s\n", environ[0] == NULL ? "empty" : environ[0]);
	tell_signals();
	dprintf(CHILD_CHANNEL, "folder %s\n", getcwd(here, sizeof(here)));
	terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	dprintf(CHILD_CHANNEL, "terminal %s\n", terminal < 0 ? "none" : "one");
	dprintf(CHILD_CHANNEL, "session %d\n", (int)getsid(0));
	return 0;
}

static const char clean[] = "arguments 2 --detach\n"
			    "descriptors 0 1 2 3, highest 3\n"
			    "stream 0 reads /dev/null\n"
			    "stream 1 writes /dev/null\n"
			    "stream 2 writes /dev/null\n"
			    "environment empty\n"
			    "signals ignored 0, blocked 0\n"
			    "folder /\n"
			    "terminal none\n"
			    "session ";

/* --- hosts -------------------------------------------------------------------------------- */

static void be_ordinary(void)
{
}

static void be_crowded(void)
{
	static const int numbers[] = {3, 4, 5, 6, 9, 15, 31, 49};
	int null = open("/dev/null", O_RDWR);

	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		dup2(null, numbers[i]);
	dup2(null, 200);
	setenv("LD_PRELOAD_NOT", "/tmp/evil.so", 1);
	setenv("HOME", "/root", 1);
}

static void be_without_streams(void)
{
	for (int i = 0; i < REPORT; i++)
		close(i);
}

/* The helper's end of the channel has the right number from the start. */
static void be_with_channel_in_place(void)
{
	for (int i = 2; i < REPORT; i++)
		close(i);
}

static void be_deaf(void)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
}

static void be_blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

static void be_on_a_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	setsid();
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 ||
	    open(ptsname(master), O_RDWR) < 0 || open("/dev/tty", O_RDWR) < 0)
		_exit(3);
}

/* What the helper tells, read to the end: nobody else has its end of the channel. */
static void hear(int channel)
{
	char bytes[1024];
	ssize_t length;

	while ((length = read(channel, bytes, sizeof(bytes))) > 0)
		if (write(REPORT, bytes, (size_t)length) != length)
			_exit(4);
	close(channel);
}

/* The host's life, in a process of its own; its exit status says what was wrong with it. */
static int host_main(void (*be)(void))
{
	struct sigaction before[NSIG], after;
	sigset_t mask_before, mask_after;
	int channel = -1;

	be();
	sigprocmask(SIG_SETMASK, NULL, &mask_before);
	for (int i = 1; i < NSIG; i++)
		sigaction(i, NULL, &before[i]);
	if (launch_helper(&channel) != 0 || channel < 0)
		return 5;
	if ((fcntl(channel, F_GETFD) & FD_CLOEXEC) == 0)
		return 6;
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		return 7;
	hear(channel);
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		return 8;
	sigprocmask(SIG_SETMASK, NULL, &mask_after);
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&mask_before, i) != sigismember(&mask_after, i))
			return 9;
	for (int i = 1; i < NSIG; i++)
		if (sigaction(i, NULL, &after) == 0 && after.sa_handler != before[i].sa_handler)
			return 10;
	return 0;
}

/* What the helper told a host of this kind, until the next call. */
static const char *told(void (*be)(void))
{
	static char text[4096];
	size_t length = 0;
	int ends[2], status = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (dup3(ends[1], REPORT, O_CLOEXEC) != REPORT)
			_exit(2);
		close(ends[0]);
		close(ends[1]);
		_exit(host_main(be));
	}
	close(ends[1]);
	while ((got = read(ends[0], text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return text;
}

static void assert_clean(void (*be)(void))
{
	char beginning[sizeof(clean)];

	snprintf(beginning, sizeof(beginning), "%s", told(be));
	assert_string_equal(beginning, clean);
}

static void the_helper_has_the_channel_and_nothing_else_of_its_host(void **state)
{
	(void)state;
	assert_clean(be_ordinary);
}

static void no_descriptor_and_no_variable_of_the_host_is_handed_on(void **state)
{
	(void)state;
	assert_clean(be_crowded);
}

static void a_host_without_standard_streams_is_no_exception(void **state)
{
	(void)state;
	assert_clean(be_without_streams);
	assert_clean(be_with_channel_in_place);
}

static void signals_that_the_host_ignores_are_at_their_defaults(void **state)
{
	(void)state;
	assert_clean(be_deaf);
}

static void signals_that_the_host_blocks_are_unblocked(void **state)
{
	(void)state;
	assert_clean(be_blocked);
}

static void the_hosts_terminal_is_out_of_reach(void **state)
{
	(void)state;
	assert_clean(be_on_a_terminal);
}

static void the_helper_has_a_session_of_its_own(void **state)
{
	const char *session = strstr(told(be_ordinary), "session ");

	(void)state;
	assert_non_null(session);
	assert_true(atoi(session + 8) > 1);
	assert_int_not_equal(atoi(session + 8), getsid(0));
}

/* host_main has looked: waitpid finds no child, before and after the helper's end. */
static void the_helper_is_never_the_hosts_child(void **state)
{
	(void)state;
	told(be_ordinary);
	told(be_deaf); /* with SIGCHLD ignored, too */
	told(be_blocked);
}

static size_t open_descriptors(void)
{
	size_t count = 0;

	for (int i = 0; i < 1024; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

static void a_helper_that_cannot_be_started_leaves_nothing_behind(void **state)
{
	static const char *const paths[] = {"/nonexistent/certrenew-helper", "/", "/dev/null", ""};
	char right[PATH_MAX];
	const char *preloaded = getenv("LD_PRELOAD");
	size_t before = open_descriptors();
	int channel = 4711;

	(void)state;
	/* Under valgrind posix_spawn is a plain fork, whose child can tell no error. */
	if (preloaded != NULL && strstr(preloaded, "vgpreload") != NULL)
		skip();
	memcpy(right, stand_in, sizeof(right));
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		snprintf(stand_in, sizeof(stand_in), "%s", paths[i]);
		assert_int_equal(launch_helper(&channel), -FAILURE_SYSTEM);
		assert_int_equal(channel, 4711);
		assert_int_equal(open_descriptors(), before);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
	memcpy(stand_in, right, sizeof(right));
}

int main(int count, char *arguments[])
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_helper_has_the_channel_and_nothing_else_of_its_host),
	    cmocka_unit_test(no_descriptor_and_no_variable_of_the_host_is_handed_on),
	    cmocka_unit_test(a_host_without_standard_streams_is_no_exception),
	    cmocka_unit_test(signals_that_the_host_ignores_are_at_their_defaults),
	    cmocka_unit_test(signals_that_the_host_blocks_are_unblocked),
	    cmocka_unit_test(the_hosts_terminal_is_out_of_reach),
	    cmocka_unit_test(the_helper_has_a_session_of_its_own),
	    cmocka_unit_test(the_helper_is_never_the_hosts_child),
	    cmocka_unit_test(a_helper_that_cannot_be_started_leaves_nothing_behind),
	};
	ssize_t length;

	if (strcmp(arguments[0], "certrenew-helper") == 0)
		return stand_in_main(count, arguments);
	length = readlink("/proc/self/exe", stand_in, sizeof(stand_in) - 1);
	if (length < 0)
		return 1;
	stand_in[length] = '\0';
	return cmocka_run_group_tests_name("launch", tests, NULL, NULL);
}
