/* SPDX-License-Identifier: MIT */
/* A window that asks or tells, beside the main loop. */
#ifndef CERTRENEW_DESKTOP_DIALOG_H
#define CERTRENEW_DESKTOP_DIALOG_H

#include "helper/desktop/pinentry.h"

struct dialog;

/* `pin` is NULL unless one was asked for and typed; it is freed after the call. */
typedef void dialog_answered(void *data, enum pinentry_result result, const struct secret *pin);

/* Takes the question's texts, which are g_malloc'ed. The dialog is freed after `answered`. */
struct dialog *dialog_open(const struct pinentry_question *question, dialog_answered *answered,
			   void *data);

/* Closes the window; `answered` is not called any more. NULL is fine. */
void dialog_end(struct dialog *dialog);

#endif
