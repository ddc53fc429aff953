/* SPDX-License-Identifier: MIT */
/*
 * Every function of PKCS#11 2.40, once: FUNCTION(how, name, shape, note).
 *
 *	how    real: forwarded as it is; own: token.c has its say
 *	shape  the parameters, below; many functions share one
 *	note   what the log and the rules learn about the call (call.h)
 */
#ifndef CERTRENEW_SHIM_FUNCTIONS_H
#define CERTRENEW_SHIM_FUNCTIONS_H

#include <p11-kit/pkcs11.h>

/* clang-format off */
#define SHIM_FUNCTIONS(FUNCTION) \
	FUNCTION(real, C_Initialize,          POINTER,         nothing) \
	FUNCTION(real, C_Finalize,            POINTER,         nothing) \
	FUNCTION(real, C_GetInfo,             INFO,            nothing) \
	FUNCTION(own,  C_GetFunctionList,     FUNCTION_LIST,   nothing) \
	FUNCTION(own,  C_GetSlotList,         SLOT_LIST,       nothing) \
	FUNCTION(own,  C_GetSlotInfo,         SLOT_INFO,       nothing) \
	FUNCTION(own,  C_GetTokenInfo,        TOKEN_INFO,      nothing) \
	FUNCTION(own,  C_GetMechanismList,    MECHANISM_LIST,  nothing) \
	FUNCTION(real, C_GetMechanismInfo,    MECHANISM_INFO,  type) \
	FUNCTION(real, C_InitToken,           INIT_TOKEN,      nothing) \
	FUNCTION(real, C_InitPIN,             IN,              nothing) \
	FUNCTION(real, C_SetPIN,              SET_PIN,         nothing) \
	FUNCTION(own,  C_OpenSession,         OPEN_SESSION,    flags) \
	FUNCTION(real, C_CloseSession,        SESSION,         nothing) \
	FUNCTION(real, C_CloseAllSessions,    SLOT,            nothing) \
	FUNCTION(real, C_GetSessionInfo,      SESSION_INFO,    nothing) \
	FUNCTION(real, C_GetOperationState,   OUT,             nothing) \
	FUNCTION(real, C_SetOperationState,   SET_STATE,       nothing) \
	FUNCTION(own,  C_Login,               LOGIN,           login) \
	FUNCTION(real, C_Logout,              SESSION,         nothing) \
	FUNCTION(own,  C_CreateObject,        CREATE,          template) \
	FUNCTION(real, C_CopyObject,          COPY,            object) \
	FUNCTION(real, C_DestroyObject,       OBJECT,          object) \
	FUNCTION(real, C_GetObjectSize,       OBJECT_SIZE,     object) \
	FUNCTION(real, C_GetAttributeValue,   ATTRIBUTES,      reading) \
	FUNCTION(own,  C_SetAttributeValue,   ATTRIBUTES,      object) \
	FUNCTION(real, C_FindObjectsInit,     FIND_INIT,       template) \
	FUNCTION(real, C_FindObjects,         FIND,            nothing) \
	FUNCTION(real, C_FindObjectsFinal,    SESSION,         nothing) \
	FUNCTION(real, C_EncryptInit,         KEYED,           mechanism) \
	FUNCTION(real, C_Encrypt,             IN_OUT,          nothing) \
	FUNCTION(real, C_EncryptUpdate,       IN_OUT,          nothing) \
	FUNCTION(real, C_EncryptFinal,        OUT,             nothing) \
	FUNCTION(real, C_DecryptInit,         KEYED,           mechanism) \
	FUNCTION(real, C_Decrypt,             IN_OUT,          nothing) \
	FUNCTION(real, C_DecryptUpdate,       IN_OUT,          nothing) \
	FUNCTION(real, C_DecryptFinal,        OUT,             nothing) \
	FUNCTION(real, C_DigestInit,          UNKEYED,         mechanism) \
	FUNCTION(real, C_Digest,              IN_OUT,          nothing) \
	FUNCTION(real, C_DigestUpdate,        IN,              nothing) \
	FUNCTION(real, C_DigestKey,           OBJECT,          object) \
	FUNCTION(real, C_DigestFinal,         OUT,             nothing) \
	FUNCTION(real, C_SignInit,            KEYED,           mechanism) \
	FUNCTION(real, C_Sign,                IN_OUT,          signature) \
	FUNCTION(real, C_SignUpdate,          IN,              nothing) \
	FUNCTION(real, C_SignFinal,           OUT,             signature) \
	FUNCTION(real, C_SignRecoverInit,     KEYED,           mechanism) \
	FUNCTION(real, C_SignRecover,         IN_OUT,          nothing) \
	FUNCTION(real, C_VerifyInit,          KEYED,           mechanism) \
	FUNCTION(real, C_Verify,              IN_IN,           nothing) \
	FUNCTION(real, C_VerifyUpdate,        IN,              nothing) \
	FUNCTION(real, C_VerifyFinal,         IN,              nothing) \
	FUNCTION(real, C_VerifyRecoverInit,   KEYED,           mechanism) \
	FUNCTION(real, C_VerifyRecover,       IN_OUT,          nothing) \
	FUNCTION(real, C_DigestEncryptUpdate, IN_OUT,          nothing) \
	FUNCTION(real, C_DecryptDigestUpdate, IN_OUT,          nothing) \
	FUNCTION(real, C_SignEncryptUpdate,   IN_OUT,          nothing) \
	FUNCTION(real, C_DecryptVerifyUpdate, IN_OUT,          nothing) \
	FUNCTION(real, C_GenerateKey,         GENERATE,        mechanism) \
	FUNCTION(real, C_GenerateKeyPair,     GENERATE_PAIR,   mechanism) \
	FUNCTION(real, C_WrapKey,             WRAP,            mechanism) \
	FUNCTION(real, C_UnwrapKey,           UNWRAP,          mechanism) \
	FUNCTION(real, C_DeriveKey,           DERIVE,          mechanism) \
	FUNCTION(real, C_SeedRandom,          IN,              nothing) \
	FUNCTION(real, C_GenerateRandom,      IN,              nothing) \
	FUNCTION(real, C_GetFunctionStatus,   SESSION,         nothing) \
	FUNCTION(real, C_CancelFunction,      SESSION,         nothing) \
	FUNCTION(real, C_WaitForSlotEvent,    SLOT_EVENT,      nothing)

