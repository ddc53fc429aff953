/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

void input_broken(const char *condition, const char *file, int line, const char *function)
{
	fprintf(stderr, "%s:%d: %s: this must hold: %s\n", file, line, function, condition);
	abort();
}

char *input_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* --- clean texts ----------------------------------------------------------------------------- */

/* Not utf8.c's: two that agree are worth more than one. */
static unsigned decode(const unsigned char **at)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char first = *(*at)++;
	size_t length = first < 0x80		 ? 1
			: (first & 0xE0) == 0xC0 ? 2
			: (first & 0xF0) == 0xE0 ? 3
			: (first & 0xF8) == 0xF0 ? 4
						 : 0;
	unsigned code = length == 1 ? first : first & (0x7Fu >> length);

	for (size_t i = 1; i < length; i++, (*at)++) {
		if ((**at & 0xC0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (**at & 0x3Fu);
	}
	if (length == 0 || code < least[length] || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		return UINT32_MAX;
	return code;
}

static bool is_harmless(unsigned code)
{
	if (code == UINT32_MAX || (code < 0x20 && code != '\n') || (code >= 0x7F && code < 0xA0))
		return false;
	return code != 0x061C && code != 0x200E && code != 0x200F &&
	       !(code >= 0x2028 && code <= 0x202E) && !(code >= 0x2066 && code <= 0x2069);
}

bool input_is_clean(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at != '\0')
		if (!is_harmless(decode(&at)))
			return false;
	return true;
}

bool input_is_clean_line(const char *text)
{
	return strchr(text, '\n') == NULL && input_is_clean(text);
}

/* --- pieces ---------------------------------------------------------------------------------- */

const uint8_t *input_bytes(struct input *input, size_t most, size_t *ret_length)
{
	const uint8_t *bytes = input->at;

	*ret_length = most < input->left ? most : input->left;
	input->at += *ret_length;
	input->left -= *ret_length;
	return bytes;
}

uint8_t input_byte(struct input *input)
{
	size_t length;
	const uint8_t *byte = input_bytes(input, 1, &length);

	return length == 1 ? *byte : 0;
}

uint16_t input_short(struct input *input)
{
	unsigned high = input_byte(input);

	return (uint16_t)(high << 8 | input_byte(input));
}

char *input_line(struct input *input)
{
	const uint8_t *newline = input->left == 0 ? NULL : memchr(input->at, '\n', input->left);
	size_t length = newline == NULL ? input->left : (size_t)(newline - input->at);
	char *line = input_text(input->at, length);

	input->at += length + (newline != NULL);
	input->left -= length + (newline != NULL);
	return line;
}

/* --- files ----------------------------------------------------------------------------------- */

static char folder[] = "/dev/shm/certrenew-fuzz-XXXXXX";
static char path[sizeof(folder) + 64];

static void remove_folder(void)
{
	static const char *const names[] = {"input", "0", "0.new"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

const char *input_folder(void)
{
	static bool made;

	if (!made) {
		MUST(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
		made = true;
	}
	return folder;
}

const char *input_file(const char *name, const void *bytes, size_t length)
{
	int file;

	snprintf(path, sizeof(path), "%s/%s", input_folder(), name);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(file >= 0 && write(file, bytes, length) == (ssize_t)length && close(file) == 0);
	return path;
}

/* --- certificates ---------------------------------------------------------------------------- */

static X509 *read_certificate(const char *pem)
{
	BIO *memory = BIO_new_mem_buf(pem, -1);
	X509 *certificate = memory == NULL ? NULL : PEM_read_bio_X509(memory, NULL, NULL, NULL);

	MUST(certificate != NULL);
	BIO_free(memory);
	return certificate;
}

X509 *input_ca(void)
{
	static const char pem[] =
	    "-----BEGIN CERTIFICATE-----\n"
	    "MIIBdjCCARygAwIBAgIBATAKBggqhkjOPQQDAjAxMQswCQYDVQQGEwJUVzEQMA4G\n"
	    "A1UECgwHVGVzdCBDQTEQMA4GA1UEAwwHSXNzdWluZzAgFw0xNjExMjQxMDAwMDBa\n"
	    "GA8yMTI2MTAyOTEwMDAwMFowMTELMAkGA1UEBhMCVFcxEDAOBgNVBAoMB1Rlc3Qg\n"
	    "Q0ExEDAOBgNVBAMMB0lzc3VpbmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARg\n"
	    "pd+PxqoDRweUphN843OeImsAVjgdsgh/K9zvEpTZcu7TSWOJeOv/b+2CrNHxtxrQ\n"
	    "uTGCtxtn0OT5n7GDq6ctoyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQE\n"
	    "AwIBBjAKBggqhkjOPQQDAgNIADBFAiEA20eebKAEeqxhiXOJbm7PHc97aJeUCIpB\n"
	    "5YEAx5Gduv0CIGJ6SigWDmWHbj3rMa6L0jfNw3kOlaoLaRXEb4wu/Of3\n"
	    "-----END CERTIFICATE-----\n";
	static X509 *read;

	if (read == NULL)
		read = read_certificate(pem);
	return read;
}

X509 *input_certificate(void)
{
	static const char pem[] =
	    "-----BEGIN CERTIFICATE-----\n"
	    "MIIBlDCCATugAwIBAgICTgcwCgYIKoZIzj0EAwIwMTELMAkGA1UEBhMCVFcxEDAO\n"
	    "BgNVBAoMB1Rlc3QgQ0ExEDAOBgNVBAMMB0lzc3VpbmcwHhcNMjUxMTIyMTAwMDAw\n"
	    "WhcNMjYxMjEyMTAwMDAwWjBCMQswCQYDVQQGEwJUVzEbMBkGA1UECgwSRXhhbXBs\n"
	    "ZSBHb3Zlcm5tZW50MRYwFAYDVQQDDA1DaGVuIE1laS1saW5nMFkwEwYHKoZIzj0C\n"
	    "AQYIKoZIzj0DAQcDQgAErcvfY5pOecaHVMAPHpvDX3ri8BdSwhQF95wgVvLl4XO5\n"
	    "7U8WbMZOM/RqL5URy+rOfR+p0tUzaL27uJrTXvLpIaMyMDAwCQYDVR0TBAIwADAO\n"
	    "BgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwIwCgYIKoZIzj0EAwID\n"
	    "RwAwRAIgeRSi3eoS77iHZy0qssk6eI3TC3eVkVVBgyKdrInZMvsCIG6tYKUGY9AF\n"
	    "nMvdPCeTNE7GKuouAHcZpBzpnppfi7Uo\n"
	    "-----END CERTIFICATE-----\n";
	static X509 *read;

	if (read == NULL)
		read = read_certificate(pem);
	return read;
}

EVP_PKEY *input_signing_key(void)
{
	static EVP_PKEY *key;

	if (key == NULL)
		key = EVP_EC_gen("P-256");
	MUST(key != NULL);
	return key;
}

X509 *input_signing_ca(void)
{
	static X509 *ca;

	if (ca == NULL) {
		ca = X509_dup(input_ca());
		MUST(ca != NULL && X509_set_pubkey(ca, input_signing_key()) == 1 &&
		     X509_sign(ca, input_signing_key(), EVP_sha256()) > 0);
	}
	return ca;
}
