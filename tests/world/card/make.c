/* SPDX-License-Identifier: MIT */
/* test-card make: a token from nothing to a person's card. */
#include "tests/world/card/make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

enum { DAY = 86400 };

static const struct {
	enum issue_role role;
	unsigned char id;
	const char *label;
} roles[] = {
    {ISSUE_SIGNATURE, 1, "Signature"},
    {ISSUE_ENCRYPTION, 2, "Encryption"},
    {ISSUE_BOTH, 3, "Signature and encryption"},
};

enum { ROLES = sizeof(roles) / sizeof(roles[0]) };

static int initialise(CK_FUNCTION_LIST_PTR p11, const struct order *order, struct token *ret_token)
{
	struct token token;
	CK_RV rv;

	if (order->initialised)
		return token_find(p11, order->label, NULL, 0, ret_token) == 1
			   ? 0
			   : complain("no token with this label");
	if (token_create(p11, order->label, order->so_pin, &token) < 0)
		return -1;
	if (!order->no_pin) {
		if (token_open(&token, true) < 0)
			return -1;
		if (token_login(&token, CKU_SO, order->so_pin) < 0)
			return -1;
		rv = p11->C_InitPIN(token.session, (CK_UTF8CHAR_PTR)order->pin, strlen(order->pin));
		p11->C_Logout(token.session);
		token_close(&token);
		if (rv != CKR_OK)
			return complain_rv("C_InitPIN", rv);
	}
	*ret_token = token;
	return 0;
}

/* An older certificate of the same key, as a person keeps it after a renewal: it ended long ago. */
static int keep_old(struct making *making, EVP_PKEY *key, enum issue_role role,
		    const struct bytes *id, const char *label)
{
	X509 *certificate = NULL;
	int rc;

	if (certify(making, key, role, making->not_before - 355 * DAY,
		    making->not_before + 10 * DAY, true, &certificate) < 0)
		return -1;
	rc = write_certificate(&making->token, certificate, id, label);
	X509_free(certificate);
	return rc;
}

static int add_role(struct making *making, size_t index)
{
	const struct order *order = making->order;
	unsigned char id = order->same_ids ? 1 : roles[index].id;
	struct manner manner = {order->private_certificates, order->unmodifiable,
				order->undestroyable};
	enum issue_role role = roles[index].role;
	struct key_wish wish = {
	    .type = order->key,
	    .id = {&id, sizeof(id)},
	    .label = order->same_ids ? "Certificate" : roles[index].label,
	    .sign = role != ISSUE_ENCRYPTION || !order->encryption_cannot_sign,
	    .decrypt = role != ISSUE_SIGNATURE,
	    .private = !order->public_private_keys,
	    .always_authenticate = role == ISSUE_ENCRYPTION ? order->encryption_always_authenticate
							    : order->always_authenticate,
	};
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int rc = -1;

	if (generate_pair(&making->token, &wish, &key) < 0)
		goto out;
	if (order->kept_old && keep_old(making, key, role, &wish.id, wish.label) < 0)
		goto out;
	if (certify(making, key, role, making->not_before, making->not_after, true, &certificate) <
	    0)
		goto out;
	rc = write_certificate_as(&making->token, certificate, &wish.id, wish.label, &manner);
	if (rc == 0 && order->twice)
		rc = write_certificate_as(&making->token, certificate, &wish.id, wish.label,
					  &manner);
out:
	X509_free(certificate);
	EVP_PKEY_free(key);
	return rc;
}

static int add_roles(struct making *making)
{
	char list[64];
	char *rest = NULL;

	if (snprintf(list, sizeof(list), "%s", making->order->roles) >= (int)sizeof(list))
		return complain("too many roles");
	for (char *word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		enum issue_role role;
		size_t i = 0;

		if (issue_role_parse(word, &role) < 0)
			return complain("a role is signature, encryption or both");
		while (i < ROLES && roles[i].role != role)
			i++;
		if (i == ROLES)
			return complain("a role is signature, encryption or both");
		if (add_role(making, i) < 0)
			return -1;
	}
	return 0;
}

static void set_dates(struct making *making)
{
	const struct order *order = making->order;
	int64_t now = time(NULL);

	making->not_before = now - order->issued_days_ago * DAY;
	making->not_after =
	    order->not_after == INT64_MIN ? now + order->days * DAY : order->not_after;
	if (making->not_before >= making->not_after)
		making->not_before = making->not_after - 365 * DAY;
}

static int fill(struct making *making)
{
	const struct order *order = making->order;
	int rc = -1;

	set_dates(making);
	making->subject = issue_name(order->subject);
	if (making->subject == NULL || issue_ca_open(order->ca, "", &making->ca) < 0) {
		ERR_print_errors_fp(stderr);
		goto out;
	}
	if (token_open(&making->token, true) == 0 &&
	    token_login(&making->token, CKU_USER, order->pin) == 0 && add_roles(making) == 0 &&
	    add_oddities(making) == 0)
		rc = 0;
out:
	token_close(&making->token);
	issue_ca_close(&making->ca);
	X509_NAME_free(making->subject);
	return rc;
}

int make_card(const struct order *order)
{
	struct making making = {.order = order};
	CK_FUNCTION_LIST_PTR p11 = NULL;
	int rc = -1;

	if (module_open(order->module, order->init_args, &p11) < 0)
		return 1;
	rc = initialise(p11, order, &making.token);
	if (rc == 0 && !order->no_pin && !order->empty)
		rc = fill(&making);
	if (rc == 0)
		printf("token label=\"%s\" serial=%s\n", making.token.label, making.token.serial);
	module_close(p11);
	return rc == 0 ? 0 : 1;
}
