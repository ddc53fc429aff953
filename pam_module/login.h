/* SPDX-License-Identifier: MIT */
/*
 * Whose login it is. Decided from what PAM knows, before anything is started: a person who
 * signs in here counts; su, cron, a greeter, root and a remote login cost nothing. What is
 * left goes to the helper, which alone reads the configuration's list of services.
 */
#ifndef CERTRENEW_PAM_LOGIN_H
#define CERTRENEW_PAM_LOGIN_H

#include <stdbool.h>

#include <security/pam_modules.h>

/* Each is NULL where PAM has none; they point into the PAM handle. */
struct login {
	const char *user;
	const char *service;
	const char *remote_host;   /* PAM_RHOST */
	const char *terminal;	   /* PAM_TTY */
	const char *display;	   /* PAM_XDISPLAY */
	const char *session_class; /* XDG_SESSION_CLASS in PAM's environment, as are the next */
	const char *session_type;
	const char *seat;
	const char *virtual_terminal;
	const char *language; /* LC_ALL, LC_MESSAGES or LANG, whichever is the first one set */
	const char *token;    /* PKCS11_LOGIN_TOKEN_NAME: the label of the card used to sign in */
};

void login_read(pam_handle_t *pamh, struct login *ret_login);

/* NULL if this login counts; otherwise why it does not, for the debug log. */
const char *login_refusal(const struct login *login);

/* Whether the user exists and is not root. May ask the name service: call it last. */
bool login_is_of_person(pam_handle_t *pamh, const struct login *login);

/* The session is this machine's own seat's: a virtual console or a local display. */
bool login_is_at_seat(const struct login *login);

/* What is shown is read on the kernel's own text console. */
bool login_is_on_console(const struct login *login);

/* A graphical login: its own dialogs cannot ask, the desktop's agent will. */
bool login_is_graphical(const struct login *login);

#endif
