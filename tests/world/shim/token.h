/* SPDX-License-Identifier: MIT */
/* The functions in which the script changes more than whether the call is made. */
#ifndef CERTRENEW_SHIM_TOKEN_H
#define CERTRENEW_SHIM_TOKEN_H

#include <stdbool.h>

#include "tests/world/shim/functions.h"

#pragma GCC visibility push(hidden)

/* Another card than the one that the sessions were opened with is in the reader. */
bool card_is_swapped(void);

CK_RV own_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count);
CK_RV own_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info);
CK_RV own_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info);
CK_RV own_C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR mechanisms, CK_ULONG_PTR count);
/* room.c */
CK_RV own_C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
			CK_SESSION_HANDLE_PTR session);
CK_RV own_C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count,
			 CK_OBJECT_HANDLE_PTR object);
CK_RV own_C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			      CK_ATTRIBUTE_PTR attributes, CK_ULONG count);
CK_RV own_C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin,
		  CK_ULONG pin_length);

#pragma GCC visibility pop
#endif
