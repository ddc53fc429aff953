/* SPDX-License-Identifier: MIT */
#include "helper/common/report.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

_Static_assert(sizeof(struct report) <= PIPE_BUF, "a report is written in one piece");

static void force_text(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7E)
			*text = '?';
}

static void force_texts(struct report *report)
{
	force_text(report->token_serial, sizeof(report->token_serial));
	force_text(report->certificates, sizeof(report->certificates));
	force_text(report->unfinished, sizeof(report->unfinished));
	report->token_label[sizeof(report->token_label) - 1] = '\0';
}

void report_send(int pipe, const struct report *report)
{
	struct report copy = *report;
	ssize_t written;

	force_texts(&copy);
	do {
		written = write(pipe, &copy, sizeof(copy));
	} while (written < 0 && errno == EINTR);
}

void report_forbidden(int pipe, uint32_t call)
{
	const struct report report = {.stage = REPORT_FORBIDDEN, .call = call};

	report_send(pipe, &report);
}

int report_receive(int pipe, struct report *ret)
{
	struct report report;
	ssize_t got;

	do {
		got = read(pipe, &report, sizeof(report));
	} while (got < 0 && errno == EINTR);
	if (got == 0)
		return 0;
	if (got != (ssize_t)sizeof(report) || report.stage < REPORT_READING ||
	    report.stage > REPORT_FORBIDDEN)
		return -1;
	force_texts(&report);
	*ret = report;
	return 1;
}
