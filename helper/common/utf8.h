/* SPDX-License-Identifier: MIT */
/* Texts from a card, a CA or a user, made fit to show. libc only, no locale. */
#ifndef CERTRENEW_UTF8_H
#define CERTRENEW_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length in bytes of the character at `text` (of `length` bytes), or 0 if it is not valid
 * UTF-8 (RFC 3629 §4: no overlong forms, no surrogates, nothing past U+10FFFF).
 */
size_t utf8_character(const unsigned char *text, size_t length);

/* Valid UTF-8 throughout, and no NUL. */
bool utf8_is_valid(const unsigned char *text, size_t length);

/* Valid, and nothing in it that utf8_clean would replace. */
bool utf8_is_clean(const unsigned char *text, size_t length);

/*
 * Copies `text` into `out` (of `size` bytes, always terminated): what is not valid UTF-8, a
 * control character but newline, or a bidirectional override becomes U+FFFD; cut at a
 * character's border. Returns the length written.
 */
size_t utf8_clean(const char *text, char *out, size_t size);

/* The same on one line: a newline, which could forge lines of ours, becomes a blank. */
size_t utf8_clean_line(const char *text, char *out, size_t size);

#endif