#define PARAMETERS_POINTER        (CK_VOID_PTR pointer)
#define ARGUMENTS_POINTER         (pointer)
#define PARAMETERS_INFO           (CK_INFO_PTR info)
#define ARGUMENTS_INFO            (info)
#define PARAMETERS_FUNCTION_LIST  (CK_FUNCTION_LIST_PTR_PTR list)
#define ARGUMENTS_FUNCTION_LIST   (list)
#define PARAMETERS_SLOT           (CK_SLOT_ID slot)
#define ARGUMENTS_SLOT            (slot)
#define PARAMETERS_SLOT_LIST      (CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
#define ARGUMENTS_SLOT_LIST       (present, slots, count)
#define PARAMETERS_SLOT_INFO      (CK_SLOT_ID slot, CK_SLOT_INFO_PTR info)
#define ARGUMENTS_SLOT_INFO       (slot, info)
#define PARAMETERS_SLOT_EVENT     (CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR pointer)
#define ARGUMENTS_SLOT_EVENT      (flags, slot, pointer)
#define PARAMETERS_TOKEN_INFO     (CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
#define ARGUMENTS_TOKEN_INFO      (slot, info)
#define PARAMETERS_MECHANISM_LIST \
	(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR mechanisms, CK_ULONG_PTR count)
#define ARGUMENTS_MECHANISM_LIST  (slot, mechanisms, count)
#define PARAMETERS_MECHANISM_INFO \
	(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info)
#define ARGUMENTS_MECHANISM_INFO  (slot, type, info)
#define PARAMETERS_INIT_TOKEN \
	(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG pin_length, CK_UTF8CHAR_PTR label)
#define ARGUMENTS_INIT_TOKEN      (slot, pin, pin_length, label)
#define PARAMETERS_SET_PIN \
	(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG old_length, \
	    CK_UTF8CHAR_PTR new, CK_ULONG new_length)
#define ARGUMENTS_SET_PIN         (session, old, old_length, new, new_length)
#define PARAMETERS_OPEN_SESSION \
	(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, \
	    CK_SESSION_HANDLE_PTR session)
#define ARGUMENTS_OPEN_SESSION    (slot, flags, application, notify, session)
#define PARAMETERS_SESSION        (CK_SESSION_HANDLE session)
#define ARGUMENTS_SESSION         (session)
#define PARAMETERS_SESSION_INFO   (CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info)
#define ARGUMENTS_SESSION_INFO    (session, info)
#define PARAMETERS_SET_STATE \
	(CK_SESSION_HANDLE session, CK_BYTE_PTR state, CK_ULONG length, \
	    CK_OBJECT_HANDLE encryption, CK_OBJECT_HANDLE authentication)
