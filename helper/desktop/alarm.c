/* SPDX-License-Identifier: MIT */
#include "helper/desktop/alarm.h"

#include <stddef.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <glib-unix.h>

struct alarm_clock {
	int timer;
	guint source;
	int64_t when;
	void (*rings)(void *data);
	void *data;
};

static gboolean on_timer(gint timer, GIOCondition condition, gpointer data)
{
	struct alarm_clock *alarm = data;
	uint64_t times;

	(void)condition;
	/* ECANCELED: somebody set the clock. Armed again, it rings at once if its time has passed.
	 */
	if (read(timer, &times, sizeof(times)) != (ssize_t)sizeof(times)) {
		alarm_set(alarm, alarm->when);
		return G_SOURCE_CONTINUE;
	}
	alarm->when = 0;
	alarm->rings(alarm->data);
	return G_SOURCE_CONTINUE;
}

struct alarm_clock *alarm_new(void (*rings)(void *data), void *data)
{
	struct alarm_clock *alarm;
	int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (timer < 0)
		return NULL;
	alarm = g_new0(struct alarm_clock, 1);
	alarm->timer = timer;
	alarm->rings = rings;
	alarm->data = data;
	alarm->source = g_unix_fd_add(timer, G_IO_IN, on_timer, alarm);
	return alarm;
}

void alarm_set(struct alarm_clock *alarm, int64_t when)
{
	struct itimerspec spec = {.it_value = {.tv_sec = (time_t)when}};

	if (alarm == NULL)
		return;
	alarm->when = when;
	(void)timerfd_settime(alarm->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec,
			      NULL);
}

int64_t alarm_get(const struct alarm_clock *alarm)
{
	return alarm != NULL ? alarm->when : 0;
}

void alarm_free(struct alarm_clock *alarm)
{
	if (alarm == NULL)
		return;
	g_source_remove(alarm->source);
	close(alarm->timer);
	g_free(alarm);
}
