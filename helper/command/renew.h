/* SPDX-License-Identifier: MIT */
/* certrenew renew: the conversation on a terminal. */
#ifndef CERTRENEW_RENEW_H
#define CERTRENEW_RENEW_H

#include <stdbool.h>

/* Returns the command's exit status (exit.h). */
int renew(bool assume_yes);

/* Becomes the desktop's agent, which renews in windows; returns EXIT_ERROR where there is none. */
int renew_on_desktop(void);

#endif
