/* SPDX-License-Identifier: MIT */
/* What the account may, found out by a child that becomes the account and tries. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/doctor/doctor.h"

/* An errno is a small number (errno(3)): it fits an exit status. */
typedef int trial(const char *path, int mode);

static int try_access(const char *path, int mode)
{
	return access(path, mode) == 0 ? 0 : errno;
}

static int try_connect(const char *path, int mode)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, mode);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (channel < 0 || connect(channel, (struct sockaddr *)&address, sizeof(address)) < 0)
		return errno;
	return 0;
}

static int as_account(const struct doctor *doctor, trial *attempt, const char *path, int mode)
{
	int status = 0;
	pid_t pid;

	if (!doctor->is_root || !doctor->has_account)
		return EAGAIN;
	pid = fork();
	if (pid == 0)
		_exit(child_drop(&doctor->account) < 0 ? EAGAIN : attempt(path, mode));
	if (pid < 0)
		return EAGAIN;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EAGAIN;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
}

int as_account_access(const struct doctor *doctor, const char *path, int mode)
{
	return as_account(doctor, try_access, path, mode);
}

int as_account_connect(const struct doctor *doctor, const char *path)
{
	return as_account(doctor, try_connect, path, 0);
}
