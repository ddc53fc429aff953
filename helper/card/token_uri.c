/* SPDX-License-Identifier: MIT */
#include "helper/card/token_uri.h"

#include <dlfcn.h>

#include <p11-kit/uri.h>

/* Loaded only for a URI: few configurations have one, and each login would pay for it. */
static struct {
	__typeof__(&p11_kit_uri_new) new;
	__typeof__(&p11_kit_uri_parse) parse;
	__typeof__(&p11_kit_uri_message) message;
	__typeof__(&p11_kit_uri_match_token_info) match;
	__typeof__(&p11_kit_uri_free) free;
} p11_kit;

static int load(struct failure *failure)
{
	static const struct {
		const char *name;
		void *at;
	} functions[] = {
	    {"p11_kit_uri_new", &p11_kit.new},
	    {"p11_kit_uri_parse", &p11_kit.parse},
	    {"p11_kit_uri_message", &p11_kit.message},
	    {"p11_kit_uri_match_token_info", &p11_kit.match},
	    {"p11_kit_uri_free", &p11_kit.free},
	};
	void *library = dlopen("libp11-kit.so.0", RTLD_NOW | RTLD_LOCAL), *function = library;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]) && function != NULL; i++) {
		function = dlsym(library, functions[i].name);
		*(void **)functions[i].at = function;
	}
	return function == NULL ? fail(failure, FAILURE_SYSTEM, "[card] token: %s", dlerror()) : 0;
}

int token_uri_parse(const char *text, struct p11_kit_uri **ret, struct failure *failure)
{
	P11KitUri *uri;
	int result;

	if (text[0] == '\0') {
		*ret = NULL;
		return 0;
	}
	result = load(failure);
	if (result < 0)
		return result;
	uri = p11_kit.new();
	if (uri == NULL)
		return fail_errno(failure, "no memory for a URI");
	result = p11_kit.parse(text, P11_KIT_URI_FOR_TOKEN, uri);
	if (result != P11_KIT_URI_OK) {
		p11_kit.free(uri);
		return fail(failure, FAILURE_CONFIG, "[card] token: %s: %s", text,
			    p11_kit.message(result));
	}
	*ret = uri;
	return 0;
}

bool token_uri_fits(struct p11_kit_uri *uri, CK_TOKEN_INFO *token)
{
	return uri == NULL || p11_kit.match(uri, token);
}

void token_uri_free(struct p11_kit_uri *uri)
{
	if (uri != NULL)
		p11_kit.free(uri);
}
