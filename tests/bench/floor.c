/* SPDX-License-Identifier: MIT */
/*
 * floor DRIVER: the least that anybody must do who wants to know when a card's certificates end:
 * load the driver, initialise it, read each certificate in one call, find notAfter in it. No
 * sandbox, no other process, no failure but an end. Prints how many certificates there are, and the
 * latest date.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

enum { SLOTS_MAX = 64, OBJECTS_MAX = 256, VALUE_MAX = 8192, DATE_LENGTH = 16 };

static CK_FUNCTION_LIST *p11;
static char latest[DATE_LENGTH + 1];
static unsigned read_certificates;

/* The content of the element at `at`, and where the next one begins; NULL beyond `end`. */
static const unsigned char *element(const unsigned char *at, const unsigned char *end,
				    size_t *ret_length)
{
	size_t length, bytes;

	if (end - at < 2)
		return NULL;
	length = at[1];
	at += 2;
	if (length >= 0x80) {
		bytes = length & 0x7f;
		if (bytes > 3 || (size_t)(end - at) < bytes)
			return NULL;
		for (length = 0; bytes > 0; bytes--)
			length = length << 8 | *at++;
	}
	if ((size_t)(end - at) < length)
		return NULL;
	*ret_length = length;
	return at;
}

/* Certificate, tbsCertificate, then: [0] version, serial, algorithm, issuer, validity (RFC 5280
 * §4.1). */
static void take_date(const unsigned char *der, size_t length)
{
	const unsigned char *at, *end = der + length;
	size_t inner;
	int skipped = 4;
	char date[DATE_LENGTH + 1] = "";

	at = element(der, end, &inner);
	at = at == NULL ? NULL : element(at, end, &inner);
	if (at != NULL && *at != 0xa0)
		skipped = 3;
	for (; at != NULL && skipped > 0; skipped--) {
		at = element(at, end, &inner);
		at = at == NULL ? NULL : at + inner;
	}
	at = at == NULL ? NULL : element(at, end, &inner); /* into validity, to notBefore */
	at = at == NULL ? NULL : element(at, end, &inner);
	at = at == NULL ? NULL : element(at + inner, end, &inner);
	if (at == NULL || inner < 13 || inner >= DATE_LENGTH)
		return;
	snprintf(date, sizeof(date), "%s%.*s", inner == 13 ? "20" : "", (int)inner,
		 (const char *)at);
	if (strcmp(date, latest) > 0)
		memcpy(latest, date, sizeof(date));
	read_certificates++;
}

static void read_token(CK_SLOT_ID slot)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	unsigned char value[VALUE_MAX];
	CK_SESSION_HANDLE session;
	CK_ULONG count = 0;

	if (p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK)
		return;
	p11->C_FindObjectsInit(session, &wanted, 1);
	p11->C_FindObjects(session, objects, OBJECTS_MAX, &count);
	p11->C_FindObjectsFinal(session);
	for (CK_ULONG i = 0; i < count; i++) {
		CK_ATTRIBUTE read = {CKA_VALUE, value, sizeof(value)};

		if (p11->C_GetAttributeValue(session, objects[i], &read, 1) == CKR_OK)
			take_date(value, read.ulValueLen);
	}
	p11->C_CloseSession(session);
}

int main(int count, char *arguments[])
{
	CK_C_INITIALIZE_ARGS how = {.flags = CKF_OS_LOCKING_OK};
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG slot_count = SLOTS_MAX;
	CK_C_GetFunctionList get_functions;
	void *driver = dlopen(count == 2 ? arguments[1] : "", RTLD_NOW | RTLD_LOCAL);

	if (driver == NULL)
		return 2;
	*(void **)&get_functions = dlsym(driver, "C_GetFunctionList");
	if (get_functions == NULL || get_functions(&p11) != CKR_OK ||
	    p11->C_Initialize(&how) != CKR_OK ||
	    p11->C_GetSlotList(CK_TRUE, slots, &slot_count) != CKR_OK)
		return 1;
	for (CK_ULONG i = 0; i < slot_count; i++) {
		CK_TOKEN_INFO token;

		if (p11->C_GetTokenInfo(slots[i], &token) == CKR_OK &&
		    (token.flags & CKF_TOKEN_INITIALIZED) != 0)
			read_token(slots[i]);
	}
	p11->C_Finalize(NULL);
	printf("%u %s\n", read_certificates, latest);
	return 0;
}
