/* SPDX-License-Identifier: MIT */
#include "helper/card/key.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/ui.h>

/* libp11.h names two types that OpenSSL hides with its deprecated functions; neither is used. */
typedef struct rsa_meth_st RSA_METHOD;
typedef struct ec_key_method_st EC_KEY_METHOD;
#include <libp11.h>

#include "helper/card/pin.h"
#include "helper/card/window.h"
#include "helper/common/paths.h"

/* What libp11 asks of a private key, beside its CKA_ID, which is the caller's. */
enum { KNOWN_COUNT = 7, MODULUS_MAX = 1024, EXPONENT_MAX = 16 };

struct key {
	struct object_id id;
	unsigned char modulus[MODULUS_MAX], exponent[EXPONENT_MAX];
	CK_ATTRIBUTE known[KNOWN_COUNT];
	CK_ULONG known_count;
	PKCS11_CTX *context;
	bool loaded; /* unloading a context that was never loaded crashes libp11 */
	PKCS11_SLOT *slots;
	unsigned slot_count;
	EVP_PKEY *evp;
	bool tls12_only;
};

static bool has_mechanism(const struct token *token, CK_MECHANISM_TYPE mechanism)
{
	CK_MECHANISM_INFO info = {0};

	return token->driver->p11->C_GetMechanismInfo(token->info.slot, mechanism, &info) == CKR_OK;
}

/* libp11 pads PSS itself and asks the token for raw RSA. */
static bool needs_tls12(const struct token *token, EVP_PKEY *public)
{
	return EVP_PKEY_is_a(public, "RSA") && !has_mechanism(token, CKM_RSA_X_509);
}

bool key_kind_signs(const struct token *token, EVP_PKEY *public)
{
	if (EVP_PKEY_is_a(public, "EC"))
		return has_mechanism(token, CKM_ECDSA);
	return has_mechanism(token, CKM_RSA_PKCS) || has_mechanism(token, CKM_RSA_X_509);
}

/*
 * C_SignInit or C_DecryptInit of libp11, and what a key that wants its PIN each time needs between
 * it and the operation (CKU_CONTEXT_SPECIFIC). A PIN that was not taken once is not given again.
 */
static CK_RV begin(void *context, window_init init, CK_SESSION_HANDLE session,
		   CK_MECHANISM *mechanism, CK_OBJECT_HANDLE object)
{
	struct token *token = context;
	bool again = token->again != NULL && key_wants_pin(token, object);
	CK_RV rv;

	if (again && pin_refused(token) != NULL)
		return CKR_FUNCTION_CANCELED;
	rv = init(session, mechanism, object);
	if (rv == CKR_OK && again && pin_login_again(token) < 0)
		return CKR_FUNCTION_CANCELED;
	return rv;
}

static size_t take_number(EVP_PKEY *public, const char *which, unsigned char *ret, int room)
{
	BIGNUM *number = NULL;
	size_t length = 0;

	if (EVP_PKEY_get_bn_param(public, which, &number) == 1 && BN_num_bytes(number) <= room)
		length = (size_t)BN_bn2bin(number, ret);
	BN_free(number);
	return length;
}

/* An RSA key that has told its modulus is not asked for it again, nor for what follows from it. */
static void note_known(struct key *key, EVP_PKEY *public)
{
	static CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	static CK_KEY_TYPE type = CKK_RSA;
	static CK_BBOOL no = CK_FALSE;
	static char label[] = "key";
	size_t modulus, exponent;

	modulus = take_number(public, OSSL_PKEY_PARAM_RSA_N, key->modulus, MODULUS_MAX);
	exponent = take_number(public, OSSL_PKEY_PARAM_RSA_E, key->exponent, EXPONENT_MAX);
	if (modulus == 0 || exponent == 0)
		return;
	const CK_ATTRIBUTE known[KNOWN_COUNT] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_LABEL, label, strlen(label)},
	    {CKA_ID, key->id.bytes, key->id.length},
	    {CKA_MODULUS, key->modulus, modulus},
	    {CKA_PUBLIC_EXPONENT, key->exponent, exponent},
	    {CKA_ALWAYS_AUTHENTICATE, &no, sizeof(no)},
	};

	memcpy(key->known, known, sizeof(known));
	key->known_count = KNOWN_COUNT;
}

