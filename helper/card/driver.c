/* SPDX-License-Identifier: MIT */
#include "helper/card/driver.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	CK_RV rv;
	const char *name;
	enum failure_code code;
} answers[] = {
    {CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", FAILURE_CARD_REMOVED},
    {CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", FAILURE_CARD_REMOVED},
    {CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", FAILURE_CARD_REMOVED},
    {CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", FAILURE_CARD_REMOVED},
    {CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", FAILURE_CARD_REMOVED},
    {CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", FAILURE_NO_CARD},
    {CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", FAILURE_PIN_WRONG},
    {CKR_PIN_INVALID, "CKR_PIN_INVALID", FAILURE_PIN_WRONG},
    {CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", FAILURE_PIN_LENGTH},
    {CKR_PIN_LOCKED, "CKR_PIN_LOCKED", FAILURE_PIN_LOCKED},
    {CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", FAILURE_PIN_EXPIRED},
    {CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", FAILURE_CARD_UNINITIALISED},
    {CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", FAILURE_CANCELLED},
    {CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", FAILURE_CARD_READ_ONLY},
    {CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY", FAILURE_CARD_READ_ONLY},
    {CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID", FAILURE_CARD_READ_ONLY},
    {CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", FAILURE_CARD_ERROR},
    {CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", FAILURE_CARD_FULL},
    {CKR_HOST_MEMORY, "CKR_HOST_MEMORY", FAILURE_CARD_ERROR},
    {CKR_ACTION_PROHIBITED, "CKR_ACTION_PROHIBITED", FAILURE_CARD_FIXED},
    {CKR_ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY", FAILURE_CARD_FIXED},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", FAILURE_KEY_CANNOT_SIGN},
    {CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", FAILURE_CARD_ERROR},
    {CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", FAILURE_CARD_ERROR},
    {CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", FAILURE_CARD_ERROR},
};

int driver_failure(CK_RV rv, const char *call, struct failure *failure)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].rv == rv)
			return fail(failure, answers[i].code, "%s: %s", call, answers[i].name);
	return fail(failure, FAILURE_CARD_ERROR, "%s: 0x%lx", call, (unsigned long)rv);
}

/* Among the libraries only what is not in the folder: of what is there and does not load, dlerror()
 * is to tell why. */
static void *load(const char *module)
{
	char path[512];

	if (strchr(module, '/') == NULL &&
	    (size_t)snprintf(path, sizeof(path), "%s/%s", P11_MODULE_DIR, module) < sizeof(path) &&
	    access(path, F_OK) == 0)
		return dlopen(path, RTLD_NOW | RTLD_LOCAL);
	return dlopen(module, RTLD_NOW | RTLD_LOCAL);
}

static int set_environment(char *const *environment, struct failure *failure)
{
	char *name, *equals;
	int result = 0;

	for (; *environment != NULL && result == 0; environment++) {
		name = strdup(*environment);
		if (name == NULL)
			return fail_errno(failure, "no memory for the driver's environment");
		equals = strchr(name, '=');
		if (equals != NULL) {
			*equals = '\0';
			if (setenv(name, equals + 1, 1) < 0)
				result = fail_errno(failure, "setting %s for the driver", name);
		}
		free(name);
	}
	return result;
}

static int initialise(struct driver *driver, const char *init_args, struct failure *failure)
{
	CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
	CK_RV rv;

	/* The reserved member is a pointer to text for the modules that want one (NSS). */
	if (init_args[0] != '\0')
		arguments.pReserved = (void *)init_args;
	rv = driver->p11->C_Initialize(&arguments);
	if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return fail(failure, FAILURE_DRIVER, "C_Initialize: 0x%lx", (unsigned long)rv);
	driver->initialised = true;
	return 0;
}

int driver_open(const struct config *config, struct driver **ret, struct failure *failure)
{
	struct driver *driver = NULL;
	CK_C_GetFunctionList get_functions;
	CK_RV rv;
	int result;

	result = set_environment(config->environment, failure);
	if (result < 0)
		return result;
	driver = calloc(1, sizeof(*driver));
	if (driver == NULL)
		return fail_errno(failure, "no memory for the driver");
	driver->library = load(config->module);
	if (driver->library == NULL) {
		result = fail(failure, FAILURE_DRIVER, "[card] module %s: %s", config->module,
			      dlerror());
		goto out;
	}
	*(void **)&get_functions = dlsym(driver->library, "C_GetFunctionList");
	if (get_functions == NULL) {
		result = fail(failure, FAILURE_DRIVER, "[card] module %s is no PKCS#11 module",
			      config->module);
		goto out;
	}
	rv = get_functions(&driver->p11);
	if (rv != CKR_OK || driver->p11 == NULL) {
		result =
		    fail(failure, FAILURE_DRIVER, "C_GetFunctionList: 0x%lx", (unsigned long)rv);
		goto out;
	}
	result = initialise(driver, config->init_args, failure);
	if (result == 0) {
		*ret = driver;
		driver = NULL;
	}
out:
	driver_close(driver);
	return result;
}

void driver_close(struct driver *driver)
{
	if (driver == NULL)
		return;
	if (driver->initialised)
		driver->p11->C_Finalize(NULL);
	free(driver);
}
