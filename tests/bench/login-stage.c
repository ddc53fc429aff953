/* SPDX-License-Identifier: MIT */
/*
 * login-stage ROUNDS STACK...: what the account and session stages of a graphical login take for
 * each folder of PAM stacks, as raw figures in the form of interleave.c's. The stacks take turns in
 * every round, so that what else the machine does hits them alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/silent.h"

enum { STACKS_MAX = 8, PAUSE_US = 30000 };

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* As gdm does it: the display as terminal, and what pam_systemd leaves in the environment. */
static double one_login(const char *stack)
{
	pam_handle_t *pamh = NULL;
	double start, end;
	int account, session;

	if (pam_start_confdir("gdm-password", "alice", &silent, stack, &pamh) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_TTY, "/dev/tty2") != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_XDISPLAY, ":1") != PAM_SUCCESS ||
	    pam_putenv(pamh, "XDG_SESSION_TYPE=wayland") != PAM_SUCCESS ||
	    pam_putenv(pamh, "XDG_SESSION_CLASS=user") != PAM_SUCCESS ||
	    pam_putenv(pamh, "XDG_SEAT=seat0") != PAM_SUCCESS)
		exit(2);
	start = now_us();
	account = pam_acct_mgmt(pamh, 0);
	session = pam_open_session(pamh, 0);
	end = now_us();
	pam_end(pamh, session);
	if (account != PAM_SUCCESS || session != PAM_SUCCESS) {
		fprintf(stderr, "%s: account %d, session %d\n", stack, account, session);
		exit(1);
	}
	return end - start;
}

static void write_raw(const double *times, long rounds, char *const names[], int count)
{
	printf("{\"rounds\": %ld, \"cases\": [\n", rounds);
	for (int i = 0; i < count; i++) {
		const char *slash = strrchr(names[i], '/');

		printf("{\"name\": \"%s\",\n \"wall_ms\": [", slash ? slash + 1 : names[i]);
		for (long round = 0; round < rounds; round++)
			printf("%s%.4f", round > 0 ? ", " : "", times[i * rounds + round] / 1e3);
		printf("]}%s\n", i + 1 < count ? "," : "");
	}
	printf("]}\n");
}

int main(int count, char *arguments[])
{
	long rounds = count > 2 ? strtol(arguments[1], NULL, 10) : 0;
	int stacks = count - 2;
	double *times;

	if (rounds < 1 || stacks > STACKS_MAX) {
		fprintf(stderr, "usage: login-stage ROUNDS STACK...\n");
		return 2;
	}
	times = calloc((size_t)rounds * (size_t)stacks, sizeof(*times));
	if (times == NULL)
		return 2;
	for (long round = 0; round < rounds; round++)
		for (int stack = 0; stack < stacks; stack++) {
			times[stack * rounds + round] = one_login(arguments[2 + stack]);
			/* What the login has started in the background is the next one's not. */
			usleep(PAUSE_US);
		}
	write_raw(times, rounds, arguments + 2, stacks);
	free(times);
	return 0;
}
