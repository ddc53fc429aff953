/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share. A target hands bytes, as they might come from outside, to one
 * parser, and asks for what must hold whatever they are. libFuzzer makes them up (`make fuzz`),
 * replay.c reads them from the corpus (`make check`).
 */
#ifndef CERTRENEW_TESTS_INPUT_H
#define CERTRENEW_TESTS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

/* Returns 0: libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold: a target that meets anything else is a finding. */
#define MUST(condition) \
	((condition) ? (void)0 : input_broken(#condition, __FILE__, __LINE__, __func__))
void input_broken(const char *condition, const char *file, int line, const char *function)
    __attribute__((noreturn));

/* A copy in memory that ends where it ends, with a NUL behind it; the caller frees it. */
char *input_text(const uint8_t *data, size_t size);

/* Valid UTF-8 in which nothing acts on a terminal or on the order of the text around it. */
bool input_is_clean(const char *text);
/* The same without a newline. */
bool input_is_clean_line(const char *text);

/* The input taken piece by piece; what is taken beyond its end is zero, or shorter. */
struct input {
	const uint8_t *at;
	size_t left;
};
uint8_t input_byte(struct input *input);
uint16_t input_short(struct input *input);
/* At most `most` bytes, and how many there were. */
const uint8_t *input_bytes(struct input *input, size_t most, size_t *ret_length);
/* Up to the next newline, which is taken too; the caller frees it. */
char *input_line(struct input *input);

/* A folder of this process's own (mode 0700), removed at its end. */
const char *input_folder(void);
/* Writes a file into it, in place of an earlier one; returns its path. */
const char *input_file(const char *name, const void *bytes, size_t length);

/* A CA that never was, and a certificate of its own; inputs are signed with its key. */
#define INPUT_NOW INT64_C(1795341600)
X509 *input_ca(void);
X509 *input_certificate(void);

/* The same CA with a key that is at hand, made anew in each process: what it signs gets further. */
X509 *input_signing_ca(void);
EVP_PKEY *input_signing_key(void);

#endif
