/* SPDX-License-Identifier: MIT */
/*
 * login-memory STACK: signs Alice in through this folder of PAM stacks, and says how many KiB of
 * memory this process, which is the login process, then has for itself alone (private and dirty:
 * clean pages are the file's, and nobody's).
 */
#include <stdio.h>
#include <string.h>

#include "tests/bench/silent.h"

static long private_kib(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long total = 0, kib;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			total += kib;
	if (file != NULL)
		fclose(file);
	return total;
}

int main(int count, char *arguments[])
{
	pam_handle_t *pamh = NULL;

	if (count != 2 ||
	    pam_start_confdir("login", "alice", &silent, arguments[1], &pamh) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_TTY, "/dev/tty1") != PAM_SUCCESS ||
	    pam_acct_mgmt(pamh, 0) != PAM_SUCCESS || pam_open_session(pamh, 0) != PAM_SUCCESS)
		return 1;
	printf("%ld\n", private_kib());
	pam_end(pamh, PAM_SUCCESS);
	return 0;
}
