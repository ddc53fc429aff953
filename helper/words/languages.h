/* SPDX-License-Identifier: MIT */
/* The languages that are compiled in, as packaging/po/LINGUAS lists them. */
#ifndef CERTRENEW_LANGUAGES_H
#define CERTRENEW_LANGUAGES_H

#include <stdbool.h>
#include <stddef.h>

struct language {
	const char *name;		   /* its catalogue is packaging/po/NAME.po */
	const char *const *names;	   /* the exact names that mean it; NULL-terminated */
	const unsigned char *start, *end;  /* the compiled catalogue */
	unsigned (*form)(unsigned long n); /* which plural form belongs to n things */
	const char *plural_forms;	   /* that rule, as the catalogue's header says it */
	const char *gap;		   /* between two sentences */
	bool console;			   /* the kernel's console has the characters */
};

extern const struct language languages[];
extern const size_t languages_count;

#endif
