/* SPDX-License-Identifier: MIT */
/*
 * clock.so, for /etc/ld.so.preload: certrenew's programs see a clock that is as many seconds ahead
 * of the machine's, or behind, as the number in CLOCK says, also while they run. The machine's own
 * clock is everybody's, and namespaces leave it alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CLOCK "/etc/certrenew-clock" /* eight bytes, in this machine's order */

static const volatile int64_t *ahead;

/* Other libraries' constructors may run before ours, and ask for the time. */
static int real_clock_gettime(clockid_t clock, struct timespec *ret)
{
	static int (*real)(clockid_t, struct timespec *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	return real(clock, ret);
}

/* Before there is a sandbox: what is mapped now is seen to change later. */
__attribute__((constructor)) static void open_clock(void)
{
	int fd;
	void *place;

	if (strncmp(program_invocation_short_name, "certrenew", strlen("certrenew")) != 0)
		return;
	fd = open(CLOCK, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	place = mmap(NULL, sizeof(*ahead), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (place != MAP_FAILED)
		ahead = place;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int result = real_clock_gettime(clock, ret);

	if (result == 0 && ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += *ahead;
	return result;
}

time_t time(time_t *ret)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now = {0};

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}
