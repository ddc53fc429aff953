/* SPDX-License-Identifier: MIT */
/* What comes next: a heap, the soonest first. */
#include "tests/fleet/fleet.h"

#include <stdlib.h>

void event_add(struct fleet *fleet, int64_t at, uint32_t who, enum what what)
{
	size_t i = fleet->events++;

	/* Without memory there is nothing to simulate with. */
	if (fleet->events > fleet->room) {
		fleet->room = 2 * fleet->events;
		fleet->heap = realloc(fleet->heap, fleet->room * sizeof(*fleet->heap));
		if (fleet->heap == NULL)
			abort();
	}
	for (; i > 0 && fleet->heap[(i - 1) / 2].at > at; i = (i - 1) / 2)
		fleet->heap[i] = fleet->heap[(i - 1) / 2];
	fleet->heap[i] = (struct event){at, who, what};
}

struct event event_take(struct fleet *fleet)
{
	struct event first = fleet->heap[0], last = fleet->heap[--fleet->events];
	size_t i = 0, child;

	for (; (child = 2 * i + 1) < fleet->events; i = child) {
		if (child + 1 < fleet->events && fleet->heap[child + 1].at < fleet->heap[child].at)
			child++;
		if (fleet->heap[child].at >= last.at)
			break;
		fleet->heap[i] = fleet->heap[child];
	}
	fleet->heap[i] = last;
	return first;
}
