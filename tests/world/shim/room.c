/* SPDX-License-Identifier: MIT */
/* A token with room for so many certificates, one that wants a CKA_ID of its own for each, and one
 * that is for reading only. */
#include "tests/world/shim/call.h"
#include "tests/world/shim/token.h"

static CK_FUNCTION_LIST_PTR real(void)
{
	return shim_state()->real;
}

/* The token's certificates, with this CKA_ID unless it is NULL. */
static unsigned long certificates(CK_SESSION_HANDLE session, const CK_ATTRIBUTE *id)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, NULL, 0}};
	CK_OBJECT_HANDLE objects[64];
	CK_ULONG count = 0;

	if (id != NULL)
		template[1] = *id;
	if (real()->C_FindObjectsInit(session, template, id == NULL ? 1 : 2) != CKR_OK)
		return 0;
	if (real()->C_FindObjects(session, objects, 64, &count) != CKR_OK)
		count = 0;
	real()->C_FindObjectsFinal(session);
	return count;
}

static const CK_ATTRIBUTE *find(const CK_ATTRIBUTE *attributes, CK_ULONG count,
				CK_ATTRIBUTE_TYPE type)
{
	for (CK_ULONG i = 0; i < count; i++)
		if (attributes[i].type == type)
			return &attributes[i];
	return NULL;
}

CK_RV own_C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
			CK_SESSION_HANDLE_PTR session)
{
	if (shim_state()->script.read_only)
		flags &= ~(CK_FLAGS)CKF_RW_SESSION;
	return real()->C_OpenSession(slot, flags, application, notify, session);
}

CK_RV own_C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes, CK_ULONG count,
			 CK_OBJECT_HANDLE_PTR object)
{
	const struct script *script = &shim_state()->script;
	const CK_ATTRIBUTE *id = find(attributes, count, CKA_ID);

	if (script->unique_ids && id != NULL && certificates(session, id) > 0)
		return CKR_GENERAL_ERROR;
	if (script->room != 0 && certificates(session, NULL) >= script->room)
		return CKR_DEVICE_MEMORY;
	return real()->C_CreateObject(session, attributes, count, object);
}

CK_RV own_C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			      CK_ATTRIBUTE_PTR attributes, CK_ULONG count)
{
	const CK_ATTRIBUTE *id = find(attributes, count, CKA_ID);

	if (shim_state()->script.unique_ids && id != NULL && certificates(session, id) > 0)
		return CKR_GENERAL_ERROR;
	return real()->C_SetAttributeValue(session, object, attributes, count);
}
