/* SPDX-License-Identifier: MIT */
/*
 * What sentences are made with. A sentence is translated as a whole: what goes into it are numbers,
 * dates and names, never words. Two sentences are joined by sentence_add alone.
 */
#ifndef CERTRENEW_SENTENCE_H
#define CERTRENEW_SENTENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "helper/common/message.h"
#include "helper/words/language.h"

enum {
	SENTENCE_MAX = 1024,
	DATE_MAX = 64,
	NAME_MAX_SHOWN = 160,
};

/* Into `out` of SENTENCE_MAX bytes, cut at a character's border; returns it. */
char *sentence_make(char *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a sentence, or a list's line, behind what `out` (of SENTENCE_MAX bytes) holds already. */
char *sentence_add(char *out, const char *sentence);
char *sentence_add_line(char *out, const char *line);

/* Local time, in the language's own way; "?" for what no calendar has. Each returns `out`. */
char *sentence_date(char out[DATE_MAX], int64_t when);
char *sentence_time(char out[DATE_MAX], int64_t when);

/* A name from a card or a certificate, on one line: a newline in it could forge lines of ours. */
char *sentence_name(char out[NAME_MAX_SHOWN], const char *name);

const char *sentence_for_role(enum certificate_role role, const char *encryption,
			      const char *signature) __attribute__((format_arg(2), format_arg(3)));

/*
 * Where the person reads it, for the whole process: on a desktop there is the menu, and whoever
 * clicks there may know no terminal. It is a terminal until something else is chosen.
 */
void sentence_choose_place(bool desktop);
/* `desktop` NULL: the same in both. */
const char *sentence_for_place(const char *terminal, const char *desktop)
    __attribute__((format_arg(1)));

#endif
