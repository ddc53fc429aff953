/* SPDX-License-Identifier: MIT */
#include "helper/card/window.h"

#include <stdbool.h>
#include <string.h>

enum { SEARCH_ATTRIBUTES = 8 };

/* One program, one thread, one card: the module interface leaves no other place for this. */
static struct window_view view;
static CK_FUNCTION_LIST functions;

/* How the search that is open is answered: by the driver, or by the one key, or by nothing. */
static enum { SEARCH_NONE, SEARCH_DRIVER, SEARCH_KEY, SEARCH_PUBLIC, SEARCH_EMPTY } search;

static CK_RV initialize(void *arguments)
{
	(void)arguments;
	return CKR_CRYPTOKI_ALREADY_INITIALIZED;
}

static CK_RV finalize(void *reserved)
{
	(void)reserved;
	return CKR_OK;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
	CK_ULONG room = *count;

	(void)present;
	*count = 1;
	if (slots == NULL)
		return CKR_OK;
	if (room < 1)
		return CKR_BUFFER_TOO_SMALL;
	slots[0] = view.slot;
	return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
			  CK_SESSION_HANDLE *session)
{
	(void)flags;
	(void)application;
	(void)notify;
	if (slot != view.slot)
		return CKR_SLOT_ID_INVALID;
	*session = view.session;
	return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

static CK_RV close_all_sessions(CK_SLOT_ID slot)
{
	(void)slot;
	return CKR_OK;
}

/* The person's PIN has been given to the card once, and not by libp11. */
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
		   CK_ULONG length)
{
	(void)session;
	(void)pin;
	(void)length;
	return user == CKU_USER ? CKR_USER_ALREADY_LOGGED_IN : CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV logout(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

static CK_OBJECT_CLASS class_sought(const CK_ATTRIBUTE *template, CK_ULONG count, bool *ret_has_id)
{
	CK_OBJECT_CLASS class = CK_UNAVAILABLE_INFORMATION;

	*ret_has_id = false;
	for (CK_ULONG i = 0; i < count; i++) {
		if (template[i].type == CKA_CLASS && template[i].ulValueLen == sizeof(class))
			memcpy(&class, template[i].pValue, sizeof(class));
		if (template[i].type == CKA_ID)
			*ret_has_id = true;
	}
	return class;
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count)
{
	CK_ATTRIBUTE narrowed[SEARCH_ATTRIBUTES + 1];
	CK_OBJECT_CLASS class;
	bool has_id;
	CK_RV rv;

	class = class_sought(template, count, &has_id);
	if (class == CKO_PRIVATE_KEY) {
		search = SEARCH_KEY;
		return CKR_OK;
	}
	if (class != CKO_PUBLIC_KEY || count > SEARCH_ATTRIBUTES) {
		search = SEARCH_EMPTY;
		return CKR_OK;
	}
	/* Another key may have the same CKA_ID, and libp11 would take the first. */
	if (view.public_key != 0) {
		search = SEARCH_PUBLIC;
		return CKR_OK;
	}
	memcpy(narrowed, template, count * sizeof(*template));
	if (!has_id)
		narrowed[count++] = (CK_ATTRIBUTE){CKA_ID, view.id, view.id_length};
	rv = view.driver->C_FindObjectsInit(session, narrowed, count);
	search = rv == CKR_OK ? SEARCH_DRIVER : SEARCH_NONE;
	return rv;
}

static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room,
			  CK_ULONG *count)
{
	if (search == SEARCH_DRIVER)
		return view.driver->C_FindObjects(session, objects, room, count);
	*count = 0;
	if ((search == SEARCH_KEY || search == SEARCH_PUBLIC) && room > 0) {
		objects[0] = search == SEARCH_KEY ? view.key : view.public_key;
		*count = 1;
		search = SEARCH_EMPTY;
	}
	return CKR_OK;
}

static CK_RV find_objects_final(CK_SESSION_HANDLE session)
{
	CK_RV rv = CKR_OK;

	if (search == SEARCH_DRIVER)
		rv = view.driver->C_FindObjectsFinal(session);
	search = SEARCH_NONE;
	return rv;
}

/* libp11 asks for one attribute at a time, for its size first. */
static bool answer_known(CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count,
			 CK_RV *ret_rv)
{
	const CK_ATTRIBUTE *known = NULL;

	for (CK_ULONG i = 0; object == view.key && count == 1 && i < view.known_count; i++)
		if (view.known[i].type == template->type)
			known = &view.known[i];
	if (known == NULL)
		return false;
	*ret_rv = CKR_OK;
	if (template->pValue != NULL && template->ulValueLen < known->ulValueLen) {
		template->ulValueLen = CK_UNAVAILABLE_INFORMATION;
		*ret_rv = CKR_BUFFER_TOO_SMALL;
		return true;
	}
	if (template->pValue != NULL)
		memcpy(template->pValue, known->pValue, known->ulValueLen);
	template->ulValueLen = known->ulValueLen;
	return true;
}

/* That a key wants its PIN each time is our concern: libp11 would ask somebody for it. */
static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
				 CK_ATTRIBUTE *template, CK_ULONG count)
{
	CK_RV rv;

	if (answer_known(object, template, count, &rv))
		return rv;
	rv = view.driver->C_GetAttributeValue(session, object, template, count);
	for (CK_ULONG i = 0; i < count; i++)
		if (template[i].type == CKA_ALWAYS_AUTHENTICATE && template[i].pValue != NULL &&
		    template[i].ulValueLen == sizeof(CK_BBOOL))
			*(CK_BBOOL *)template[i].pValue = CK_FALSE;
	return rv;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	return view.begin(view.begin_context, view.driver->C_SignInit, session, mechanism, key);
}

static CK_RV decrypt_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	return view.begin(view.begin_context, view.driver->C_DecryptInit, session, mechanism, key);
}

static CK_RV get_function_list(CK_FUNCTION_LIST **ret)
{
	*ret = &functions;
	return CKR_OK;
}

void card_window_show(const struct window_view *shown)
{
	view = *shown;
	functions = *shown->driver;
	functions.C_Initialize = initialize;
	functions.C_Finalize = finalize;
	functions.C_GetFunctionList = get_function_list;
	functions.C_GetSlotList = get_slot_list;
	functions.C_OpenSession = open_session;
	functions.C_CloseSession = close_session;
	functions.C_CloseAllSessions = close_all_sessions;
	functions.C_Login = login;
	functions.C_Logout = logout;
	functions.C_GetAttributeValue = get_attribute_value;
	functions.C_SignInit = sign_init;
	functions.C_DecryptInit = decrypt_init;
	functions.C_FindObjectsInit = find_objects_init;
	functions.C_FindObjects = find_objects;
	functions.C_FindObjectsFinal = find_objects_final;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **ret)
{
	return get_function_list(ret);
}
