/* SPDX-License-Identifier: MIT */
/*
 * What happens around every call: it is counted, the script's rules are asked before and after,
 * and a line is logged. The one state of the shim is here, behind a lock that is never held while
 * a rule waits or the real module works.
 */
#ifndef CERTRENEW_SHIM_CALL_H
#define CERTRENEW_SHIM_CALL_H

#include "tests/world/shim/script.h"

#pragma GCC visibility push(hidden)

struct call {
	enum function function;
	unsigned long count;   /* among all calls of this process */
	unsigned long nth;     /* among the calls of this function */
	bool hidden;	       /* names a mechanism that the script hides */
	bool signs;	       /* gives a signature, not only its size */
	CK_ATTRIBUTE_PTR read; /* what is read of an object; NULL: nothing */
	CK_ULONG read_count;
	char detail[64];
};

struct shim {
	int ready; /* the script was read and the real module loaded */
	struct script script;
	CK_FUNCTION_LIST_PTR real;
};

/* Reads the script and loads the real module at the first call, whichever that is. */
const struct shim *shim_state(void);

/* Whether the real module is to be called; otherwise *ret_rv is the answer. */
bool call_begin(struct call *call, CK_RV *ret_rv);
/* What the caller gets for the call that the real module answered with rv. */
CK_RV call_end(struct call *call, CK_RV rv);

bool card_is_removed(void);

void note_mechanism(struct call *call, const CK_MECHANISM *mechanism);
void note_type(struct call *call, CK_MECHANISM_TYPE type);
void note_template(struct call *call, const CK_ATTRIBUTE *attributes, CK_ULONG count);
void note_object(struct call *call, CK_OBJECT_HANDLE object);
void note_reading(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes,
		  CK_ULONG count);
void note_signature(struct call *call, const CK_BYTE *signature);
void note_flags(struct call *call, CK_FLAGS flags);
/* The length of the PIN at most: a log is no place for the PIN. */
void note_login(struct call *call, CK_USER_TYPE user, const CK_UTF8CHAR *pin, CK_ULONG length);

#pragma GCC visibility pop
#endif
