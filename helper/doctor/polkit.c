/* SPDX-License-Identifier: MIT */
#include "helper/doctor/polkit.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

enum { BUS_PATIENCE_US = 10 * 1000 * 1000 };

/* The subject of the question, until it is ended; -1: there is none. */
static pid_t start_subject(const struct doctor *doctor)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ready[0]);
		if (child_drop(&doctor->account) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	/* It is the account's from here on, or has ended. */
	if (read(ready[0], &byte, 1) != 1 && pid > 0) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(ready[0]);
	return pid;
}

static void end_subject(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Without a person who could be asked: flags 0. A start-time of 0 has polkit look for itself. */
static enum polkit_answer check(sd_bus *bus, pid_t pid, uid_t uid, const char *action)
{
	sd_bus_message *reply = NULL;
	enum polkit_answer answer = POLKIT_SILENT;
	int authorised = 0, challenge = 0;

	if (sd_bus_call_method(
		bus, "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
		"org.freedesktop.PolicyKit1.Authority", "CheckAuthorization", NULL, &reply,
		"(sa{sv})sa{ss}us", "unix-process", 3, "pid", "u", (uint32_t)pid, "start-time", "t",
		(uint64_t)0, "uid", "i", (int32_t)uid, action, 0, (uint32_t)0, "") >= 0 &&
	    sd_bus_message_enter_container(reply, 'r', "bba{ss}") > 0 &&
	    sd_bus_message_read(reply, "bb", &authorised, &challenge) > 0)
		answer = authorised ? POLKIT_YES : POLKIT_NO;
	sd_bus_message_unref(reply);
	return answer;
}

enum polkit_answer polkit_ask(const struct doctor *doctor, const char *action)
{
	enum polkit_answer answer = POLKIT_SILENT;
	sd_bus *bus = NULL;
	pid_t pid = start_subject(doctor);

	if (pid < 0)
		return POLKIT_SILENT;
	if (sd_bus_open_system(&bus) >= 0) {
		sd_bus_set_method_call_timeout(bus, BUS_PATIENCE_US);
		answer = check(bus, pid, doctor->account.uid, action);
	}
	sd_bus_flush_close_unref(bus);
	end_subject(pid);
	return answer;
}
