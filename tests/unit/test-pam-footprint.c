/* SPDX-License-Identifier: MIT */
/* What the module brings into the host's process, and that it leaves nothing of its own there. */
#include "tests/unit/pam-host.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

/* What a module could change without meaning to. */
struct footprint {
	struct sigaction dispositions[NSIG];
	sigset_t mask;
	struct itimerval timer;
	char descriptors[1024], folder[PATH_MAX], locale[256];
	mode_t umask;
	char **environment;
};

static void list_descriptors(char *list, size_t size)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	size_t length = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		length += (size_t)snprintf(list + length, size - length, "%s ", entry->d_name);
	closedir(folder);
}

static void take_footprint(struct footprint *footprint)
{
	memset(footprint, 0, sizeof(*footprint));
	for (int i = 1; i < NSIG; i++)
		sigaction(i, NULL, &footprint->dispositions[i]);
	sigprocmask(SIG_SETMASK, NULL, &footprint->mask);
	getitimer(ITIMER_REAL, &footprint->timer);
	list_descriptors(footprint->descriptors, sizeof(footprint->descriptors));
	assert_non_null(getcwd(footprint->folder, sizeof(footprint->folder)));
	strncpy(footprint->locale, setlocale(LC_ALL, NULL), sizeof(footprint->locale) - 1);
	footprint->umask = umask(0);
	umask(footprint->umask);
	footprint->environment = environ;
}

static void compare_footprints(const struct footprint *before, const struct footprint *after)
{
	for (int i = 1; i < NSIG; i++) {
		assert_ptr_equal(before->dispositions[i].sa_handler,
				 after->dispositions[i].sa_handler);
		assert_int_equal(before->dispositions[i].sa_flags, after->dispositions[i].sa_flags);
	}
	assert_memory_equal(&before->mask, &after->mask, sizeof(before->mask));
	assert_memory_equal(&before->timer, &after->timer, sizeof(before->timer));
	assert_string_equal(before->descriptors, after->descriptors);
	assert_string_equal(before->folder, after->folder);
	assert_string_equal(before->locale, after->locale);
	assert_int_equal(before->umask, after->umask);
	assert_ptr_equal(before->environment, after->environment);
}

static void account_and_session(void)
{
	static const char *const answers[] = {"yes", "123456", NULL};
	pam_handle_t *pamh = host_start("login", HOST_USER);

	host.answers = answers;
	pam_putenv(pamh, "LANG=zh_TW.UTF-8");
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	host_expect(pamh, PAMTEST_OPEN_SESSION, PAM_SILENT, PAM_SUCCESS);
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

/* Nothing is different after a renewal, a time-out, a crash, garbage and a detached start. */
static void leaves_no_trace(void)
{
	static const char *const scripts[] = {
	    "terms 2000\nrenew? Due.\npin? 0 To sign:\ndone Renewed.\n",
	    "terms 100\nhold\n",
	    "terms 2000\ncrash\n",
	    "bytes 00 00 00 04 de ad be ef\n",
	};
	struct footprint before, after;

	host_script("terms 2000\n");
	account_and_session(); /* what libc and libpam load once is not ours to answer for */
	host_received();
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		take_footprint(&before);
		host_script(scripts[i]);
		account_and_session();
		take_footprint(&after);
		compare_footprints(&before, &after);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD);
		host_received();
		assert_null(strstr(host.received, "inherited"));
		assert_null(strstr(host.received, "environment"));
	}
}

static void a_host_is_left_as_it_was_and_without_children(void **state)
{
	(void)state;
	leaves_no_trace();
}

static void a_host_that_ignores_its_signals_is_left_so(void **state)
{
	sigset_t every, former;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&every);
	sigprocmask(SIG_BLOCK, &every, &former);
	leaves_no_trace();
	sigprocmask(SIG_SETMASK, &former, NULL);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
}

/* Runs a command on the module as it is installed, and compares what it prints. */
static void expect_output(const char *command, const char *expected)
{
	char line[PATH_MAX * 2], module[PATH_MAX], output[4096] = "";
	FILE *pipe;

	snprintf(module, sizeof(module), "%s", host.module);
	snprintf(line, sizeof(line), "module='%s/pam_certrenew.so'; %s", dirname(dirname(module)),
		 command);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	assert_string_equal(output, expected);
}

static void it_exports_what_pam_looks_for_and_nothing_else(void **state)
{
	(void)state;
	expect_output("nm -D --defined-only \"$module\" | grep -v ' [bBdDwW] .*san' | "
		      "awk '{ print $3 }' | sort",
		      "pam_sm_acct_mgmt\npam_sm_authenticate\npam_sm_chauthtok\n"
		      "pam_sm_close_session\npam_sm_open_session\npam_sm_setcred\n");
}

/* The sanitizers of `make asan` are the exception that a release never sees. */
static void it_brings_libpam_and_libc_into_the_host_and_nothing_else(void **state)
{
	(void)state;
	expect_output("LC_ALL=C readelf -d \"$module\" | "
		      "sed -n 's/.*(NEEDED).*\\[\\(.*\\)\\]/\\1/p' | grep -v san | sort",
		      "libc.so.6\nlibpam.so.0\n");
}

/* What crtbegin.o puts into every shared object is left out; so is a build with sanitizers. */
static void it_keeps_nothing_in_variables_of_its_own(void **state)
{
	(void)state;
	expect_output("nm \"$module\" | grep -q __asan_init || nm -f sysv \"$module\" | "
		      "awk -F '|' '$4 ~ /OBJECT/ && $7 ~ /^[.](data|bss)$/ { print $1 }' | "
		      "grep -v -e ^completed -e ^__ || true",
		      "");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_host_is_left_as_it_was_and_without_children),
	    cmocka_unit_test(a_host_that_ignores_its_signals_is_left_so),
	    cmocka_unit_test(it_exports_what_pam_looks_for_and_nothing_else),
	    cmocka_unit_test(it_brings_libpam_and_libc_into_the_host_and_nothing_else),
	    cmocka_unit_test(it_keeps_nothing_in_variables_of_its_own),
	};

	(void)argc;
	host_begin(argv);
	return host_end(cmocka_run_group_tests(tests, NULL, NULL));
}
