/* SPDX-License-Identifier: MIT */
/* What the unprivileged programs tell root over the control pipe. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "helper/common/report.h"
#include "tests/unit/unit.h"

static int reads, writes;

static int open_pipe(void **state)
{
	int ends[2];

	(void)state;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	reads = ends[0];
	writes = ends[1];
	return 0;
}

static int close_pipe(void **state)
{
	(void)state;
	close(reads);
	if (writes >= 0)
		close(writes);
	return 0;
}

static const struct report usual = {
    .stage = REPORT_END,
    .code = FAILURE_CARD_REMOVED,
    .renewable = 1,
    .to_renew = 4,
    .expired = 2,
    .renewed = 3,
    .of = 255,
    .token_serial = "0123456789abcdef",
    .token_label = "0123456789abcdef0123456789abcdef",
    .certificates = "encryption 0A>0B signature 0C>-",
};

static void a_report_arrives_as_it_was_sent(void **state)
{
	struct report got;

	(void)state;
	memset(&got, 0xA5, sizeof(got));
	report_send(writes, &usual);
	assert_int_equal(report_receive(reads, &got), 1);
	assert_int_equal(got.stage, usual.stage);
	assert_int_equal(got.code, usual.code);
	assert_int_equal(got.renewable, usual.renewable);
	assert_int_equal(got.to_renew, usual.to_renew);
	assert_int_equal(got.expired, usual.expired);
	assert_int_equal(got.renewed, usual.renewed);
	assert_int_equal(got.of, usual.of);
	assert_string_equal(got.token_serial, usual.token_serial);
	assert_string_equal(got.token_label, usual.token_label);
	assert_string_equal(got.certificates, usual.certificates);
}

static void each_stage_is_one_record(void **state)
{
	struct report report = usual, got = usual;

	(void)state;
	for (unsigned stage = REPORT_READING; stage <= REPORT_FORBIDDEN; stage++) {
		report.stage = (uint8_t)stage;
		report_send(writes, &report);
	}
	for (unsigned stage = REPORT_READING; stage <= REPORT_FORBIDDEN; stage++) {
		assert_int_equal(report_receive(reads, &got), 1);
		assert_int_equal(got.stage, stage);
	}
	close(writes);
	writes = -1;
	assert_int_equal(report_receive(reads, &got), 0);
}

static void a_forbidden_call_is_told_by_its_number(void **state)
{
	struct report got = usual;

	(void)state;
	report_forbidden(writes, 314);
	assert_int_equal(report_receive(reads, &got), 1);
	assert_int_equal(got.stage, REPORT_FORBIDDEN);
	assert_int_equal(got.call, 314);
	assert_int_equal(got.to_renew, 0);
	assert_string_equal(got.token_serial, "");
}

static void a_record_is_written_in_one_piece(void **state)
{
	(void)state;
	assert_true(sizeof(struct report) <= PIPE_BUF);
}

/* As from a program that was taken over: nothing but bytes. */
static void assert_refused(const void *bytes, size_t length)
{
	struct report got = usual;

	assert_int_equal(write(writes, bytes, length), length);
	assert_int_equal(report_receive(reads, &got), -1);
	assert_memory_equal(&got, &usual, sizeof(got));
}

static void a_stage_that_does_not_exist_is_refused(void **state)
{
	struct report report = usual;

	(void)state;
	for (unsigned stage = 0; stage < 256; stage++) {
		if (stage >= REPORT_READING && stage <= REPORT_FORBIDDEN)
			continue;
		report.stage = (uint8_t)stage;
		assert_refused(&report, sizeof(report));
	}
}

static void half_a_record_is_refused(void **state)
{
	(void)state;
	assert_refused(&usual, 1);
	assert_refused(&usual, sizeof(usual) / 2);
	assert_refused(&usual, sizeof(usual) - 1);
}

static void a_pipe_that_cannot_be_read_is_an_error(void **state)
{
	struct report got = usual;

	(void)state;
	assert_int_equal(report_receive(reads, &got), -1);
	assert_int_equal(report_receive(-1, &got), -1);
}

static void assert_tame(const char *text, size_t size)
{
	assert_true(memchr(text, '\0', size) != NULL);
	for (; *text != '\0'; text++)
		assert_in_range(*text, 0x20, 0x7E);
}

static void texts_that_go_to_the_log_are_printable_and_end(void **state)
{
	struct report report = usual, got = usual;

	(void)state;
	memset(report.token_serial, '\n', sizeof(report.token_serial));
	memset(report.token_label, 0xFF, sizeof(report.token_label));
	for (size_t i = 0; i < sizeof(report.certificates); i++)
		report.certificates[i] = (char)(i + 1);
	assert_int_equal(write(writes, &report, sizeof(report)), sizeof(report));
	assert_int_equal(report_receive(reads, &got), 1);
	assert_tame(got.token_serial, sizeof(got.token_serial));
	assert_tame(got.certificates, sizeof(got.certificates));
	assert_true(memchr(got.token_label, '\0', sizeof(got.token_label)) != NULL);
	report_send(writes, &report);
	assert_int_equal(read(reads, &got, sizeof(got)), sizeof(got));
	assert_tame(got.token_serial, sizeof(got.token_serial));
	assert_tame(got.certificates, sizeof(got.certificates));
}

/* It finds the token again, and persons name their cards in their own language. */
static void a_label_stays_as_the_card_says_it(void **state)
{
	struct report report = usual, got = usual;

	(void)state;
	snprintf(report.token_label, sizeof(report.token_label), "陳美玲的卡");
	report_send(writes, &report);
	assert_int_equal(report_receive(reads, &got), 1);
	assert_string_equal(got.token_label, "陳美玲的卡");
}

static void a_helper_that_is_gone_is_no_reason_to_stop(void **state)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int gone[2];

	(void)state;
	assert_int_equal(sigaction(SIGPIPE, &ignore, &before), 0);
	assert_int_equal(pipe2(gone, O_CLOEXEC), 0);
	close(gone[0]);
	report_send(gone[1], &usual);
	close(gone[1]);
	report_send(-1, &usual);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
}

#define ON_A_PIPE(test) cmocka_unit_test_setup_teardown(test, open_pipe, close_pipe)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_A_PIPE(a_report_arrives_as_it_was_sent),
	    ON_A_PIPE(each_stage_is_one_record),
	    ON_A_PIPE(a_forbidden_call_is_told_by_its_number),
	    ON_A_PIPE(a_record_is_written_in_one_piece),
	    ON_A_PIPE(a_stage_that_does_not_exist_is_refused),
	    ON_A_PIPE(half_a_record_is_refused),
	    ON_A_PIPE(a_pipe_that_cannot_be_read_is_an_error),
	    ON_A_PIPE(texts_that_go_to_the_log_are_printable_and_end),
	    ON_A_PIPE(a_label_stays_as_the_card_says_it),
	    ON_A_PIPE(a_helper_that_is_gone_is_no_reason_to_stop),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
