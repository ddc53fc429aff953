/* SPDX-License-Identifier: MIT */
/* certrenew.conf: the CAs, where a card is revoked, the directory and the status services. */
#include "tests/unit/config-file.h"

#define CA     "[ca \"office\"]\n"
#define OFFICE CA "url = https://ra.example.org/est\ntrust = /etc/ca.pem\n"

static void test_a_ca_is_read_with_all_its_keys(void **state)
{
	struct config *config = accepted_text(
	    OFFICE "issuer = CN=CA,O=Office,C=TW\nkey = new\ntimeout = 5m\n"
		   "environment = https_proxy=http://proxy:3128 no_proxy=.example.org\n"
		   "[ca \"the others é\"]\nprotocol = cmp\nurl = http://[::1]:80/cmp\ntrust = /b\n"
		   "encryption_proof = ra-verified\n");

	(void)state;
	assert_int_equal(config->ca_count, 2);
	assert_string_equal(config->cas[0].name, "office");
	assert_string_equal(config->cas[0].issuer, "CN=CA,O=Office,C=TW");
	assert_int_equal(config->cas[0].key, KEY_NEW);
	assert_int_equal(config->cas[0].timeout, 300);
	assert_string_equal(config->cas[0].environment[1], "no_proxy=.example.org");
	assert_string_equal(config->cas[1].name, "the others é");
	assert_string_equal(config->cas[1].issuer, "");
	assert_int_equal(config->cas[1].protocol, PROTOCOL_CMP);
	assert_int_equal(config->cas[1].encryption_proof, PROOF_RA_VERIFIED);
	assert_int_equal(config->cas[1].timeout, 120);
	assert_null(config->cas[1].environment[0]);
	assert_int_equal(config->cas[1].line, 8);
	config_free(config);
}

