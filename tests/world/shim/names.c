/* SPDX-License-Identifier: MIT */
#include "tests/world/shim/names.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct name {
	const char *text;
	unsigned long number;
};

#define NAME_OF(how, name, shape, note) #name,
static const char *const functions[FUNCTION_COUNT] = {SHIM_FUNCTIONS(NAME_OF)};

#define ERROR(name)         \
	{                   \
#name, name \
	}
static const struct name errors[] = {
    ERROR(CKR_OK),
    ERROR(CKR_HOST_MEMORY),
    ERROR(CKR_GENERAL_ERROR),
    ERROR(CKR_FUNCTION_FAILED),
    ERROR(CKR_ACTION_PROHIBITED),
    ERROR(CKR_ARGUMENTS_BAD),
    ERROR(CKR_ATTRIBUTE_READ_ONLY),
    ERROR(CKR_ATTRIBUTE_VALUE_INVALID),
    ERROR(CKR_DEVICE_ERROR),
    ERROR(CKR_DEVICE_MEMORY),
    ERROR(CKR_DEVICE_REMOVED),
    ERROR(CKR_FUNCTION_CANCELED),
    ERROR(CKR_FUNCTION_NOT_SUPPORTED),
    ERROR(CKR_KEY_FUNCTION_NOT_PERMITTED),
    ERROR(CKR_MECHANISM_INVALID),
    ERROR(CKR_PIN_INCORRECT),
    ERROR(CKR_PIN_INVALID),
    ERROR(CKR_PIN_LEN_RANGE),
    ERROR(CKR_PIN_EXPIRED),
    ERROR(CKR_PIN_LOCKED),
    ERROR(CKR_SESSION_CLOSED),
    ERROR(CKR_SESSION_HANDLE_INVALID),
    ERROR(CKR_SESSION_READ_ONLY),
    ERROR(CKR_TOKEN_NOT_PRESENT),
    ERROR(CKR_TOKEN_NOT_RECOGNIZED),
    ERROR(CKR_TOKEN_WRITE_PROTECTED),
    ERROR(CKR_USER_NOT_LOGGED_IN),
    ERROR(CKR_USER_PIN_NOT_INITIALIZED),
    ERROR(CKR_USER_TYPE_INVALID),
};

static const struct name flags[] = {
    {"COUNT_LOW", CKF_USER_PIN_COUNT_LOW},
    {"FINAL_TRY", CKF_USER_PIN_FINAL_TRY},
    {"LOCKED", CKF_USER_PIN_LOCKED},
    {"TO_BE_CHANGED", CKF_USER_PIN_TO_BE_CHANGED},
    {"PIN_INITIALIZED", CKF_USER_PIN_INITIALIZED},
    {"TOKEN_INITIALIZED", CKF_TOKEN_INITIALIZED},
    {"LOGIN_REQUIRED", CKF_LOGIN_REQUIRED},
    {"WRITE_PROTECTED", CKF_WRITE_PROTECTED},
    {"PROTECTED_AUTHENTICATION_PATH", CKF_PROTECTED_AUTHENTICATION_PATH},
};

static const struct name classes[] = {
    {"data", CKO_DATA},
    {"certificate", CKO_CERTIFICATE},
    {"public-key", CKO_PUBLIC_KEY},
    {"private-key", CKO_PRIVATE_KEY},
    {"secret-key", CKO_SECRET_KEY},
    {"hardware-feature", CKO_HW_FEATURE},
    {"parameters", CKO_DOMAIN_PARAMETERS},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const char *name_of_function(enum function function)
{
	return functions[function];
}

int name_to_function(const char *text, size_t length)
{
	for (int i = 0; i < FUNCTION_COUNT; i++) {
		if (strlen(functions[i]) == length && memcmp(functions[i], text, length) == 0)
			return i;
	}
	return -1;
}

const char *name_of_class(CK_OBJECT_CLASS class)
{
	for (size_t i = 0; i < LENGTH(classes); i++) {
		if (classes[i].number == class)
			return classes[i].text;
	}
	return "object";
}

int name_to_number(const char *text, unsigned long *ret_number)
{
	char *end = NULL;
	unsigned long number;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	number = strtoul(text, &end, 0);
	if (errno != 0 || *end != '\0')
		return -1;
	*ret_number = number;
	return 0;
}

static int look_up(const struct name *names, size_t count, const char *text, unsigned long *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i].text, text) == 0) {
			*ret = names[i].number;
			return 0;
		}
	}
	return name_to_number(text, ret);
}

int name_to_error(const char *text, unsigned long *ret_error)
{
	return look_up(errors, LENGTH(errors), text, ret_error);
}

int name_to_flag(const char *text, unsigned long *ret_flag)
{
	return look_up(flags, LENGTH(flags), text, ret_flag);
}
