/* SPDX-License-Identifier: MIT */
/*
 * A PKCS#11 module that forwards to a real one and misbehaves as a script says (script.h). Each
 * function is made from its line in functions.h; C_GetFunctionList is all that is exported.
 */
#include "tests/world/shim/call.h"
#include "tests/world/shim/token.h"

#define FORWARD_real(name) shim_state()->real->name
#define FORWARD_own(name)  own_##name

#define NOTE_nothing   (void)0
#define NOTE_mechanism note_mechanism(&call, mechanism)
#define NOTE_type      note_type(&call, type)
#define NOTE_template  note_template(&call, attributes, count)
#define NOTE_object    note_object(&call, object)
#define NOTE_reading   note_reading(&call, object, attributes, count)
#define NOTE_signature note_signature(&call, out)
#define NOTE_flags     note_flags(&call, flags)
#define NOTE_login     note_login(&call, user, pin, pin_length)

static CK_RV own_C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list);

#define DEFINE(how, name, shape, note)                                               \
	static CK_RV shim_##name PARAMETERS_##shape                                  \
	{                                                                            \
		struct call call = {.function = FUNCTION_##name};                    \
		CK_RV rv = CKR_OK;                                                   \
                                                                                     \
		NOTE_##note;                                                         \
		if (call_begin(&call, &rv))                                          \
			rv = call_end(&call, FORWARD_##how(name) ARGUMENTS_##shape); \
		return rv;                                                           \
	}
SHIM_FUNCTIONS(DEFINE)

#define ENTRY(how, name, shape, note) .name = shim_##name,
static CK_FUNCTION_LIST functions = {.version = {2, 40}, SHIM_FUNCTIONS(ENTRY)};

static CK_RV own_C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
	if (list == NULL)
		return CKR_ARGUMENTS_BAD;
	*list = &functions;
	return CKR_OK;
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
	return shim_C_GetFunctionList(list);
}
