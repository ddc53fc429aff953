/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/common/dialogue.h"
#include "helper/common/paths.h"

enum { CHILD_LOCK = 5, CHILD_FILES_MAX = 256 };

/* What the exec of a child failed with, if its last words come to us by exit status. */
enum { STATUS_NOT_STARTED = 127 };

int child_account(struct account *ret, struct failure *failure)
{
	const struct passwd *user = getpwnam(CERTRENEW_USER);

	if (user == NULL || user->pw_uid == 0)
		return fail(failure, FAILURE_SYSTEM, "there is no user %s", CERTRENEW_USER);
	*ret = (struct account){user->pw_uid, user->pw_gid};
	return 0;
}

/* Groups, group, user, in this order; and root must be out of reach afterwards. */
int child_drop(const struct account *account)
{
	if (initgroups(CERTRENEW_USER, account->gid) < 0 ||
	    setresgid(account->gid, account->gid, account->gid) < 0 ||
	    setresuid(account->uid, account->uid, account->uid) < 0)
		return -1;
	if (setuid(0) == 0 || setgid(0) == 0 || geteuid() != account->uid ||
	    getuid() != account->uid)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int limit(void)
{
	const struct rlimit core = {0, 0}, files = {CHILD_FILES_MAX, CHILD_FILES_MAX};

	return setrlimit(RLIMIT_CORE, &core) < 0 || setrlimit(RLIMIT_NOFILE, &files) < 0 ? -1 : 0;
}

/* Above the numbers they are meant for first: one of them may have another's number. */
static int arrange_files(int channel, int control, int lock)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int high_channel = fcntl(channel < 0 ? null : channel, F_DUPFD_CLOEXEC, 16);
	int high_control = fcntl(control, F_DUPFD_CLOEXEC, 16);
	int high_lock = lock < 0 ? -1 : fcntl(lock, F_DUPFD_CLOEXEC, 16);

	if (null < 0 || high_channel < 0 || high_control < 0 || (lock >= 0 && high_lock < 0) ||
	    dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    dup2(high_channel, DIALOGUE_CHANNEL) < 0 || dup2(high_control, DIALOGUE_CONTROL) < 0 ||
	    (lock >= 0 && dup2(high_lock, CHILD_LOCK) < 0))
		return -1;
	closefrom(lock >= 0 ? CHILD_LOCK + 1 : CHILD_LOCK);
	return 0;
}

static void become(const struct account *account, const char *path, char *const arguments[],
		   int channel, int control, int lock)
{
	char *const environment[] = {
	    (char *)"HOME=" PATH_HOME,
	    (char *)"XDG_CACHE_HOME=" PATH_CACHE,
	    (char *)"PATH=/usr/bin:/bin",
	    (char *)"LANG=C.UTF-8",
#ifdef CHILD_ENVIRONMENT
	    (char *)CHILD_ENVIRONMENT, /* the sanitizers' options, in builds made with them */
#endif
	    NULL,
	};

	if (arrange_files(channel, control, lock) == 0 && limit() == 0 && child_drop(account) == 0)
		execve(path, arguments, environment);
	_exit(STATUS_NOT_STARTED);
}

int child_start(const struct account *account, const char *path, const struct task *task,
		int channel, int lock, struct child *ret, struct failure *failure)
{
	char text[TASK_TEXT_MAX], *arguments[TASK_ARGUMENTS];
	int control[2];
	pid_t pid;

	if (task_write(task, path, text, arguments) < 0)
		return fail(failure, FAILURE_SYSTEM, "the child's arguments are too long");
	if (pipe2(control, O_CLOEXEC) < 0)
		return fail_errno(failure, "a control pipe");
	pid = fork();
	if (pid == 0)
		become(account, path, arguments, channel, control[1], lock);
	close(control[1]);
	if (pid < 0) {
		close(control[0]);
		return fail_errno(failure, "starting %s", path);
	}
	*ret = (struct child){.pid = pid, .handle = pidfd_open(pid, 0), .control = control[0]};
	return 0;
}

int child_follow(const struct child *child, int64_t deadline, int channel, struct report *ret,
		 struct failure *failure)
{
	struct pollfd pollers[3] = {
	    {.fd = child->control, .events = POLLIN},
	    {.fd = child->handle, .events = POLLIN},
	    {.fd = channel, .events = POLLRDHUP},
	};
	int ready, got;

	do {
		ready = poll(pollers, 3, clock_left(deadline));
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return fail(failure, FAILURE_TIMEOUT, "no word from the child in time");
	/* What it said before it ended is heard first. */
	if ((pollers[0].revents & POLLIN) != 0) {
		got = report_receive(child->control, ret);
		return got < 0 ? fail(failure, FAILURE_PROTOCOL, "a report of a wrong form") : got;
	}
	if ((pollers[0].revents | pollers[1].revents) == 0)
		return fail(failure, FAILURE_CANCELLED, "the front end is gone");
	/* A closed pipe is not yet the end of the process. */
	while (pollers[1].revents == 0 && child->handle >= 0 &&
	       (ready = poll(&pollers[1], 1, clock_left(deadline))) <= 0)
		if (ready == 0)
			return fail(failure, FAILURE_TIMEOUT, "the child does not end");
	return 0;
}

int child_reap(struct child *child, struct failure *failure)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(child->handle);
	close(child->control);
	if (WIFSIGNALED(status))
		return fail(failure, FAILURE_CRASHED, "ended by signal %d", WTERMSIG(status));
	/* 0 and 1 are its own answers, told in its last report. */
	if (WEXITSTATUS(status) == STATUS_NOT_STARTED)
		return fail(failure, FAILURE_CRASHED, "could not be started");
	if (WEXITSTATUS(status) > 1)
		return fail(failure, FAILURE_CRASHED, "ended with status %d", WEXITSTATUS(status));
	return 0;
}

void child_abandon(struct child *child)
{
	kill(child->pid, SIGKILL);
	close(child->handle);
	close(child->control);
}
