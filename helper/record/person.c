/* SPDX-License-Identifier: MIT */
#include "helper/record/person.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* More than a person's cards, put-off certificates and outcomes ever come to. */
enum { FILE_MAX = 1 << 20 };

int person_open(const char *folder, unsigned uid, struct person *ret, struct failure *failure)
{
	struct person person;
	int locked;

	snprintf(person.name, sizeof(person.name), "%u", uid);
	snprintf(person.path, sizeof(person.path), "%s/%u", folder, uid);
	person.folder = file_open_folder(AT_FDCWD, folder, failure);
	if (person.folder < 0)
		return person.folder;
	do {
		locked = flock(person.folder, LOCK_EX);
	} while (locked < 0 && errno == EINTR);
	if (locked < 0) {
		fail_errno(failure, "locking %s", folder);
		close(person.folder);
		return -FAILURE_SYSTEM;
	}
	*ret = person;
	return 0;
}

int person_read(const struct person *person, struct file_content *ret, struct failure *failure)
{
	int result = file_read(person->folder, person->name, FILE_MAX, ret);

	return result < 0 ? fail_errno(failure, "%s", person->path) : result;
}

int person_write(const struct person *person, const void *bytes, size_t length,
		 struct failure *failure)
{
	int result;

	if (length > 0)
		result = file_replace(person->folder, person->name, bytes, length);
	else
		result = unlinkat(person->folder, person->name, 0) < 0 && errno != ENOENT ? -1 : 0;
	return result < 0 ? fail_errno(failure, "%s", person->path) : 0;
}

void person_close(struct person *person)
{
	close(person->folder);
}
