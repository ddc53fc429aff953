/* SPDX-License-Identifier: MIT */
/* An LDAP server's answer to StartTLS, before it has proven who it is. */
#include "helper/ca/ldap_starttls.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum starttls_answer answer = ldap_starttls_judge(data, 0);
	size_t length = 0;

	/* It arrives byte by byte, and once it is whole, nothing may follow it. */
	while (answer == STARTTLS_UNFINISHED && length < size)
		answer = ldap_starttls_judge(data, ++length);
	if (answer == STARTTLS_YES && length < size)
		MUST(ldap_starttls_judge(data, length + 1) == STARTTLS_NO);
	MUST(answer != STARTTLS_YES || length >= 10);
	return 0;
}
