/* SPDX-License-Identifier: MIT */
/* Command and response (ISO 7816-4 §5.1). */
#ifndef CERTRENEW_TESTS_VCARD_APDU_H
#define CERTRENEW_TESTS_VCARD_APDU_H

#include <stddef.h>
#include <stdint.h>

enum { APDU_MAX = 8192 };

enum status_word {
	SW_DONE = 0x9000,
	SW_MORE = 0x6100, /* and how much of it */
	SW_END_OF_FILE = 0x6282,
	SW_TRIES_LEFT = 0x63c0, /* and how many */
	SW_WRONG_LENGTH = 0x6700,
	SW_NOT_ALLOWED = 0x6982,
	SW_PIN_BLOCKED = 0x6983,
	SW_CONDITIONS = 0x6985,
	SW_NO_CURRENT_FILE = 0x6986,
	SW_WRONG_DATA = 0x6a80,
	SW_NOT_SUPPORTED = 0x6a81,
	SW_NO_FILE = 0x6a82,
	SW_NO_SPACE = 0x6a84,
	SW_WRONG_P1P2 = 0x6a86,
	SW_NO_KEY = 0x6a88,
	SW_FILE_EXISTS = 0x6a89,
	SW_WRONG_OFFSET = 0x6b00,
	SW_NO_SUCH_COMMAND = 0x6d00,
};

enum instruction {
	INS_VERIFY = 0x20,
	INS_MANAGE_SECURITY_ENVIRONMENT = 0x22,
	INS_CHANGE_REFERENCE_DATA = 0x24,
	INS_PERFORM_SECURITY_OPERATION = 0x2a,
	INS_RESET_RETRY_COUNTER = 0x2c,
	INS_GENERATE_KEY_PAIR = 0x46,
	INS_GET_CHALLENGE = 0x84,
	INS_SELECT = 0xa4,
	INS_READ_BINARY = 0xb0,
	INS_GET_RESPONSE = 0xc0,
	INS_UPDATE_BINARY = 0xd6,
	INS_CREATE_FILE = 0xe0,
	INS_DELETE_FILE = 0xe4,
};

struct command {
	uint8_t cla, ins, p1, p2;
	const uint8_t *data;
	size_t length;
	size_t expected; /* Le; 0: nothing */
};

struct response {
	uint8_t data[APDU_MAX];
	size_t length;
};

/* Short and extended lengths, all four cases. Returns 0, or -1 for what is no command. */
int apdu_parse(const uint8_t *bytes, size_t length, struct command *ret);

#endif
