/* SPDX-License-Identifier: MIT */
#include "pam_module/alarm.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "helper/common/failure.h"

static int64_t microseconds(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t spare_of(struct timeval left)
{
	int64_t spare;

	if (!timerisset(&left))
		return -1;
	spare = microseconds(left) / 1000 - ALARM_MARGIN_MS;
	return spare < 0 ? 0 : spare;
}

/* What is left after `elapsed_us`; never nothing, which would disarm a clock that is overdue. */
static struct timeval rest_of(struct timeval left, int64_t elapsed_us)
{
	int64_t rest = microseconds(left) - elapsed_us;

	if (rest < 1)
		rest = 1;
	return (struct timeval){.tv_sec = rest / 1000000, .tv_usec = rest % 1000000};
}

/* misc_conv's time is a whole second of the wall clock: the last that is not past ours. */
static time_t die_time_for(time_t now, int64_t spare_ms, time_t former)
{
	time_t ours = now + (time_t)(spare_ms / 1000);

	return former != 0 && former < ours ? former : ours;
}

int64_t alarm_spare(void)
{
	struct itimerval timer = {0};

	return getitimer(ITIMER_REAL, &timer) < 0 ? -1 : spare_of(timer.it_value);
}

static bool is_enough(int64_t spare)
{
	return spare < 0 || spare >= ALARM_QUESTION_MS;
}

bool alarm_leaves_time(void)
{
	return is_enough(alarm_spare());
}

/* Found among what the host has loaded: linking libpam_misc would bring it to every host. */
static bool is_misc_conv(const struct pam_conv *conversation, struct alarm_hold *hold)
{
	void *function = dlsym(RTLD_DEFAULT, "misc_conv");

	hold->die_time = dlsym(RTLD_DEFAULT, "pam_misc_conv_die_time");
	hold->died = dlsym(RTLD_DEFAULT, "pam_misc_conv_died");
	return function != NULL && hold->die_time != NULL && hold->died != NULL &&
	       memcmp(&conversation->conv, &function, sizeof(function)) == 0;
}

int alarm_hold(const struct pam_conv *conversation, struct alarm_hold *ret_hold)
{
	static const struct itimerval stopped;
	struct alarm_hold hold = {0};
	int64_t spare = alarm_spare();

	if (spare < 0) {
		*ret_hold = hold;
		return 0;
	}
	if (!is_enough(spare) || !is_misc_conv(conversation, &hold))
		return -FAILURE_NOT_SHOWN;
	hold.former_die_time = *hold.die_time;
	hold.former_died = *hold.died;
	*hold.die_time = die_time_for(time(NULL), spare, hold.former_die_time);
	*hold.died = 0;
	hold.since_us = now_us();
	setitimer(ITIMER_REAL, &stopped, &hold.timer);
	*ret_hold = hold;
	return 0;
}

bool alarm_release(struct alarm_hold *hold)
{
	bool died;

	if (hold->die_time == NULL)
		return false;
	died = *hold->died != 0;
	*hold->die_time = hold->former_die_time;
	*hold->died = hold->former_died;
	hold->timer.it_value = rest_of(hold->timer.it_value, now_us() - hold->since_us);
	setitimer(ITIMER_REAL, &hold->timer, NULL);
	return died;
}
