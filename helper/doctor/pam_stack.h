/* SPDX-License-Identifier: MIT */
/* Where our module and pam_systemd stand in a PAM service's stack (pam.d(5)). */
#ifndef CERTRENEW_PAM_STACK_H
#define CERTRENEW_PAM_STACK_H

#include <stdbool.h>

#ifndef PAM_STACK_FOLDER
#define PAM_STACK_FOLDER SYSCONFDIR "/pam.d"
#endif

enum { PAM_MODULE_NAME_MAX = 64 };

struct pam_stack {
	unsigned certrenew; /* the first of its places in the session stage, from 1; 0: none */
	unsigned systemd;   /* the last one of pam_systemd; 0: none */
	bool account;	    /* our module is in the account stage */
	/* the module before it there whose success ends the stage; or "" */
	char ender[PAM_MODULE_NAME_MAX];
};

/*
 * Reads a service's file with all that it includes: @include, include, substack. Returns 0, or -1
 * if there is no such file.
 */
int pam_stack_read(const char *service, struct pam_stack *ret);

#endif
