/* SPDX-License-Identifier: MIT */
/* The control pipe: whatever an unprivileged child writes, what root reads is harmless. */
#include <string.h>
#include <unistd.h>

#include "helper/common/report.h"
#include "tests/fuzz/input.h"

static void must_be_printable(const char *text, size_t size)
{
	MUST(memchr(text, '\0', size) != NULL);
	for (; *text != '\0'; text++)
		MUST(*text >= 0x20 && *text <= 0x7E);
}

static void must_be_sound(const struct report *report)
{
	MUST(report->stage >= REPORT_READING && report->stage <= REPORT_FORBIDDEN);
	must_be_printable(report->token_serial, sizeof(report->token_serial));
	must_be_printable(report->certificates, sizeof(report->certificates));
	MUST(memchr(report->token_label, '\0', sizeof(report->token_label)) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report;
	size_t taken = 0;
	int ends[2], result;

	if (size > 16 * sizeof(report)) /* well within what a pipe takes */
		return 0;
	MUST(pipe(ends) == 0 && write(ends[1], data, size) == (ssize_t)size);
	close(ends[1]);
	while ((result = report_receive(ends[0], &report)) == 1) {
		must_be_sound(&report);
		taken += sizeof(report);
	}
	MUST(result == (taken == size ? 0 : -1));
	close(ends[0]);
	return 0;
}
