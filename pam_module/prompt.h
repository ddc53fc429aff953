/* SPDX-License-Identifier: MIT */
/* One text or one question through the host's PAM conversation. */
#ifndef CERTRENEW_PAM_PROMPT_H
#define CERTRENEW_PAM_PROMPT_H

#include <security/pam_modules.h>

/* Shows `text` as PAM_TEXT_INFO or PAM_ERROR_MSG; that a host cannot is no error. */
void prompt_show(pam_handle_t *pamh, int style, const char *text);

/*
 * Asks by PAM_PROMPT_ECHO_ON or _OFF. Returns 0 and what was typed (prompt_free it),
 * -FAILURE_NOT_SHOWN if the host could not ask, or did and has no answer to give, or
 * -FAILURE_NO_ANSWER if the host's own alarm was too near to wait on.
 */
int prompt_ask(pam_handle_t *pamh, int style, const char *text, char **ret_typed);

/* Wipes and frees; NULL is fine. */
void prompt_free(char *typed);

#endif
