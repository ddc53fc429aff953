/* SPDX-License-Identifier: MIT */
/*
 * A hostile PKCS#11 module: SoftHSM, and one attack. MALICE=PROGRAM:WHEN:ATTACK:VICTIM:PORT says
 * which, in which program, and when: load (while it is loaded), initialize (C_Initialize), slots
 * (C_GetSlotList, when the card is about to be read), thread (then, from a thread that it started
 * while it was loaded), find (C_FindObjectsInit, with the card open). What came of it is appended
 * to a file in the only folder that is its own, before and after.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

#include "tests/world/malicious/attacks.h"

static struct {
	char program[32], when[32], name[64];
	struct target target;
	bool done;
} plan;

static CK_FUNCTION_LIST *real, functions;
static sem_t begun, ended;

static void note(const char *what)
{
	char line[160];
	int length, file = open("/var/cache/certrenew/results",
				O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	length = snprintf(line, sizeof(line), "%s %s %s: %s\n", plan.program, plan.when, plan.name,
			  what);
	if (file < 0 || write(file, line, (size_t)length) != length)
		abort();
	close(file);
}

static void strike(void)
{
	char outcome[96];

	note("tried");
	errno = 0;
	if (attack(plan.name, &plan.target))
		note("gained");
	else {
		snprintf(outcome, sizeof(outcome), "refused, %s", strerror(errno));
		note(outcome);
	}
}

static bool is_time(const char *when)
{
	const char *program = strrchr(program_invocation_short_name, '-');

	return !plan.done && strcmp(plan.when, when) == 0 && program != NULL &&
	       strcmp(program + 1, plan.program) == 0;
}

static void now_is(const char *when)
{
	if (!is_time(when))
		return;
	plan.done = true;
	strike();
}

static void *wait_and_strike(void *nothing)
{
	sem_wait(&begun);
	strike();
	sem_post(&ended);
	return nothing;
}

static CK_RV initialize(void *arguments)
{
	now_is("initialize");
	return real->C_Initialize(arguments);
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
	now_is("slots");
	if (is_time("thread")) {
		plan.done = true;
		sem_post(&begun);
		sem_wait(&ended);
	}
	return real->C_GetSlotList(present, slots, count);
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR attributes,
			       CK_ULONG count)
{
	now_is("find");
	return real->C_FindObjectsInit(session, attributes, count);
}

__attribute__((constructor)) static void load(void)
{
	const char *malice = getenv("MALICE");
	pthread_t thread;
	int victim = 0;

	if (malice == NULL || sscanf(malice, "%31[^:]:%31[^:]:%63[^:]:%d:%d", plan.program,
				     plan.when, plan.name, &victim, &plan.target.port) != 5)
		abort();
	plan.target.victim = victim;
	sem_init(&begun, 0, 0);
	sem_init(&ended, 0, 0);
	if (strcmp(plan.when, "thread") == 0 &&
	    pthread_create(&thread, NULL, wait_and_strike, NULL) != 0)
		abort();
	now_is("load");
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
	void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
	CK_C_GetFunctionList get_list = NULL;

	if (library != NULL)
		*(void **)&get_list = dlsym(library, "C_GetFunctionList");
	if (get_list == NULL || get_list(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	functions = *real;
	functions.C_Initialize = initialize;
	functions.C_GetSlotList = get_slot_list;
	functions.C_FindObjectsInit = find_objects_init;
	*list = &functions;
	return CKR_OK;
}
