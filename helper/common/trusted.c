/* SPDX-License-Identifier: MIT */
#include "helper/common/trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static int refuse(char why[TRUSTED_WHY_MAX],
							const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, TRUSTED_WHY_MAX, format, arguments);
	va_end(arguments);
	errno = EPERM;
	return -1;
}

static int is_foreign(const struct stat *status)
{
	return status->st_uid != 0 && status->st_uid != geteuid();
}

static int is_open_to_others(const struct stat *status)
{
	return (status->st_mode & S_IWOTH) != 0 ||
	       ((status->st_mode & S_IWGRP) != 0 && status->st_gid != 0);
}

static int check_folder(const char *folder, char why[TRUSTED_WHY_MAX])
{
	struct stat status;

	if (stat(folder, &status) < 0)
		return refuse(why, "its folder %.128s cannot be looked at: %s", folder,
			      strerror(errno));
	if (is_foreign(&status))
		return refuse(why,
			      "its folder %.128s belongs to user %u, who could exchange it; "
			      "make root its owner",
			      folder, (unsigned)status.st_uid);
	if (is_open_to_others(&status) && (status.st_mode & S_ISVTX) == 0)
		return refuse(why,
			      "others may write its folder %.128s (mode %04o) and exchange it; "
			      "chmod go-w the folder",
			      folder, (unsigned)status.st_mode & 07777);
	return 0;
}

/* Each folder on the way, the root among them; a relative path's begin where we are. */
static int check_folders(const char *path, char why[TRUSTED_WHY_MAX])
{
	char folder[PATH_MAX];

	if (path[0] != '/' && check_folder(".", why) < 0)
		return -1;
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t length = (size_t)(slash - path);

		if (length >= sizeof(folder))
			return refuse(why, "its path is too long");
		memcpy(folder, path, length);
		folder[length] = '\0';
		if (check_folder(length == 0 ? "/" : folder, why) < 0)
			return -1;
	}
	return 0;
}

static int check_file(const struct stat *status, size_t most, char why[TRUSTED_WHY_MAX])
{
	if (!S_ISREG(status->st_mode))
		return refuse(why, "this is not a regular file; put a plain file there");
	if (is_foreign(status))
		return refuse(
		    why,
		    "it belongs to user %u, who could change what is done here; make root "
		    "its owner",
		    (unsigned)status->st_uid);
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return refuse(why,
			      "others than its owner may write it (mode %04o) and change what is "
			      "done here; chmod go-w it",
			      (unsigned)status->st_mode & 07777);
	if (status->st_nlink > 1)
		return refuse(why, "it has another name (a hard link), under which it could be "
				   "changed; remove that one, or put a copy here");
	if (status->st_size < 0 || (size_t)status->st_size > most)
		return refuse(why, "it is larger than %zu bytes; shorten it", most);
	return 0;
}

static int refuse_open(int error, char why[TRUSTED_WHY_MAX])
{
	switch (error) {
	case ENOENT:
		refuse(why, "there is no such file; create it, or check the name");
		break;
	case ELOOP:
		refuse(why, "this is a symbolic link, which could be turned elsewhere; put the "
			    "file itself there");
		break;
	case ENXIO:
		refuse(why, "this is not a regular file; put a plain file there");
		break;
	case EACCES:
		refuse(why, "user %u may not read it; make it readable for all",
		       (unsigned)geteuid());
		break;
	default:
		refuse(why, "it cannot be opened: %s", strerror(error));
	}
	errno = error;
	return -1;
}

int trusted_open(const char *path, size_t most, char why[TRUSTED_WHY_MAX])
{
	struct stat status;
	/* O_NONBLOCK: a FIFO in the file's place must not hold us. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return refuse_open(errno, why);
	if (fstat(fd, &status) < 0)
		refuse(why, "it cannot be read: %s", strerror(errno));
	else if (check_file(&status, most, why) == 0 && check_folders(path, why) == 0)
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}
