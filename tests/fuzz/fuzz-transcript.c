/* SPDX-License-Identifier: MIT */
/* A CMP transaction out of the journal: what is read is written so that it is read again. */
#include <string.h>

#include <openssl/crypto.h>

#include "helper/ca/cmp_transcript.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript transcript, again;
	unsigned char *bytes = NULL, *bytes_again = NULL;
	size_t length = 0, length_again = 0;

	transcript_decode(data, size, &transcript);
	MUST(transcript.count <= TRANSCRIPT_MESSAGES);
	if (transcript.count == 0)
		return 0;
	if (transcript_encode(&transcript, &bytes, &length, NULL) == 0) {
		transcript_decode(bytes, length, &again);
		MUST(again.count == transcript.count);
		MUST(transcript_encode(&again, &bytes_again, &length_again, NULL) == 0);
		MUST(length == length_again && memcmp(bytes, bytes_again, length) == 0);
		MUST(transcript_add(&again, again.messages[again.count - 1], NULL) <= 0);
		transcript_clear(&again);
	}
	transcript_clear(&transcript);
	OPENSSL_free(bytes);
	OPENSSL_free(bytes_again);
	return 0;
}
