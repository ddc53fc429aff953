/* SPDX-License-Identifier: MIT */
/* The rules that filters/compile.c compiles: each names a call and, maybe, what it is called with.
 */
#ifndef CERTRENEW_FILTER_RULES_H
#define CERTRENEW_FILTER_RULES_H

#include <seccomp.h>
#include <stddef.h>

enum { CHECK = 1, RENEW = 2, BOTH = CHECK | RENEW };

enum compared {
	ANY, /* the call, whatever its arguments */
	IS,  /* the argument's lower 32 bits, which is all that the kernel reads of an int */
	IS_NOT,
	HAS,	 /* all of these bits */
	HAS_NOT, /* none of these bits */
	IS_NULL, /* a pointer */
};

struct rule {
	int call; /* as libseccomp numbers it: negative where this architecture has no such call */
	int programs;
	struct condition {
		enum compared how;
		unsigned argument;
		unsigned value;
	} conditions[2];
};

/* clang-format off */
#define CALL(name, ...)		 {SCMP_SYS(name), BOTH, {__VA_ARGS__}}
#define ONLY(program, name, ...) {SCMP_SYS(name), program, {__VA_ARGS__}}
#define NUMBERED(number)	 {number, BOTH, {}}
/* clang-format on */

extern const struct rule forbidden_before_driver[];
extern const size_t forbidden_before_driver_count;
extern const struct rule permitted_after_driver[];
extern const size_t permitted_after_driver_count;

#endif