#define ARGUMENTS_SET_STATE       (session, state, length, encryption, authentication)
#define PARAMETERS_LOGIN \
	(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG pin_length)
#define ARGUMENTS_LOGIN           (session, user, pin, pin_length)
#define PARAMETERS_CREATE \
	(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count, \
	    CK_OBJECT_HANDLE_PTR object)
#define ARGUMENTS_CREATE          (session, attributes, count, object)
#define PARAMETERS_COPY \
	(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, \
	    CK_ULONG count, CK_OBJECT_HANDLE_PTR copy)
#define ARGUMENTS_COPY            (session, object, attributes, count, copy)
#define PARAMETERS_OBJECT         (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
#define ARGUMENTS_OBJECT          (session, object)
#define PARAMETERS_OBJECT_SIZE \
	(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG_PTR size)
#define ARGUMENTS_OBJECT_SIZE     (session, object, size)
#define PARAMETERS_ATTRIBUTES \
	(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes, \
	    CK_ULONG count)
#define ARGUMENTS_ATTRIBUTES      (session, object, attributes, count)
#define PARAMETERS_FIND_INIT \
	(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count)
#define ARGUMENTS_FIND_INIT       (session, attributes, count)
#define PARAMETERS_FIND \
	(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG maximum, \
	    CK_ULONG_PTR count)
#define ARGUMENTS_FIND            (session, objects, maximum, count)
#define PARAMETERS_UNKEYED        (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism)
#define ARGUMENTS_UNKEYED         (session, mechanism)
#define PARAMETERS_KEYED \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key)
#define ARGUMENTS_KEYED           (session, mechanism, key)
#define PARAMETERS_IN             (CK_SESSION_HANDLE session, CK_BYTE_PTR in, CK_ULONG in_length)
#define ARGUMENTS_IN              (session, in, in_length)
#define PARAMETERS_IN_IN \
	(CK_SESSION_HANDLE session, CK_BYTE_PTR in, CK_ULONG in_length, CK_BYTE_PTR signature, \
	    CK_ULONG signature_length)
#define ARGUMENTS_IN_IN           (session, in, in_length, signature, signature_length)
#define PARAMETERS_IN_OUT \
	(CK_SESSION_HANDLE session, CK_BYTE_PTR in, CK_ULONG in_length, CK_BYTE_PTR out, \
	    CK_ULONG_PTR out_length)
#define ARGUMENTS_IN_OUT          (session, in, in_length, out, out_length)
#define PARAMETERS_OUT \
	(CK_SESSION_HANDLE session, CK_BYTE_PTR out, CK_ULONG_PTR out_length)
#define ARGUMENTS_OUT             (session, out, out_length)
#define PARAMETERS_GENERATE \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR attributes, \
	    CK_ULONG count, CK_OBJECT_HANDLE_PTR key)
#define ARGUMENTS_GENERATE        (session, mechanism, attributes, count, key)
#define PARAMETERS_GENERATE_PAIR \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, \
	    CK_ATTRIBUTE_PTR public_attributes, CK_ULONG public_count, \
	    CK_ATTRIBUTE_PTR private_attributes, CK_ULONG private_count, \
	    CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key)
#define ARGUMENTS_GENERATE_PAIR \
	(session, mechanism, public_attributes, public_count, private_attributes, private_count, \
	    public_key, private_key)
#define PARAMETERS_WRAP \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE wrapping, \
	    CK_OBJECT_HANDLE key, CK_BYTE_PTR out, CK_ULONG_PTR out_length)
#define ARGUMENTS_WRAP            (session, mechanism, wrapping, key, out, out_length)
#define PARAMETERS_UNWRAP \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE unwrapping, \
	    CK_BYTE_PTR in, CK_ULONG in_length, CK_ATTRIBUTE_PTR attributes, CK_ULONG count, \
	    CK_OBJECT_HANDLE_PTR key)
#define ARGUMENTS_UNWRAP \
	(session, mechanism, unwrapping, in, in_length, attributes, count, key)
#define PARAMETERS_DERIVE \
	(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE base, \
	    CK_ATTRIBUTE_PTR attributes, CK_ULONG count, CK_OBJECT_HANDLE_PTR key)
#define ARGUMENTS_DERIVE          (session, mechanism, base, attributes, count, key)

#define SHIM_ENUMERATE(how, name, shape, note) FUNCTION_##name,
enum function { SHIM_FUNCTIONS(SHIM_ENUMERATE) FUNCTION_COUNT };
/* clang-format on */

#endif
