/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/common/dialogue.h"
#include "helper/common/paths.h"

enum { CHILD_LOCK = 5, MIB = 1 << 20, GROUPS_MAX = 64 };

/* That a process which no call holds in the kernel may take to stop; a login waits meanwhile. */
enum { STOPPING_MS = 200 };

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

/* What no program of these, nor one that it starts, may ever have again. */
static int drop_capabilities(void)
{
	int capability = 0;

	while (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0)
		if (prctl(PR_CAPBSET_DROP, capability++, 0, 0, 0) < 0)
			return -1;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

/* Nothing of root's is left, and none of the ways back leads there. */
static bool is_dropped(const struct account *account)
{
	uid_t uid, effective, saved;
	gid_t gid, effective_group, saved_group;

	if (getresuid(&uid, &effective, &saved) < 0 ||
	    getresgid(&gid, &effective_group, &saved_group) < 0)
		return false;
	return uid == account->uid && effective == uid && saved == uid && gid == account->gid &&
	       effective_group == gid && saved_group == gid && setuid(0) < 0 && seteuid(0) < 0 &&
	       setresuid(-1, 0, -1) < 0 && setgid(0) < 0 && setegid(0) < 0 &&
	       setgroups(0, NULL) < 0 && prctl(PR_CAPBSET_READ, CAP_SETUID, 0, 0, 0) == 0;
}

static bool is_member(const struct group *group)
{
	for (char *const *name = group->gr_mem; *name != NULL; name++)
		if (strcmp(*name, CERTRENEW_USER) == 0)
			return true;
	return false;
}

/*
 * The groups of an account of this machine are in its own file. Asked as for a person, a directory
 * that does not answer would hold up the login, and systemd's module alone, loaded and asked where
 * it has nothing to say, takes as long as starting a program. Without the file there are none.
 */
static int take_groups(const struct account *account)
{
	gid_t groups[GROUPS_MAX] = {account->gid};
	FILE *file = fopen("/etc/group", "re");
	const struct group *group;
	size_t count = 1;

	while (file != NULL && count < GROUPS_MAX && (group = fgetgrent(file)) != NULL)
		if (group->gr_gid != account->gid && is_member(group))
			groups[count++] = group->gr_gid;
	if (file != NULL)
		fclose(file);
	return setgroups(count, groups);
}

/* Groups, group, user, in this order: each needs a right that the next one takes. */
int child_drop(const struct account *account)
{
	if (drop_capabilities() < 0 || take_groups(account) < 0 ||
	    setresgid(account->gid, account->gid, account->gid) < 0 ||
	    setresuid(account->uid, account->uid, account->uid) < 0)
		return -1;
	if (!is_dropped(account))
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* A driver that goes astray may take none of the machine with it. */
static const struct {
	int of;
	rlim_t most;
} limits[] = {
    {RLIMIT_CORE, 0},
    {RLIMIT_NOFILE, 256},
    {RLIMIT_FSIZE, 64 * MIB}, /* a revocation list is the largest thing that we keep */
    {RLIMIT_MSGQUEUE, 0},
    {RLIMIT_NPROC, 512}, /* threads, of all conversations of this machine */
#ifndef SANITIZED
    {RLIMIT_DATA, 1024 * MIB}, /* which sanitizers' shadow memory is far beyond */
#endif
};

static int limit(void)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct rlimit both = {limits[i].most, limits[i].most};

		if (setrlimit(limits[i].of, &both) < 0)
			return -1;
	}
	return 0;
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

/* From the signal on no thread of it does more than to end the call that it is in: to report,
 * maybe. One that hangs in the kernel stops when it comes out. */
static void stop(const struct child *child)
{
	const struct timespec moment = {.tv_nsec = 1000000};
	siginfo_t info = {.si_pid = 0};

	if (kill(child->pid, SIGSTOP) < 0)
		return;
	for (int i = 0; i < STOPPING_MS && info.si_pid == 0; i++) {
		if (i > 0)
			nanosleep(&moment, NULL);
		if (waitid(P_PID, (id_t)child->pid, &info, WSTOPPED | WEXITED | WNOWAIT | WNOHANG) <
		    0)
			return;
	}
}

/*
 * Its time is up, and it will be killed: not if it has begun to write to the card in this moment,
 * and said so. Returns as poll(2); whoever is to be killed is left stopped.
 */
static int look_again(const struct child *child, struct pollfd *pollers, nfds_t count)
{
	int ready;

	stop(child);
	ready = poll(pollers, count, 0);
	if (ready != 0)
		(void)kill(child->pid, SIGCONT);
	return ready;
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
		ready = look_again(child, pollers, 3);
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
	/* A call of another architecture, or made where the signal is blocked: see
	 * REPORT_FORBIDDEN. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return fail(failure, FAILURE_SANDBOX,
			    "ended for a system call that its sandbox forbids, of unknown number");
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
