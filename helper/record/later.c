/* SPDX-License-Identifier: MIT */
#include "helper/record/later.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper/ca/retry_after.h"
#include "helper/record/person.h"

enum { LINE_MAX_LENGTH = CERTIFICATE_KEY_MAX + 4 * 21 + 1 };

/* Up to a blank or the line's end. */
static int parse_time(const char **at, int64_t *ret)
{
	int64_t time = 0;
	const char *start = *at;

	for (; **at >= '0' && **at <= '9' && *at - start < 15; (*at)++)
		time = 10 * time + (**at - '0');
	if (*at == start || (**at != ' ' && **at != '\n'))
		return -1;
	*ret = time;
	return 0;
}

static int parse_next(const char **at, int64_t *ret)
{
	if (**at != ' ')
		return -1;
	(*at)++;
	return parse_time(at, ret);
}

/* `line` ends in a newline. */
static int parse_line(const char *line, struct later *ret)
{
	size_t digits = strspn(line, "0123456789abcdef");
	struct later later = {.when = 0};
	const char *at = line + digits;

	if (digits != CERTIFICATE_KEY_MAX - 1)
		return -1;
	memcpy(later.key, line, digits);
	if (parse_next(&at, &later.when) < 0 || parse_next(&at, &later.not_after) < 0 ||
	    parse_next(&at, &later.until) < 0)
		return -1;
	if (*at != '\n' && (parse_next(&at, &later.refused) < 0 || *at != '\n'))
		return -1;
	*ret = later;
	return 0;
}

static void parse(const char *text, struct later_list *ret)
{
	struct later_list list = {.count = 0};
	struct later later;
	const char *end;

	for (; *text != '\0'; text = end + 1) {
		end = strchr(text, '\n');
		if (list.count == LATER_MAX || end == NULL || parse_line(text, &later) < 0)
			list.damaged++;
		else
			list.items[list.count++] = later;
		if (end == NULL)
			break;
	}
	*ret = list;
}

static int read_list(const struct person *person, struct later_list *ret, struct failure *failure)
{
	struct file_content content = {.bytes = NULL};
	int result;

	result = person_read(person, &content, failure);
	if (result < 0)
		return result;
	if (result == 1)
		parse((const char *)content.bytes, ret);
	else
		*ret = (struct later_list){.count = 0};
	file_free(&content);
	return 0;
}

int later_read(const char *folder, unsigned uid, struct later_list *ret, struct failure *failure)
{
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	result = read_list(&person, ret, failure);
	person_close(&person);
	return result;
}

void later_note(struct later_list *list, const struct later *later)
{
	size_t at = 0, oldest = 0;

	for (; at < list->count && strcmp(list->items[at].key, later->key) != 0; at++)
		if (list->items[at].when < list->items[oldest].when)
			oldest = at;
	if (at == LATER_MAX)
		at = oldest;
	else if (at == list->count)
		list->count++;
	list->items[at] = *later;
}

static int write_list(const struct person *person, const struct later_list *list, int64_t now,
		      struct failure *failure)
{
	char text[LATER_MAX * LINE_MAX_LENGTH];
	size_t used = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct later *one = &list->items[i];

		if ((one->not_after < now && one->until <= now) ||
		    (one->when == 0 && one->until == 0 && one->refused == 0))
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s %" PRId64 " %" PRId64 " %" PRId64, one->key, one->when,
					 one->not_after, one->until);
		if (one->refused > 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " %" PRId64,
						 one->refused);
		text[used++] = '\n';
	}
	return person_write(person, text, used, failure);
}

static const struct later *find(const struct later_list *list, const char *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].key, key) == 0)
			return &list->items[i];
	return NULL;
}

static struct later keep_until(const struct later *new, const struct later *old)
{
	struct later kept = *new;

	kept.until = old != NULL ? old->until : 0;
	kept.refused = old != NULL ? old->refused : 0;
	return kept;
}

static struct later keep_when(const struct later *new, const struct later *old)
{
	struct later kept = *new;

	kept.when = old != NULL ? old->when : 0;
	return kept;
}

static int change(const char *folder, unsigned uid, const struct later_list *changes,
		  struct later (*keep)(const struct later *new, const struct later *old),
		  int64_t now, struct failure *failure)
{
	struct later_list list = {.count = 0};
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	(void)read_list(&person, &list, NULL);
	for (size_t i = 0; i < changes->count; i++) {
		const struct later *new = &changes->items[i];
		const struct later kept = keep(new, find(&list, new->key));

		later_note(&list, &kept);
	}
	result = write_list(&person, &list, now, failure);
	person_close(&person);
	return result;
}

int later_add(const char *folder, unsigned uid, const struct later_list *added, int64_t now,
	      struct failure *failure)
{
	return change(folder, uid, added, keep_until, now, failure);
}

int later_wait(const char *folder, unsigned uid, const struct later_list *waiting, int64_t now,
	       struct failure *failure)
{
	return change(folder, uid, waiting, keep_when, now, failure);
}

int64_t later_when(const struct later_list *list, const char *key, int64_t now)
{
	const struct later *found = find(list, key);

	return found != NULL && found->when <= now ? found->when : 0;
}

int64_t later_until(const struct later_list *list, const char *key, int64_t now)
{
	const struct later *found = find(list, key);

	if (found == NULL || found->until > now + RETRY_UNASKED_MAX ||
	    (found->until > found->not_after && now <= found->not_after))
		return 0;
	return found->until;
}

int64_t later_refused(const struct later_list *list, const char *key)
{
	const struct later *found = find(list, key);

	return found != NULL ? found->refused : 0;
}
