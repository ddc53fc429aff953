/* SPDX-License-Identifier: MIT */
/*
 * The shim's script: a text file named by the environment variable CERTRENEW_SHIM, read once in
 * the life of the process. Words are separated by blanks; a line that is empty or starts with
 * "# " is skipped; a line that says anything else than the following is an error.
 *
 *	module PATH           the real module (required)
 *	log FILE              a line for each call: COUNT PID NAME [DETAIL] → 0xRV
 *	keypad-pin PIN        typed on the reader: what a C_Login without a PIN uses
 *	pin-tries N FILE      the token locks after N wrong PINs; FILE remembers how many
 *	flags +FLAG -FLAG …   set or cleared in C_GetTokenInfo: COUNT_LOW … or a number
 *	pin-length MIN MAX    what C_GetTokenInfo says a PIN's length is, in bytes
 *	mechanism -NUMBER …   not listed, and refused where it is used
 *	inserted FILE         no slot has a token while FILE is not there
 *	other LABEL FILE      the card was swapped while FILE is there: every slot shows the token
 *	                      LABEL, and a C_Login goes to it; nothing else tells, which is the
 *	                      worst that a driver can do
 *	room N                the token takes no certificate once it has N: CKR_DEVICE_MEMORY
 *	unique-ids            nor one with the CKA_ID of another: CKR_GENERAL_ERROR
 *	read-only             whatever session is asked for
 *	pace SIGN READ        milliseconds, as a real card needs them: for each signature, and for
 *	                      each 256 bytes, or what is left of them, that one
 *	                      C_GetAttributeValue gives; what a size is asked for costs nothing
 *	count-bytes           the log says of each C_GetAttributeValue how many bytes it gave
 *	stale CONF FILE       while FILE is there a process sees SoftHSM's tokens of CONF
 *	program NAME          the rules that follow are for this program alone
 *	CALL [after] ACTION [once FILE]
 *
 *	CALL    C_Sign     every call of this function
 *	        C_Sign#2   the second call of it in this process
 *	        #57        the 57th call of all in this process
 *	        …+         that one and all that follow: C_Sign#2+, #57+
 *	after   the real module does its work first
 *	ACTION  error CODE          a number or CKR_…; CKR_OK is a lie: nothing was done
 *	        crash               by SIGSEGV
 *	        hang SECONDS
 *	        delay MILLISECONDS
 *	        wait FILE           blocks until FILE is there or gone again, whichever it is not
 *	                            when the call is made; CKR_OK then
 *	        removed             the card is pulled: CKR_DEVICE_REMOVED once, from then on
 *	                            CKR_TOKEN_NOT_PRESENT, and no slot has a token
 *	once    only if FILE can be created: the next process runs undisturbed
 *
 * FILE is opened inside the process under test: a sandbox there must allow it.
 */
#ifndef CERTRENEW_SHIM_SCRIPT_H
#define CERTRENEW_SHIM_SCRIPT_H

#include <stdbool.h>

#include "tests/world/shim/functions.h"

#pragma GCC visibility push(hidden)

enum { RULES_MAX = 64, HIDDEN_MAX = 64 };

enum action { ACTION_ERROR, ACTION_CRASH, ACTION_HANG, ACTION_DELAY, ACTION_REMOVED, ACTION_WAIT };

struct rule {
	int function;	   /* enum function, or -1 for any */
	unsigned long nth; /* counted from 1; 0: every call */
	bool onwards;
	bool after;
	enum action action;
	unsigned long value; /* a CK_RV, seconds or milliseconds */
	char *file;	     /* of ACTION_WAIT */
	char *once;	     /* NULL: always */
};

struct script {
	char *module;
	char *log;
	char *keypad_pin;
	char *tries_file;
	char *inserted;
	char *other_label;
	char *other_file;
	char *stale_conf, *stale_while;
	unsigned long room; /* 0: enough */
	bool unique_ids, read_only;
	unsigned long sign_ms, read_ms;
	bool count_bytes;
	bool not_ours; /* the rules being read are another program's */
	unsigned long tries;
	bool has_pin_length;
	unsigned long pin_min, pin_max;
	CK_FLAGS flags_set;
	CK_FLAGS flags_cleared;
	CK_MECHANISM_TYPE hidden[HIDDEN_MAX];
	size_t hidden_count;
	struct rule rules[RULES_MAX];
	size_t rule_count;
};

/*
 * Returns 0, or -1 after a word on stderr. *script is zeroed by the caller; script_free it in
 * both cases.
 */
int script_read(const char *path, struct script *script);
void script_free(struct script *script);

bool script_hides(const struct script *script, CK_MECHANISM_TYPE type);

#pragma GCC visibility pop
#endif
