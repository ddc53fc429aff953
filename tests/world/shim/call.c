/* SPDX-License-Identifier: MIT */
#include "tests/world/shim/call.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/world/shim/names.h"
#include "tests/world/shim/token.h"

/* What one command of a card reads (ISO 7816-4, a short Le). */
enum { READ_BYTES = 256 };

static struct shim shim;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	pid_t pid; /* whose calls these are: a forked child counts from 1 */
	unsigned long all;
	unsigned long each[FUNCTION_COUNT];
	bool removed;
	bool removal_told;
} calls;
static int log_descriptor = -1;

static int load_module(const char *path, CK_FUNCTION_LIST_PTR *ret_list)
{
	CK_C_GetFunctionList get_list = NULL;
	/* Never closed: drivers leave threads and exit handlers behind. */
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (handle != NULL)
		*(void **)&get_list = dlsym(handle, "C_GetFunctionList");
	if (get_list == NULL) {
		fprintf(stderr, "shim: %s\n", dlerror());
		return -1;
	}
	if (get_list(ret_list) != CKR_OK) {
		fprintf(stderr, "shim: %s gives no function list\n", path);
		return -1;
	}
	return 0;
}

static int open_log(const char *path)
{
	log_descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (log_descriptor < 0)
		perror(path);
	return log_descriptor < 0 ? -1 : 0;
}

static void load(void)
{
	const char *path = getenv("CERTRENEW_SHIM");

	if (path == NULL) {
		fputs("shim: CERTRENEW_SHIM names no script\n", stderr);
		return;
	}
	if (script_read(path, &shim.script) < 0)
		return;
	if (shim.script.log != NULL && open_log(shim.script.log) < 0)
		return;
	/* As a driver's cache would: what was read before the card was changed. */
	if (shim.script.stale_while != NULL && access(shim.script.stale_while, F_OK) == 0)
		setenv("SOFTHSM2_CONF", shim.script.stale_conf, 1);
	shim.ready = load_module(shim.script.module, &shim.real) == 0;
}

/* A test loads the shim again and again in one process. */
__attribute__((destructor)) static void unload(void)
{
	if (log_descriptor >= 0)
		close(log_descriptor);
	script_free(&shim.script);
}

const struct shim *shim_state(void)
{
	pthread_once(&loaded, load);
	return &shim;
}

/* One write a line, so that lines of several processes don't mix. */
static void log_line(const struct call *call, const char *answer)
{
	char line[256];
	int length = snprintf(line, sizeof(line), "%lu %ld %s%s%s → %s\n", call->count,
			      (long)getpid(), name_of_function(call->function),
			      call->detail[0] ? " " : "", call->detail, answer);

	if (log_descriptor >= 0 && write(log_descriptor, line, (size_t)length) != length)
		perror("shim: log");
}

static void log_number(const struct call *call, const char *format, unsigned long number)
{
	char answer[48];

	snprintf(answer, sizeof(answer), format, number);
	log_line(call, answer);
}

static void count(struct call *call)
{
	pthread_mutex_lock(&lock);
	if (calls.pid != getpid()) {
		calls.pid = getpid();
		calls.all = 0;
		for (size_t i = 0; i < FUNCTION_COUNT; i++)
			calls.each[i] = 0;
	}
	call->count = ++calls.all;
	call->nth = ++calls.each[call->function];
	pthread_mutex_unlock(&lock);
}

bool card_is_removed(void)
{
	bool removed;

	pthread_mutex_lock(&lock);
	removed = calls.removed;
	pthread_mutex_unlock(&lock);
	return removed;
}

static CK_RV removal_error(void)
{
	CK_RV rv;

	pthread_mutex_lock(&lock);
	rv = calls.removal_told ? CKR_TOKEN_NOT_PRESENT : CKR_DEVICE_REMOVED;
	calls.removal_told = true;
	pthread_mutex_unlock(&lock);
	return rv;
}

