/* SPDX-License-Identifier: MIT */
/*
 * One person's file in a folder of records: its name is the uid. While it is open the folder is
 * locked, so that what is read, changed and written back is nobody else's at the time; that takes
 * milliseconds, and nobody may hold it longer, least of all while a peer or a card is waited for.
 */
#ifndef CERTRENEW_RECORD_PERSON_H
#define CERTRENEW_RECORD_PERSON_H

#include "helper/record/file.h"

struct person {
	int folder;
	char name[16];
	char path[256]; /* for what is said of it */
};

/* Opens and locks `folder` for the person. Returns 0 or -FAILURE_SYSTEM. */
int person_open(const char *folder, unsigned uid, struct person *ret, struct failure *failure);

/* 1 with *ret filled, 0 if there is nothing, or -FAILURE_SYSTEM. */
int person_read(const struct person *person, struct file_content *ret, struct failure *failure);

/* Replaces the file; nothing (length 0) removes it. 0 or -FAILURE_SYSTEM. */
int person_write(const struct person *person, const void *bytes, size_t length,
		 struct failure *failure);

void person_close(struct person *person);

#endif