static int show_through_window(struct token *token, const struct key_seen *seen, struct key *key,
			       struct failure *failure)
{
	struct window_view view = {
	    .driver = token->driver->p11,
	    .slot = token->info.slot,
	    .session = token->session,
	    .begin = begin,
	    .begin_context = token,
	    .key = seen->private_key,
	    .public_key = seen->public_key,
	    .known = key->known,
	    .known_count = key->known_count,
	    .id = key->id.bytes,
	    .id_length = key->id.length,
	};
	card_window_show_function show = NULL;
	void *window;

	/* Stays loaded: libp11 loads the same file again by its path and gets this instance. */
	window = dlopen(PATH_WINDOW, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (window != NULL)
		*(void **)&show = dlsym(window, "card_window_show");
	if (show == NULL)
		return fail(failure, FAILURE_DRIVER, "%s: %s", PATH_WINDOW, dlerror());
	show(&view);
	return 0;
}

static int libp11_failure(const char *call, struct failure *failure)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return fail(failure, FAILURE_CARD_ERROR, "%s: %s", call,
		    reason != NULL ? reason : "no reason");
}

static int open_with_libp11(struct key *key, struct failure *failure)
{
	PKCS11_KEY *keys = NULL;
	unsigned count = 0;

	key->context = PKCS11_CTX_new();
	if (key->context == NULL)
		return libp11_failure("PKCS11_CTX_new", failure);
	/* Otherwise libp11 would ask on the terminal for a key that wants a PIN each time. */
	PKCS11_set_ui_method(key->context, (UI_METHOD *)UI_null(), NULL);
	if (PKCS11_CTX_load(key->context, PATH_WINDOW) != 0)
		return libp11_failure("PKCS11_CTX_load", failure);
	key->loaded = true;
	if (PKCS11_enumerate_slots(key->context, &key->slots, &key->slot_count) != 0 ||
	    key->slot_count != 1 || key->slots[0].token == NULL)
		return libp11_failure("PKCS11_enumerate_slots", failure);
	if (PKCS11_enumerate_keys(key->slots[0].token, &keys, &count) != 0 || count != 1)
		return libp11_failure("PKCS11_enumerate_keys", failure);
	key->evp = PKCS11_get_private_key(&keys[0]);
	return key->evp == NULL ? libp11_failure("PKCS11_get_private_key", failure) : 0;
}

int key_open(struct token *token, const struct key_seen *seen, const struct object_id *id,
	     EVP_PKEY *public, struct key **ret, struct failure *failure)
{
	struct key *key;
	int result;

	if (!EVP_PKEY_is_a(public, "RSA") && !EVP_PKEY_is_a(public, "EC"))
		return fail(failure, FAILURE_KEY_UNSUPPORTED, "a key of type %s",
			    EVP_PKEY_get0_type_name(public));
	/* A card that makes its new keys so, and had none of the kind when the PIN was given. */
	if (token->again == NULL && seen->wants_pin)
		return fail(failure, FAILURE_KEY_UNSUPPORTED,
			    "CKA_ALWAYS_AUTHENTICATE is true, and the PIN was not kept");
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return fail_errno(failure, "no memory for a key");
	key->id = *id;
	key->tls12_only = needs_tls12(token, public);
	if (seen->told && EVP_PKEY_is_a(public, "RSA"))
		note_known(key, public);
	ERR_clear_error();
	result = show_through_window(token, seen, key, failure);
	if (result == 0)
		result = open_with_libp11(key, failure);
	if (result == 0 && EVP_PKEY_eq(key->evp, public) != 1)
		result = fail(failure, FAILURE_NO_KEY, "the key on the token is another one");
	/* SoftHSM leaves entries of its own in the queue even where all went well. */
	ERR_clear_error();
	if (result < 0) {
		key_close(key);
		return result;
	}
	*ret = key;
	return 0;
}

EVP_PKEY *key_evp(const struct key *key)
{
	return key->evp;
}

bool key_is_tls12_only(const struct key *key)
{
	return key->tls12_only;
}

/* In this order: a key that outlives its context is used after it was freed. */
void key_close(struct key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->evp);
	if (key->slots != NULL)
		PKCS11_release_all_slots(key->context, key->slots, key->slot_count);
	if (key->loaded)
		PKCS11_CTX_unload(key->context);
	if (key->context != NULL)
		PKCS11_CTX_free(key->context);
	free(key);
}
