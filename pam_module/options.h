/* SPDX-License-Identifier: MIT */
/* The module's arguments, as they stand behind pam_certrenew.so in a PAM profile. */
#ifndef CERTRENEW_PAM_OPTIONS_H
#define CERTRENEW_PAM_OPTIONS_H

#include <stdbool.h>

#include <security/pam_modules.h>

/* The texts point into argv: they last as long as the call of pam_sm_*. */
struct options {
	const char *prompt; /* "off", "notice", "ask" or "require"; NULL: as configured */
	const char *config; /* an absolute path; NULL: the usual one */
	bool debug;
};

/*
 * Reads the arguments. One that is unknown, or has a bad value, is logged and otherwise
 * ignored: a typing error in a profile must not keep anybody out.
 */
void options_read(pam_handle_t *pamh, int argc, const char **argv, struct options *ret_options);

/* Whether these options ask for `prompt`. */
bool options_prompt_is(const struct options *options, const char *prompt);

#endif
