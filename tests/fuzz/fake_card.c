/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fake_card.h"

#include <string.h>

enum { OBJECTS = 12, ATTRIBUTES = 6, VALUE_MAX = 8192 };

struct fake_attribute {
	CK_ATTRIBUTE_TYPE type;
	const uint8_t *value;
	size_t length;
};

struct fake_object {
	struct fake_attribute attributes[ATTRIBUTES];
	size_t count;
};

static struct {
	struct input *input;
	struct fake_object objects[OBJECTS];
	size_t count;
	size_t searched;
	CK_ATTRIBUTE wanted[4];
	CK_ULONG wanted_count;
} card;

static const CK_ATTRIBUTE_TYPE types[] = {
    CKA_CLASS, CKA_ID,	    CKA_LABEL,	  CKA_VALUE,  CKA_CERTIFICATE_TYPE,
    CKA_SIGN,  CKA_MODULUS, CKA_EC_POINT, CKA_VERIFY, CKA_TOKEN,
};

static void read_object(struct input *input, struct fake_object *object)
{
	size_t count = input_byte(input) % (ATTRIBUTES + 1);

	for (object->count = 0; object->count < count && input->left > 0; object->count++) {
		struct fake_attribute *attribute = &object->attributes[object->count];

		attribute->type = types[input_byte(input) % (sizeof(types) / sizeof(types[0]))];
		attribute->value =
		    input_bytes(input, input_short(input) % VALUE_MAX, &attribute->length);
	}
}

static const struct fake_attribute *attribute_of(const struct fake_object *object,
						 CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < object->count; i++)
		if (object->attributes[i].type == type)
			return &object->attributes[i];
	return NULL;
}

/* A token attribute is true, and a class is one byte here. */
static bool has(const struct fake_object *object, const CK_ATTRIBUTE *wanted)
{
	const struct fake_attribute *attribute = attribute_of(object, wanted->type);

	if (wanted->type == CKA_TOKEN)
		return true;
	if (wanted->type == CKA_CLASS)
		return attribute != NULL && attribute->length == 1 &&
		       attribute->value[0] == *(CK_OBJECT_CLASS *)wanted->pValue;
	return attribute != NULL && attribute->length == wanted->ulValueLen &&
	       memcmp(attribute->value, wanted->pValue, attribute->length) == 0;
}

static CK_RV failing(void)
{
	static const CK_RV answers[] = {CKR_GENERAL_ERROR, CKR_DEVICE_REMOVED, CKR_HOST_MEMORY};
	uint8_t choice = input_byte(card.input);

	return choice < 0xFD ? CKR_OK : answers[choice - 0xFD];
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count)
{
	(void)session;
	MUST(count <= sizeof(card.wanted) / sizeof(card.wanted[0]));
	memcpy(card.wanted, template, count * sizeof(*template));
	card.wanted_count = count;
	card.searched = 0;
	return failing();
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG most,
		  CK_ULONG *count)
{
	(void)session;
	for (*count = 0; *count < most && card.searched < card.count; card.searched++) {
		bool fits = true;

		for (CK_ULONG i = 0; i < card.wanted_count; i++)
			fits = fits && has(&card.objects[card.searched], &card.wanted[i]);
		if (fits)
			objects[(*count)++] = card.searched + 1;
	}
	return failing();
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

/* Drivers differ in what they say of an attribute that does not fit: some, how long it is. */
static CK_RV get_attribute(const struct fake_object *object, CK_ATTRIBUTE *attribute)
{
	const struct fake_attribute *own = attribute_of(object, attribute->type);

	if (own == NULL) {
		attribute->ulValueLen = CK_UNAVAILABLE_INFORMATION;
		return CKR_ATTRIBUTE_TYPE_INVALID;
	}
	if (attribute->pValue != NULL && attribute->ulValueLen < own->length) {
		attribute->ulValueLen =
		    (input_byte(card.input) & 1) != 0 ? own->length : CK_UNAVAILABLE_INFORMATION;
		return CKR_BUFFER_TOO_SMALL;
	}
	if (attribute->pValue != NULL)
		memcpy(attribute->pValue, own->value, own->length);
	attribute->ulValueLen = own->length;
	return CKR_OK;
}

static CK_RV get_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			    CK_ATTRIBUTE *template, CK_ULONG count)
{
	CK_RV result = failing(), one;

	(void)session;
	MUST(object >= 1 && object <= card.count);
	for (CK_ULONG i = 0; i < count && result != CKR_DEVICE_REMOVED; i++) {
		one = get_attribute(&card.objects[object - 1], &template[i]);
		result = one != CKR_OK ? one : result;
	}
	return result;
}

void fake_card(struct input *input, struct driver *ret_driver, struct token *ret_token)
{
	static CK_FUNCTION_LIST functions = {
	    .C_FindObjectsInit = find_init,
	    .C_FindObjects = find,
	    .C_FindObjectsFinal = find_final,
	    .C_GetAttributeValue = get_attributes,
	};
	size_t count = input_byte(input) % (OBJECTS + 1);

	memset(&card, 0, sizeof(card));
	card.input = input;
	for (card.count = 0; card.count < count && input->left > 0; card.count++)
		read_object(input, &card.objects[card.count]);
	*ret_driver = (struct driver){.p11 = &functions};
	*ret_token = (struct token){.driver = ret_driver, .session = 1};
}
