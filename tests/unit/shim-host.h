/* SPDX-License-Identifier: MIT */
/* What the tests of the shim share: a SoftHSM token of its own, and the shim loaded over it. */
#ifndef CERTRENEW_TESTS_SHIM_HOST_H
#define CERTRENEW_TESTS_SHIM_HOST_H

#include <dlfcn.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <p11-kit/pkcs11.h>

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define PIN    "123456"

static char world[PATH_MAX]; /* the folder of the test world's programs */
static char folder[] = "/tmp/test-shim-XXXXXX";

/* The shim as one test has loaded it. */
static struct {
	void *handle;
	CK_FUNCTION_LIST_PTR p11;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
} shim;

__attribute__((format(printf, 1, 2))) static inline int run(const char *format, ...)
{
	char command[2 * PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	return system(command);
}

static inline void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline bool file_has(const char *name, const char *text)
{
	char content[65536] = "";
	FILE *file = fopen(name, "re");
	size_t length = file == NULL ? 0 : fread(content, 1, sizeof(content) - 1, file);

	content[length] = '\0';
	if (file != NULL)
		fclose(file);
	return strstr(content, text) != NULL;
}

/* Loads the shim afresh: `rules` follow the two lines that every script has. */
static inline void load(const char *rules)
{
	char text[2 * PATH_MAX];
	CK_C_GetFunctionList get_list = NULL;

	snprintf(text, sizeof(text), "module %s\nlog log\n%s", MODULE, rules);
	unlink("log");
	write_file("script", text);
	setenv("CERTRENEW_SHIM", "script", 1);
	snprintf(text, sizeof(text), "%s/shim.so", world);
	shim.handle = dlopen(text, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(shim.handle);
	*(void **)&get_list = dlsym(shim.handle, "C_GetFunctionList");
	assert_non_null(get_list);
	assert_int_equal(get_list(&shim.p11), CKR_OK);
}

/* Not through the shim, where a rule may answer instead. */
static inline void finalise(void)
{
	CK_C_GetFunctionList get_list = NULL;
	CK_FUNCTION_LIST_PTR p11 = NULL;
	void *handle = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);

	assert_non_null(handle);
	*(void **)&get_list = dlsym(handle, "C_GetFunctionList");
	assert_non_null(get_list);
	assert_int_equal(get_list(&p11), CKR_OK);
	p11->C_Finalize(NULL);
	dlclose(handle);
}

static inline int unload(void **state)
{
	(void)state;
	finalise();
	if (shim.handle != NULL)
		dlclose(shim.handle);
	memset(&shim, 0, sizeof(shim));
	return 0;
}

static inline CK_RV count_slots(CK_ULONG *count)
{
	return shim.p11->C_GetSlotList(CK_TRUE, NULL, count);
}

/* From C_GetFunctionList, which load has called, to a read-write session: calls 1 to 4. */
static inline void open_session(const char *rules)
{
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;

	load(rules);
	assert_int_equal(shim.p11->C_Initialize(NULL), CKR_OK);
	assert_int_equal(shim.p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
	shim.slot = slots[0];
	assert_int_equal(shim.p11->C_OpenSession(shim.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
						 NULL, NULL, &shim.session),
			 CKR_OK);
}

static inline CK_RV login(const char *pin)
{
	return shim.p11->C_Login(shim.session, CKU_USER, (CK_UTF8CHAR_PTR)pin,
				 pin == NULL ? 0 : strlen(pin));
}

static inline CK_ULONG count_objects(CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[64];
	CK_ULONG count = 0;

	assert_int_equal(shim.p11->C_FindObjectsInit(shim.session, &template, 1), CKR_OK);
	assert_int_equal(shim.p11->C_FindObjects(shim.session, objects, 64, &count), CKR_OK);
	assert_int_equal(shim.p11->C_FindObjectsFinal(shim.session), CKR_OK);
	return count;
}

/* A data object of this session: it leaves nothing on the token. */
static inline CK_RV create_data(CK_OBJECT_HANDLE *object)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_TOKEN, &no, sizeof(no)},
	    {CKA_PRIVATE, &no, sizeof(no)},
	};

	return shim.p11->C_CreateObject(shim.session, template, 3, object);
}

/* The test works in a folder of its own, so the scripts' files need no paths. */
static inline int make_world(void **state)
{
	ssize_t length = readlink("/proc/self/exe", world, sizeof(world) / 2);

	(void)state;
	assert_true(length > 0);
	world[length] = '\0';
	strcpy(strrchr(world, '/'), "/../world");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	write_file("softhsm.conf", "directories.tokendir = tokens\n");
	setenv("SOFTHSM2_CONF", "softhsm.conf", 1);
	assert_int_equal(run("mkdir tokens && %s/test-ca init ca", world), 0);
	assert_int_equal(run("%s/test-card make --module %s --ca ca --label Alice --pin %s "
			     "--so-pin 87654321 --key ec:P-256 >made",
			     world, MODULE, PIN),
			 0);
	return 0;
}

static inline int remove_world(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	return run("rm -rf %s", folder);
}

#define PROMISE(test) cmocka_unit_test_teardown(test, unload)

#endif
