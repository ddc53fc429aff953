/* SPDX-License-Identifier: MIT */
/* The challenge phrase: it is in a struct secret and nowhere else, but for these buffers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/command/terminal.h"
#include "helper/common/secret.h"
#include "helper/lookup/choose.h"
#include "helper/lookup/revoke.h"
#include "helper/words/language.h"

static struct secret *refuse(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
	return NULL;
}

static struct secret *keep(const char *phrase, size_t length)
{
	struct secret *secret;

	if (length == 0)
		return refuse(_("There was no challenge phrase."));
	if (length > SECRET_MAX)
		return refuse(_("The challenge phrase is too long."));
	/* As text it would end there, at the CA as well as here: another phrase. */
	if (memchr(phrase, '\0', length) != NULL)
		return refuse(_("The challenge phrase is not text."));
	secret = secret_new(phrase, length);
	return secret != NULL ? secret : refuse(_("This computer could not do it."));
}

struct secret *revoke_ask_phrase(const char *prompt)
{
	char line[SECRET_MAX + 2];
	struct secret *secret = NULL;

	fflush(stdout);
	if (choose_can_ask() && terminal_read(prompt, line, sizeof(line), false) == 0)
		secret = keep(line, strlen(line));
	explicit_bzero(line, sizeof(line));
	return secret;
}

struct secret *revoke_read_phrase(int file)
{
	char bytes[SECRET_MAX + 3]; /* and a line's end, and one that is too many */
	struct secret *secret = NULL;
	size_t length = 0;
	ssize_t got = 1;

	while (got > 0 && length < sizeof(bytes)) {
		got = read(file, bytes + length, sizeof(bytes) - length);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			length += (size_t)got;
	}
	if (got < 0) {
		refuse(_("The challenge phrase cannot be read."));
	} else {
		if (length > 0 && bytes[length - 1] == '\n')
			length--;
		secret = keep(bytes, length);
	}
	explicit_bzero(bytes, sizeof(bytes));
	return secret;
}
