/* SPDX-License-Identifier: MIT */
#include "helper/record/untold.h"

#include <stdlib.h>
#include <string.h>

#include "helper/record/person.h"

static int is_outcome(enum message_type type)
{
	return type == MESSAGE_RENEWED || type == MESSAGE_WAITING || type == MESSAGE_FAILED ||
	       type == MESSAGE_DONE;
}

static int read_outcomes(const struct person *person, struct untold *ret, struct failure *failure)
{
	struct untold untold = {.outcomes.count = 0};
	int result;

	result = person_read(person, &untold.content, failure);
	if (result <= 0)
		return result;
	result =
	    frames_decode(untold.content.bytes, untold.content.length, &untold.outcomes, failure);
	for (size_t i = 0; result == 0 && i < untold.outcomes.count; i++)
		if (!is_outcome(message_type(untold.outcomes.items[i])))
			result =
			    fail(failure, FAILURE_PROTOCOL, "%s: not only outcomes", person->path);
	if (result < 0) {
		untold_free(&untold);
		return result;
	}
	*ret = untold;
	return 1;
}

static int write_outcomes(const struct person *person, const struct frames *outcomes,
			  struct failure *failure)
{
	size_t from = outcomes->count > UNTOLD_MAX ? outcomes->count - UNTOLD_MAX : 0;
	unsigned char *bytes = NULL;
	size_t length = 0;
	int result;

	result = frames_encode(outcomes, from, &bytes, &length, failure);
	if (result == 0)
		result = person_write(person, bytes, length, failure);
	free(bytes);
	return result;
}

int untold_add(const char *folder, unsigned uid, const struct frames *outcomes,
	       struct failure *failure)
{
	struct untold untold = {.outcomes.count = 0};
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	(void)read_outcomes(&person, &untold, NULL);
	for (size_t i = 0; i < outcomes->count && result == 0; i++)
		result = frames_add(&untold.outcomes, frames_copy(outcomes->items[i]), failure);
	if (result == 0)
		result = write_outcomes(&person, &untold.outcomes, failure);
	person_close(&person);
	untold_free(&untold);
	return result;
}

int untold_read(const char *folder, unsigned uid, struct untold *ret, struct failure *failure)
{
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	result = read_outcomes(&person, ret, failure);
	if (result == -FAILURE_PROTOCOL)
		(void)person_write(&person, NULL, 0, NULL);
	person_close(&person);
	return result;
}

int untold_forget(const char *folder, unsigned uid, const struct untold *told,
		  struct failure *failure)
{
	struct file_content now = {.bytes = NULL};
	size_t length = told->content.length;
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	result = person_read(&person, &now, failure);
	/* Another front end may have been told, or an outcome added, in the meantime. */
	if (result == 1 && now.length >= length &&
	    memcmp(now.bytes, told->content.bytes, length) == 0)
		result = person_write(&person, now.bytes + length, now.length - length, failure);
	person_close(&person);
	file_free(&now);
	return result < 0 ? result : 0;
}

void untold_free(struct untold *untold)
{
	frames_free(&untold->outcomes);
	file_free(&untold->content);
}
