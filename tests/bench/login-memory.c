/* SPDX-License-Identifier: MIT */
/*
 * login-memory STACK: signs Alice in through this folder of PAM stacks, and says how many KiB of
 * memory this process, which is the login process, then has for itself alone (private and dirty:
 * clean pages are the file's, and nobody's).
 */
#include <stdio.h>
#include <string.h>

#include <security/pam_appl.h>

static int say_nothing(int count, const struct pam_message **messages,
		       struct pam_response **ret_responses, void *data)
{
	(void)count;
	(void)messages;
	(void)data;
	*ret_responses = NULL;
	return PAM_CONV_ERR;
}

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
	static const struct pam_conv conversation = {say_nothing, NULL};
	pam_handle_t *pamh = NULL;

	if (count != 2 ||
	    pam_start_confdir("login", "alice", &conversation, arguments[1], &pamh) !=
		PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_TTY, "/dev/tty1") != PAM_SUCCESS ||
	    pam_acct_mgmt(pamh, 0) != PAM_SUCCESS || pam_open_session(pamh, 0) != PAM_SUCCESS)
		return 1;
	printf("%ld\n", private_kib());
	pam_end(pamh, PAM_SUCCESS);
	return 0;
}