static void test_a_ca_without_what_it_needs_is_refused(void **state)
{
	static const struct refused cases[] = {
	    {"\n" CA, ":2: [ca \"office\"] url: a CA needs this key"},
	    {CA "trust = /a\n", ":1: [ca \"office\"] url: a CA needs this key"},
	    {CA "url =\ntrust = /a\n", ":2: [ca \"office\"] url: a CA needs this key"},
	    {CA "url = https://a/\n", ":1: [ca \"office\"] trust: a CA needs this key"},
	    {CA "trust = ca.pem\n", ":2: [ca \"office\"] trust: 'ca.pem' is not an absolute path"},
	    {CA "url = http://a/\ntrust = /a\n",
	     ":2: [ca \"office\"] url: EST runs over TLS only (RFC 7030, section 3.3)"},
	    {OFFICE "encryption_proof = decrypt\n",
	     ":4: [ca \"office\"] encryption_proof: EST knows no other proof than a signature"},
	    {OFFICE "sender = CN=RA\n", ":4: [ca \"office\"] sender: only CMP has this"},
	    {OFFICE "client_chain = /a\n", ":4: [ca \"office\"] client_chain: only CMP has this"},
	    {OFFICE "implicit_confirm = no\n",
	     ":4: [ca \"office\"] implicit_confirm: only CMP has this"},
	    {OFFICE "tls_certificate = yes\n",
	     ":4: [ca \"office\"] tls_certificate: only CMP has this"},
	    {OFFICE "unsigned_errors = yes\n",
	     ":4: [ca \"office\"] unsigned_errors: only CMP has this"},
	    {CA "url = http://a/\ntrust = /a\nprotocol = cmp\ntls_certificate = yes\n",
	     ":5: [ca \"office\"] tls_certificate: there is no TLS to show a certificate in"},
	    {OFFICE "environment = LD_AUDIT=x\n",
	     ":4: [ca \"office\"] environment: 'LD_AUDIT=x' would load other code"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_two_cas_for_one_issuer_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {OFFICE "[ca \"b\"]\nurl = https://b/\ntrust = /b\n",
	     ":4: [ca \"b\"] issuer: [ca \"office\"] in line 1 names no issuer either"},
	    {OFFICE "issuer = CN=A B,O=C\n[ca \"b\"]\nurl = https://b/\ntrust = /b\n"
		    "issuer = cn=a b, o = c\n",
	     ":8: [ca \"b\"] issuer: [ca \"office\"] in line 1 is already for this issuer"},
	    {OFFICE "issuer = /C=TW/O=Office\n",
	     ":4: [ca \"office\"] issuer: '/C=TW/O=Office' is not an RFC 4514 name"},
	    {OFFICE "issuer = Office\n", ":4: [ca \"office\"] issuer: 'Office' is not an RFC"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
	config_free(accepted_text(OFFICE "issuer = CN=A B\n[ca \"b\"]\nissuer = CN=AB\n"
					 "url = https://b/\ntrust = /b\n"));
}

static void test_urls_are_judged_by_scheme_and_host(void **state)
{
	static const struct refused cases[] = {
	    {CA "url = ftp://a/\n", ":2: [ca \"office\"] url: 'ftp://a/' is not an https:// URL"},
	    {CA "url = https:///x\n", ":2: [ca \"office\"] url: 'https:///x' is not a URL"},
	    {CA "url = https://:80/\n", ":2: [ca \"office\"] url: 'https://:80/' is not a URL"},
	    {CA "url = https://a/b c\n", ":2: [ca \"office\"] url: 'https://a/b c' is not a URL"},
	    {CA "url = https://u:p@a/\n", ":2: [ca \"office\"] url: a URL here holds no user name"},
	    {"[revocation]\nurl = http://a/\n",
	     ":2: [revocation] url: 'http://a/' is not an https:// URL"},
	    {"[revocation]\nagreement = a\n", ":2: [revocation] agreement: 'a' is not an https"},
	    {"[directory]\nurl = http://a/\n",
	     ":2: [directory] url: 'http://a/' is neither LDAP nor HTTPS"},
	    {"[directory]\nurl = ldap://\n", ":2: [directory] url: 'ldap://' is not a URL"},
	    {"[status]\nocsp = ldap://a/\n", ":2: [status] ocsp: 'ldap://a/' is no web address"},
	    {"[status]\ncrl = http://\n", ":2: [status] crl: 'http://' is not a URL"},
	};
	struct config *config = accepted_text(
	    "[revocation]\nurl = https://a/\nprotocol = form\nreference = serial\n"
	    "agreement = https://a/rpa@2.pdf\n[directory]\nurl = ldap://ldap.example.org\n");

	(void)state;
	assert_int_equal(config->revocation.protocol, REVOCATION_FORM);
	assert_string_equal(config->revocation.reference, "serial");
	assert_string_equal(config->revocation.agreement, "https://a/rpa@2.pdf");
	assert_string_equal(config->directory.url, "ldap://ldap.example.org");
	config_free(config);
	ASSERT_ALL_REFUSED(cases);
}

static void test_the_directory_is_described_and_limited(void **state)
{
	static const struct refused cases[] = {
	    {"[directory]\nlimit = 0\n",
	     ":2: [directory] limit: '0' is not a number from 1 to 10000"},
	    {"[directory]\nlimit = 10001\n", ":2: [directory] limit: '10001' is not a number"},
	    {"[directory]\nlimit = 99999999999999999999\n", ":2: [directory] limit: '9999"},
	    {"[directory]\nlimit = 5s\n", ":2: [directory] limit: '5s' is not a number"},
	    {"[directory]\nlimit = -1\n", ":2: [directory] limit: '-1' is not a number"},
	    {"[directory]\nmail = m)(a\n",
	     ":2: [directory] mail: 'm)(a' is not the name of an LDAP"},
	    {"[directory]\ncertificate = a?b\n",
	     ":2: [directory] certificate: 'a?b' is not the name"},
	    {"[directory]\ntrust = ca.pem\n",
	     ":2: [directory] trust: 'ca.pem' is not an absolute path"},
	    {"[status]\ncheck = yes\n", ":2: [status] check: 'yes' is unknown"},
	};
	struct config *config =
	    accepted_text("[directory]\nlimit = 7\nstarttls = yes\ncertificate = userCertificate\n"
			  "[status]\ncheck = off\nocsp = http://o/\n");

	(void)state;
	assert_int_equal(config->directory.limit, 7);
	assert_true(config->directory.starttls);
	assert_string_equal(config->directory.certificate, "userCertificate");
	assert_string_equal(config->directory.mail, "mail");
	assert_int_equal(config->status.check, CHECK_OFF);
	assert_string_equal(config->status.ocsp, "http://o/");
	assert_int_equal(config->status.max_age, 86400);
	config_free(config);
	ASSERT_ALL_REFUSED(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_ca_is_read_with_all_its_keys),
	    cmocka_unit_test(test_a_ca_without_what_it_needs_is_refused),
	    cmocka_unit_test(test_two_cas_for_one_issuer_are_refused),
	    cmocka_unit_test(test_urls_are_judged_by_scheme_and_host),
	    cmocka_unit_test(test_the_directory_is_described_and_limited),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