/* These speak of the module and its readers, and work without a card. */
static bool needs_card(enum function function)
{
	switch (function) {
	case FUNCTION_C_Initialize:
	case FUNCTION_C_Finalize:
	case FUNCTION_C_GetInfo:
	case FUNCTION_C_GetFunctionList:
	case FUNCTION_C_GetSlotList:
	case FUNCTION_C_GetSlotInfo:
	case FUNCTION_C_WaitForSlotEvent:
		return false;
	default:
		return true;
	}
}

static bool fires(const struct rule *rule, const struct call *call, bool after)
{
	unsigned long number = rule->function < 0 ? call->count : call->nth;
	int marker;

	if (rule->after != after)
		return false;
	if (rule->function >= 0 && rule->function != (int)call->function)
		return false;
	if (rule->nth != 0 && number != rule->nth && !(rule->onwards && number > rule->nth))
		return false;
	if (rule->once == NULL)
		return true;
	marker = open(rule->once, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (marker >= 0)
		close(marker);
	return marker >= 0;
}

/* By poll, which a sandbox that knows nothing of tests is sure to allow; nanosleep it may not. */
static void wait_milliseconds(unsigned long milliseconds)
{
	struct timespec now;
	long long end;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + (long long)milliseconds;
	for (long long left = (long long)milliseconds; left > 0;) {
		poll(NULL, 0, left > 1000 ? 1000 : (int)left);
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = end - (now.tv_sec * 1000LL + now.tv_nsec / 1000000);
	}
}

/* What a driver's own thread or a reader would do, it may do by looking again. */
static void wait_for_file(const char *path)
{
	bool there = access(path, F_OK) == 0;

	while ((access(path, F_OK) == 0) == there)
		poll(NULL, 0, 10);
}

/* A real fault, not raise(): it must look like a driver's bug, also to a sandbox. */
__attribute__((no_sanitize("undefined"))) static void crash(void)
{
	static volatile uintptr_t nowhere;

	*(volatile int *)nowhere = 0;
}

/* Whether the rule answers the call. */
static bool act(const struct rule *rule, const struct call *call, CK_RV *ret_rv)
{
	switch (rule->action) {
	case ACTION_ERROR:
		*ret_rv = rule->value;
		return true;
	case ACTION_CRASH:
		log_line(call, "crash");
		crash();
		return false;
	case ACTION_HANG:
		log_number(call, "hang %lu", rule->value);
		wait_milliseconds(rule->value * 1000);
		return false;
	case ACTION_DELAY:
		wait_milliseconds(rule->value);
		return false;
	case ACTION_WAIT:
		wait_for_file(rule->file);
		*ret_rv = CKR_OK;
		return true;
	case ACTION_REMOVED:
		pthread_mutex_lock(&lock);
		calls.removed = true;
		pthread_mutex_unlock(&lock);
		return false;
	}
	return false;
}

/* Every rule that fires acts, until one of them answers the call. */
static bool apply_rules(const struct call *call, bool after, CK_RV *ret_rv)
{
	const struct script *script = &shim.script;

	for (size_t i = 0; i < script->rule_count; i++) {
		if (fires(&script->rules[i], call, after) && act(&script->rules[i], call, ret_rv))
			return true;
	}
	if (!card_is_removed() || !needs_card(call->function))
		return false;
	*ret_rv = removal_error();
	return true;
}

bool call_begin(struct call *call, CK_RV *ret_rv)
{
	CK_RV rv = CKR_OK;

	if (!shim_state()->ready) {
		/* C_Initialize is where a program listens to the reason. */
		bool initialize = call->function == FUNCTION_C_Initialize;

		*ret_rv = initialize ? CKR_ARGUMENTS_BAD : CKR_CRYPTOKI_NOT_INITIALIZED;
		return call->function == FUNCTION_C_GetFunctionList;
	}
	count(call);
	if (apply_rules(call, false, &rv)) {
		log_number(call, "0x%lx", rv);
		*ret_rv = rv;
		return false;
	}
	if (call->hidden) {
		log_number(call, "0x%lx", CKR_MECHANISM_INVALID);
		*ret_rv = CKR_MECHANISM_INVALID;
		return false;
	}
	return true;
}

/* Four answers give something; a length of -1 says of one attribute that it is not (PKCS#11 2.40
 * §5.7). */
static unsigned long bytes_given(const struct call *call, CK_RV rv)
{
	unsigned long bytes = 0;

	if (rv != CKR_OK && rv != CKR_ATTRIBUTE_TYPE_INVALID && rv != CKR_ATTRIBUTE_SENSITIVE &&
	    rv != CKR_BUFFER_TOO_SMALL)
		return 0;

	for (CK_ULONG i = 0; i < call->read_count; i++)
		if (call->read[i].pValue != NULL &&
		    call->read[i].ulValueLen != CK_UNAVAILABLE_INFORMATION)
			bytes += call->read[i].ulValueLen;
	return bytes;
}

/* The time that a card of plastic takes for what the real module has done. */
static void keep_pace(struct call *call, CK_RV rv)
{
	unsigned long bytes = bytes_given(call, rv);

	if (shim.script.count_bytes && call->read != NULL) {
		size_t used = strlen(call->detail);

		snprintf(call->detail + used, sizeof(call->detail) - used, ", %lu bytes", bytes);
	}
	if (call->signs)
		wait_milliseconds(shim.script.sign_ms);
	wait_milliseconds((bytes + READ_BYTES - 1) / READ_BYTES * shim.script.read_ms);
}

CK_RV call_end(struct call *call, CK_RV rv)
{
	if (!shim.ready)
		return rv;
	keep_pace(call, rv);
	apply_rules(call, true, &rv);
	log_number(call, "0x%lx", rv);
	return rv;
}

void note_type(struct call *call, CK_MECHANISM_TYPE type)
{
	call->hidden = script_hides(&shim_state()->script, type);
	snprintf(call->detail, sizeof(call->detail), "mechanism 0x%lx", type);
}

void note_mechanism(struct call *call, const CK_MECHANISM *mechanism)
{
	if (mechanism != NULL)
		note_type(call, mechanism->mechanism);
}

void note_template(struct call *call, const CK_ATTRIBUTE *attributes, CK_ULONG count_of)
{
	for (CK_ULONG i = 0; attributes != NULL && i < count_of; i++) {
		if (attributes[i].type != CKA_CLASS || attributes[i].pValue == NULL ||
		    attributes[i].ulValueLen != sizeof(CK_OBJECT_CLASS))
			continue;
		snprintf(call->detail, sizeof(call->detail), "%s",
			 name_of_class(*(const CK_OBJECT_CLASS *)attributes[i].pValue));
	}
}

void note_object(struct call *call, CK_OBJECT_HANDLE object)
{
	snprintf(call->detail, sizeof(call->detail), "object %lu", object);
}

void note_reading(struct call *call, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes,
		  CK_ULONG count_of)
{
	note_object(call, object);
	call->read = attributes;
	call->read_count = attributes != NULL ? count_of : 0;
}

void note_signature(struct call *call, const CK_BYTE *signature)
{
	call->signs = signature != NULL;
	if (signature == NULL)
		snprintf(call->detail, sizeof(call->detail), "size");
}

void note_flags(struct call *call, CK_FLAGS flags)
{
	snprintf(call->detail, sizeof(call->detail), "%s",
		 flags & CKF_RW_SESSION ? "read-write" : "read-only");
}

void note_login(struct call *call, CK_USER_TYPE user, const CK_UTF8CHAR *pin, CK_ULONG length)
{
	const char *who = user == CKU_USER ? "user"
			  : user == CKU_SO ? "security-officer"
					   : "context-specific";

	const char *where = shim_state()->ready && card_is_swapped() ? " other card" : "";

	if (pin == NULL)
		snprintf(call->detail, sizeof(call->detail), "%s pin NULL%s", who, where);
	else
		snprintf(call->detail, sizeof(call->detail), "%s pin %lu bytes%s", who, length,
			 where);
}
