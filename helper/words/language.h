/* SPDX-License-Identifier: MIT */
/*
 * The language of every text that a person sees. Texts are written in English where they are used
 * and looked up in the catalogues of packaging/po, which are compiled in: no file is opened, no
 * locale has to be installed, and none of the process is changed. A name that is not exactly one
 * of the shipped catalogues' means English, whatever it contains.
 */
#ifndef CERTRENEW_LANGUAGE_H
#define CERTRENEW_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Chooses for the whole process. `names` is as LANGUAGE or LANG have it: "zh_TW.UTF-8", "pt_BR:en";
 * the first that is shipped counts. NULL and "" mean English. `console`: it will be read on the
 * kernel's own text console, whose font has no Chinese: such a language becomes English there.
 */
void language_choose(const char *names, bool console);

/* What the front end asks for: the variables of gettext(3), in its order; "" for none. */
const char *language_of_environment(void);

/* The text in the chosen language, or `english` itself. Never freed. */
const char *language_text(const char *english) __attribute__((format_arg(1)));
/* For texts that are the same in English and not elsewhere; `context` says which is meant. */
const char *language_text_in(const char *context, const char *english)
    __attribute__((format_arg(2)));
const char *language_plural(const char *one, const char *many, long long number)
    __attribute__((format_arg(1), format_arg(2)));

/* What stands between two sentences: a blank, and nothing in Chinese. */
const char *language_gap(void);

#define _(english)	     language_text(english)
#define N_(english)	     english /* marked for translators, looked up later */
#define P_(one, many, count) language_plural(one, many, count)

#endif
