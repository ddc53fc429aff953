/* SPDX-License-Identifier: MIT */
/*
 * certrenew-doctor: what it knows of this machine while it looks, and its groups of checks, a file
 * each. It loads no driver, parses nothing from a card or the network, and writes nothing: the card
 * is read through certrenew-helper, as always, the CA is asked by certrenew-lookup. What the
 * account may is tried as the account.
 */
#ifndef CERTRENEW_DOCTOR_H
#define CERTRENEW_DOCTOR_H

#include "conf/config.h"
#include "helper/common/failure.h"
#include "helper/doctor/diagnosis.h"
#include "helper/supervisor/child.h"

struct doctor {
	struct diagnosis diagnosis;
	struct config *config; /* NULL: we, or the account, cannot read it */
	bool is_root;
	bool has_account;
	struct account account;
	bool socket_open; /* to us, and somebody listens */
	bool card_found;  /* the driver has shown a card, whatever is on it */
};

/* In the order in which they are made: each may rely on those before it. */
void doctor_account(struct doctor *doctor);
void doctor_configuration(struct doctor *doctor);
void doctor_socket(struct doctor *doctor);
void doctor_card(struct doctor *doctor);
void doctor_reader(struct doctor *doctor);
void doctor_login(struct doctor *doctor);
void doctor_network(struct doctor *doctor);
void doctor_desktop(struct doctor *doctor);

/* driver.c: what is wrong with a driver that did not show a card, as the code says. */
void driver_blame(struct doctor *doctor, enum failure_code code);

/* --- as_account.c: whether the account may do this. Each returns 0 or an errno; EAGAIN where we
 * cannot know, because we are not root or there is no such account. ---------------------------- */

/* As access(2). */
int as_account_access(const struct doctor *doctor, const char *path, int mode);
/* Connects to a Unix socket, and says nothing. */
int as_account_connect(const struct doctor *doctor, const char *path);

#endif
