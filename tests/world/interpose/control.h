/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong, where: the control file /etc/certrenew-interpose, read once by each process,
 *when it begins. The interposer is loaded by /etc/ld.so.preload, as our programs run with an
 *environment of their own; without the file it does nothing. Lines of words:
 *
 *	durable FILE        what any certrenew program has fsynced is noted in FILE (durable.h)
 *	program NAME        the only program (its short name) that the rest is for
 *	from OBJECT         only calls made by the object whose path contains this; otherwise all
 *but those of the card's driver, which is another machine count CLASS FILE    calls of this class
 *are counted in FILE, which all processes share (trace.h) #N[+] [after] ACTION    what happens at
 *the Nth of them; +: and at all that follow clock SECONDS       the wall clock is that far ahead,
 *or behind
 *
 *	CLASS   write       what writes, creates or removes, or makes it last
 *	        disk        of these, what a disk may be too full for
 *	        file        what needs a descriptor or a process
 *	        memory      what needs memory
 *	after   the call does its work first
 *	ACTION  error NAME  fails with this errno; close(2) closes all the same
 *	        short       writes half of what it was given
 *	        kill        SIGKILL
 *	        clock SECONDS   from then on
 */
#ifndef CERTRENEW_INTERPOSE_CONTROL_H
#define CERTRENEW_INTERPOSE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum call_class { CLASS_WRITE = 1, CLASS_FILE = 2, CLASS_MEMORY = 4, CLASS_DISK = 8 };

enum action { ACTION_NONE, ACTION_ERROR, ACTION_SHORT, ACTION_KILL, ACTION_CLOCK };

enum { CONTROL_TEXT = 128 };

struct control {
	char durable[CONTROL_TEXT];
	char program[CONTROL_TEXT];
	char from[CONTROL_TEXT];
	char trace[CONTROL_TEXT];
	unsigned classes; /* enum call_class */
	uint64_t nth;	  /* 0: none */
	bool onwards;
	bool after;
	enum action action;
	int error;	 /* an errno */
	int64_t seconds; /* of ACTION_CLOCK */
	int64_t ahead;
};

/* Returns 0, 1 if there is no such file, or -1 for a line that it does not understand. */
int control_read(const char *path, struct control *ret);

#pragma GCC visibility pop

#endif
