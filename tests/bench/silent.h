/* SPDX-License-Identifier: MIT */
/* A person who sees nothing and answers nothing, for logins that are measured. */
#ifndef CERTRENEW_TESTS_SILENT_H
#define CERTRENEW_TESTS_SILENT_H

#include <stddef.h>

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

static const struct pam_conv silent = {say_nothing, NULL};

#endif
