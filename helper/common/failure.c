/* SPDX-License-Identifier: MIT */
#include "helper/common/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	enum failure_code code;
	const char *name;
} names[] = {
    {FAILURE_NONE, "none"},
    {FAILURE_SYSTEM, "system"},
    {FAILURE_CONFIG, "config"},
    {FAILURE_REFUSED, "refused"},
    {FAILURE_BUSY, "busy"},
    {FAILURE_PROTOCOL, "protocol"},
    {FAILURE_JOURNAL, "journal"},
    {FAILURE_TIMEOUT, "timeout"},
    {FAILURE_CRASHED, "crashed"},
    {FAILURE_SANDBOX, "sandbox"},
    {FAILURE_NO_SANDBOX, "no-sandbox"},
    {FAILURE_CANCELLED, "cancelled"},
    {FAILURE_NO_ANSWER, "no-answer"},
    {FAILURE_NOT_SHOWN, "not-shown"},
    {FAILURE_DRIVER, "driver"},
    {FAILURE_NO_CARD, "no-card"},
    {FAILURE_CARD_REMOVED, "card-removed"},
    {FAILURE_CARD_ERROR, "card-error"},
    {FAILURE_CARD_UNINITIALISED, "card-uninitialised"},
    {FAILURE_CARD_READ_ONLY, "card-read-only"},
    {FAILURE_CARD_FULL, "card-full"},
    {FAILURE_NO_CERTIFICATE, "no-certificate"},
    {FAILURE_NO_KEY, "no-key"},
    {FAILURE_KEY_CANNOT_SIGN, "key-cannot-sign"},
    {FAILURE_KEY_UNSUPPORTED, "key-unsupported"},
    {FAILURE_NOT_WRITTEN, "not-written"},
    {FAILURE_OTHER_CARD, "other-card"},
    {FAILURE_CARD_FIXED, "card-fixed"},
    {FAILURE_NO_ROOM_FOR_KEY, "no-room-for-key"},
    {FAILURE_CARD_HIDES, "card-hides"},
    {FAILURE_CARD_STALE, "card-stale"},
    {FAILURE_PIN_WRONG, "pin-wrong"},
    {FAILURE_PIN_LOCKED, "pin-locked"},
    {FAILURE_PIN_EXPIRED, "pin-expired"},
    {FAILURE_PIN_LENGTH, "pin-length"},
    {FAILURE_PIN_SHORT, "pin-short"},
    {FAILURE_PIN_LONG, "pin-long"},
    {FAILURE_PIN_CHARACTERS, "pin-characters"},
    {FAILURE_PIN_TO_CHANGE, "pin-to-change"},
    {FAILURE_PIN_FOR_KEY, "pin-for-key"},
    {FAILURE_KEYPAD, "keypad"},
    {FAILURE_NO_CA, "no-ca"},
    {FAILURE_CA_UNREACHABLE, "ca-unreachable"},
    {FAILURE_CA_TIMEOUT, "ca-timeout"},
    {FAILURE_CA_UNTRUSTED, "ca-untrusted"},
    {FAILURE_CA_DENIED, "ca-denied"},
    {FAILURE_CA_REFUSED, "ca-refused"},
    {FAILURE_CA_OVERLOADED, "ca-overloaded"},
    {FAILURE_CA_ERROR, "ca-error"},
    {FAILURE_CA_GARBAGE, "ca-garbage"},
    {FAILURE_CA_TOO_LARGE, "ca-too-large"},
    {FAILURE_CA_REDIRECT, "ca-redirect"},
    {FAILURE_ISSUED_WRONG_KEY, "issued-wrong-key"},
    {FAILURE_ISSUED_WRONG_SUBJECT, "issued-wrong-subject"},
    {FAILURE_ISSUED_SHORTER, "issued-shorter"},
    {FAILURE_ISSUED_UNTRUSTED, "issued-untrusted"},
    {FAILURE_ISSUED_WRONG_USAGE, "issued-wrong-usage"},
    {FAILURE_ISSUED_NOT_YET, "issued-not-yet"},
    {FAILURE_NOTHING_DUE, "nothing-due"},
    {FAILURE_EXPIRED, "expired"},
    {FAILURE_REVOKED, "revoked"},
    {FAILURE_REVOKE_PHRASE, "revoke-phrase"},
    {FAILURE_REVOKE_ALREADY, "revoke-already"},
    {FAILURE_REVOKE_UNKNOWN, "revoke-unknown"},
    {FAILURE_REVOKE_LIMITED, "revoke-limited"},
    {FAILURE_REVOKE_REASON, "revoke-reason"},
    {FAILURE_REVOKE_PENDING, "revoke-pending"},
    {FAILURE_REVOKE_UNCLEAR, "revoke-unclear"},
};

static void set(struct failure *failure, enum failure_code code, const char *format, va_list values)
{
	failure->code = code;
	failure->said[0] = '\0';
	failure->retry_after = 0;
	vsnprintf(failure->detail, sizeof(failure->detail), format, values);
}

int fail(struct failure *failure, enum failure_code code, const char *format, ...)
{
	va_list values;

	if (failure != NULL) {
		va_start(values, format);
		set(failure, code, format, values);
		va_end(values);
	}
	return -(int)code;
}

int fail_errno(struct failure *failure, const char *format, ...)
{
	int saved = errno;
	size_t used;
	va_list values;

	if (failure != NULL) {
		va_start(values, format);
		set(failure, FAILURE_SYSTEM, format, values);
		va_end(values);
		used = strlen(failure->detail);
		snprintf(failure->detail + used, sizeof(failure->detail) - used, ": %s",
			 strerror(saved));
	}
	return -FAILURE_SYSTEM;
}

const char *failure_name(enum failure_code code)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return "unknown";
}
