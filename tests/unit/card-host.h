/* SPDX-License-Identifier: MIT */
/*
 * Cards for the tests of helper/card: SoftHSM tokens in a folder of their own, made by the test
 * world's programs, and opened by the code under test. Nothing is left between two tests.
 */
#ifndef CERTRENEW_TESTS_CARD_HOST_H
#define CERTRENEW_TESTS_CARD_HOST_H

#include <dlfcn.h>
#include <time.h>

#include "helper/card/certificates.h"
#include "helper/card/key.h"
#include "helper/card/pin.h"
#include "helper/card/write.h"
#include "helper/common/paths.h"
#include "tests/unit/folder.h"

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define RIGHT	"123456"

/* What a test has open; card_forget closes it. */
static struct {
	char world[PATH_MAX]; /* the folder of the test world's programs */
	char environment[PATH_MAX], *variables[2];
	struct config config;
	struct driver *driver;
	struct token *token;
	struct certificates certificates;
} card;

__attribute__((format(printf, 1, 2))) static inline int card_run(const char *format, ...)
{
	char command[8 * PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	return system(command);
}

/* Makes a card: `options` are those of test-card make. */
static inline void card_make(const char *options)
{
	if (card_run("%s %s/test-card make --module %s --ca %s/ca --so-pin 87654321 --pin %s %s "
		     ">%s/made 2>&1",
		     card.environment, card.world, SOFTHSM, folder, RIGHT, options, folder) != 0) {
		card_run("cat %s/made >&2", folder);
		fail_msg("test-card make %s", options);
	}
}

/* --- a group's set-up and tear-down ------------------------------------------------------- */

static inline void card_configure(void)
{
	snprintf(card.environment, sizeof(card.environment), "SOFTHSM2_CONF=%s/softhsm.conf",
		 folder);
	card.variables[0] = card.environment;
	card.config = (struct config){
	    .module = (char *)SOFTHSM,
	    .token = (char *)"",
	    .environment = card.variables,
	    .init_args = (char *)"",
	};
}

static inline int card_begin(void **state)
{
	char self[PATH_MAX], text[PATH_MAX + 64];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0 || folder_make(state) < 0)
		return -1;
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	if ((size_t)snprintf(card.world, sizeof(card.world), "%s/../world", self) >=
	    sizeof(card.world))
		return -1;
	card_configure();
	snprintf(text, sizeof(text), "directories.tokendir = %s/tokens\nlog.level = ERROR\n",
		 folder);
	folder_write(folder_path("softhsm.conf"), text, strlen(text));
	if (mkdir(folder_path("tokens"), 0700) < 0)
		return -1;
	return card_run("%s/test-ca init %s/ca", card.world, folder);
}

/* The shim reads its script once it is loaded, and a driver is never unloaded by its users. */
static inline void card_unload_shim(void)
{
	char module[PATH_MAX + 16];
	void *library;

	snprintf(module, sizeof(module), "%s/shim.so", card.world);
	while ((library = dlopen(module, RTLD_NOW | RTLD_NOLOAD)) != NULL) {
		dlclose(library);
		dlclose(library);
	}
}

/* A test's tear-down. */
static inline int card_forget(void **state)
{
	(void)state;
	certificates_free(&card.certificates);
	token_close(card.token);
	driver_close(card.driver);
	card.token = NULL;
	card.driver = NULL;
	card_unload_shim();
	card_configure();
	return card_run("rm -rf %s/tokens/* %s/shim-*", folder, folder);
}

/* --- opening ------------------------------------------------------------------------------ */

static inline void card_open_driver(void)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (driver_open(&card.config, &card.driver, &failure) < 0)
		fail_msg("%s", failure.detail);
}

/* How many tokens fit; the first one in *ret. */
static inline size_t card_list(const char *uri, const char *label, struct token_info *ret)
{
	struct token_info *tokens = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	size_t count = 99;

	if (token_list(card.driver, uri, label, &tokens, &count, &failure) < 0)
		fail_msg("%s", failure.detail);
	if (count > 0 && ret != NULL)
		*ret = tokens[0];
	free(tokens);
	return count;
}

static inline void card_open_session(const char *label, bool writable)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct token_info info;

	assert_int_equal(card_list("", label, &info), 1);
	if (token_open(card.driver, &info, writable, &card.token, &failure) < 0)
		fail_msg("%s", failure.detail);
}

/* Without a login, as check has it. */
static inline void card_look_at(const char *label)
{
	card_open_driver();
	card_open_session(label, false);
}

static inline int card_login(const char *pin, struct failure *failure)
{
	struct secret *secret = secret_new(pin, strlen(pin));
	int result;

	assert_non_null(secret);
	result = pin_login(card.token, secret, failure);
	secret_free(secret);
	return result;
}

/* As renew has it. */
static inline void card_work_with(const char *label)
{
	struct failure failure = {.code = FAILURE_NONE};

	card_open_driver();
	card_open_session(label, true);
	if (card_login(RIGHT, &failure) < 0)
		fail_msg("%s", failure.detail);
}

/* --- what is on it ------------------------------------------------------------------------ */

static inline void card_read(size_t expected)
{
	struct failure failure = {.code = FAILURE_NONE};

	certificates_free(&card.certificates);
	if (certificates_read(card.token, &card.certificates, &failure) < 0)
		fail_msg("%s", failure.detail);
	assert_int_equal(card.certificates.count, expected);
}

static inline void card_pair(void)
{
	assert_int_equal(certificates_pair(card.token, &card.certificates, NULL), 0);
}

/* The one with this CKA_ID, of one byte. */
static inline struct certificate *card_certificate(unsigned char id)
{
	for (size_t i = 0; i < card.certificates.count; i++)
		if (card.certificates.items[i].id.length == 1 &&
		    card.certificates.items[i].id.bytes[0] == id)
			return &card.certificates.items[i];
	fail_msg("no certificate with CKA_ID %02x", id);
	return NULL;
}

static inline EVP_PKEY *card_public(const struct certificate *certificate)
{
	return X509_get0_pubkey(certificate->x509);
}

/* The CKA_IDs that test-card gives. */
enum { ID_SIGNATURE = 1, ID_ENCRYPTION = 2, ID_BOTH = 3, ID_ED25519 = 0x41 };

/* --- the scripted module in between ------------------------------------------------------- */

/* `rules` follow the lines that every script has. */
static inline void card_behind_shim(const char *rules)
{
	static char module[PATH_MAX + 16];
	char script[4 * PATH_MAX];

	snprintf(script, sizeof(script), "module %s\nlog %s/shim-log\n%s", SOFTHSM, folder, rules);
	folder_write(folder_path("shim-script"), script, strlen(script));
	setenv("CERTRENEW_SHIM", folder_path("shim-script"), 1);
	snprintf(module, sizeof(module), "%s/shim.so", card.world);
	card.config.module = module;
}

/* How many lines of the shim's log have this in them. */
static inline size_t card_calls(const char *text)
{
	size_t length, count = 0;
	char *log = folder_read(folder_path("shim-log"), &length);

	for (const char *at = log; (at = strstr(at, text)) != NULL; at += strlen(text))
		count++;
	free(log);
	return count;
}

#define WITH_A_CARD(test) cmocka_unit_test_teardown(test, card_forget)

#endif
