/* SPDX-License-Identifier: MIT */
/* The card's files (ISO 7816-4 §5.3, §7; ISO 7816-9): folders and transparent files. */
#ifndef CERTRENEW_TESTS_VCARD_FILES_H
#define CERTRENEW_TESTS_VCARD_FILES_H

#include <stdbool.h>

#include "tests/world/vcard/apdu.h"

enum { FILES_MAX = 64, FILE_CONTROL_MAX = 128, FILE_RIGHTS = 8 };

struct file {
	bool exists, is_folder;
	uint16_t id;
	struct file *folder;		   /* NULL: the master file */
	uint8_t control[FILE_CONTROL_MAX]; /* its file control parameters, as it was created */
	size_t control_length;
	uint8_t rights[FILE_RIGHTS];
	uint8_t *bytes;
	size_t size;
};

struct files {
	struct file all[FILES_MAX];
	struct file *folder;
	struct file *current; /* NULL: the folder */
};

/* Who asks: whether the PIN was given, and whether the card asks for it yet. */
struct caller {
	bool authenticated, unprotected;
};

void files_start(struct files *files);
/* As after power-on and after the applet's selection: at the master file. */
void files_reset(struct files *files);

/* Each carries out one command and returns its status word. */
unsigned files_select(struct files *files, const struct command *command, struct response *ret);
unsigned files_read(struct files *files, const struct caller *caller, const struct command *command,
		    struct response *ret);
unsigned files_update(struct files *files, const struct caller *caller,
		      const struct command *command);
unsigned files_create(struct files *files, const struct caller *caller,
		      const struct command *command);
unsigned files_delete(struct files *files, const struct caller *caller,
		      const struct command *command);

/* Whether a key may be made where the card stands. */
bool files_may_create(const struct files *files, const struct caller *caller);

#endif
