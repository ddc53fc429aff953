/* SPDX-License-Identifier: MIT */
#include "helper/common/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/failure.h"
#include "helper/common/paths.h"

enum { CHILD_CHANNEL = 3 };

/*
 * What the child's descriptors become: /dev/null on 0 to 2, the channel on 3, nothing else.
 * dup2 onto itself would leave close-on-exec set; posix_spawn clears it for that case.
 */
static int plan_files(posix_spawn_file_actions_t *files, int channel)
{
	return posix_spawn_file_actions_adddup2(files, channel, CHILD_CHANNEL) != 0 ||
		       posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0) != 0 ||
		       posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0) != 0 ||
		       posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_WRONLY, 0) != 0 ||
		       posix_spawn_file_actions_addclosefrom_np(files, CHILD_CHANNEL + 1) != 0 ||
		       posix_spawn_file_actions_addchdir_np(files, "/") != 0
		   ? -1
		   : 0;
}

/* Whatever the host blocks or ignores (sshd: SIGPIPE), the child begins with the defaults. */
static int plan_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	return posix_spawnattr_setsigmask(attributes, &none) != 0 ||
		       posix_spawnattr_setsigdefault(attributes, &all) != 0 ||
		       posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
								POSIX_SPAWN_SETSIGDEF |
								POSIX_SPAWN_SETSID) != 0
		   ? -1
		   : 0;
}

static int spawn(int channel, pid_t *ret)
{
	char *const arguments[] = {(char *)"certrenew-helper", (char *)"--detach", NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int result = -1;

	if (posix_spawn_file_actions_init(&files) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) != 0)
		goto free_files;
	if (plan_files(&files, channel) == 0 && plan_attributes(&attributes) == 0 &&
	    (errno = posix_spawn(ret, PATH_HELPER, &files, &attributes, arguments, environment)) ==
		0)
		result = 0;
	posix_spawnattr_destroy(&attributes);
free_files:
	posix_spawn_file_actions_destroy(&files);
	return result;
}

int launch_helper(int *ret_channel)
{
	int ends[2];
	pid_t first;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -FAILURE_SYSTEM;
	if (spawn(ends[1], &first) < 0) {
		close(ends[0]);
		close(ends[1]);
		return -FAILURE_SYSTEM;
	}
	close(ends[1]);
	/* The first process only forks and ends. A host that ignores SIGCHLD makes this ECHILD. */
	while (waitpid(first, NULL, 0) < 0 && errno == EINTR)
		;
	*ret_channel = ends[0];
	return 0;
}

int launch_connect(int *ret_channel)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = PATH_SOCKET};
	int channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int kept;

	if (channel < 0)
		return -FAILURE_SYSTEM;
	if (connect(channel, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    fcntl(channel, F_SETFL, 0) < 0) {
		kept = errno;
		close(channel);
		errno = kept;
		return -FAILURE_SYSTEM;
	}
	*ret_channel = channel;
	return 0;
}
