/* SPDX-License-Identifier: MIT */
/* The address of an LDAP search (RFC 4516), with what a person typed in its filter. Pure. */
#ifndef CERTRENEW_LDAP_ADDRESS_H
#define CERTRENEW_LDAP_ADDRESS_H

#include "helper/ca/directory.h"

/*
 * ldap://HOST/BASE?ATTRIBUTES?sub?FILTER for the query; ldaps:, at the port of ldap:, where
 * StartTLS was asked for before (ldap_starttls.h). Whatever the e-mail or the name holds, it is
 * compared as it is: what means something in a filter (RFC 4515 §3) or in a URL is escaped. The
 * caller frees *ret. Returns 0, -FAILURE_CONFIG for a `url` with more than a host and a base, or
 * -FAILURE_SYSTEM.
 */
int ldap_address(const struct config_directory *settings, const struct directory_query *query,
		 char **ret, struct failure *failure);

#endif
