/* SPDX-License-Identifier: MIT */
/* How wide a text is on a terminal, and what fills a column. */
#include "helper/command/columns.h"
#include "tests/unit/printed.h"

static int begin(void **state)
{
	(void)state;
	columns_begin();
	return 0;
}

static void a_text_is_as_wide_as_a_terminal_shows_it(void **state)
{
	static const struct {
		const char *text;
		int width;
	} examples[] = {
	    {"", 0},
	    {"CERTIFICATE", 11},
	    {"憑證", 4},
	    {"PIN 碼：", 8},
	    {"assinatura válida", 17},
	    {"e\xCC\x81", 1}, /* an accent of its own */
	    {"陳美玲 Chen", 11},
	    {"Ωμέγα", 5},
	    {"\xEF\xBF\xBD", 1},     /* U+FFFD, where a card's name was cleaned */
	    {"\xFF\xFE", 2},	     /* no UTF-8: as many as there are bytes */
	    {"\xF0\xA0\x80\x80", 2}, /* U+20000, a character of a person's name */
	    {"\xE9\x99", 2},	     /* cut short */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++)
		if (columns_width(examples[i].text) != examples[i].width)
			fail_msg("'%s' is %d wide", examples[i].text,
				 columns_width(examples[i].text));
}

static void assert_prints(const char *text, int width, bool right, const char *expected)
{
	struct printed printed;

	printed_begin(&printed);
	columns_print(text, width, right);
	assert_string_equal(printed_end(&printed), expected);
}

static void a_column_is_filled_by_width_not_by_bytes(void **state)
{
	(void)state;
	assert_prints("憑證", 8, false, "憑證    ");
	assert_prints("cifra", 8, false, "cifra   ");
	assert_prints("válido", 8, false, "válido  ");
	assert_prints("365", 8, true, "     365");
	assert_prints("剩餘", 8, true, "    剩餘");
}

static void a_text_that_is_too_wide_is_not_cut(void **state)
{
	(void)state;
	assert_prints("有效至", 3, false, "有效至");
	assert_prints("有效至", 0, true, "有效至");
	assert_prints("", 0, false, "");
}

enum { ROWS = 3, CELLS = 3 };

static void assert_table(const char *const rows[ROWS][CELLS], const char *expected)
{
	struct columns columns = {.count = CELLS, .numbers = 1};
	struct printed printed;

	for (int i = 0; i < ROWS; i++)
		columns_widen(&columns, rows[i]);
	printed_begin(&printed);
	for (int i = 0; i < ROWS; i++)
		columns_print_row(&columns, rows[i]);
	assert_string_equal(printed_end(&printed), expected);
}

static void a_table_is_as_wide_as_its_heading_and_its_rows(void **state)
{
	static const char *const rows[ROWS][CELLS] = {
	    {"狀態", "DIAS", "姓名"},
	    {"ainda não é válido", "7", "陳美玲"},
	    {"有效", "12345", "Chen"},
	};

	(void)state;
	assert_table(rows, "狀態                 DIAS  姓名\n"
			   "ainda não é válido      7  陳美玲\n"
			   "有效                12345  Chen\n");
}

static void a_text_past_all_measure_moves_its_own_row_alone(void **state)
{
	static const char *const rows[ROWS][CELLS] = {
	    {"NAME", "N", "E"},
	    {"a name that a person can hardly have, in a row of its own", "1", "x"},
	    {"Chen", "1", "y"},
	};

	(void)state;
	assert_table(rows, "NAME  N  E\n"
			   "a name that a person can hardly have, in a row of its own  1  x\n"
			   "Chen  1  y\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_as_wide_as_a_terminal_shows_it),
	    cmocka_unit_test(a_column_is_filled_by_width_not_by_bytes),
	    cmocka_unit_test(a_text_that_is_too_wide_is_not_cut),
	    cmocka_unit_test(a_table_is_as_wide_as_its_heading_and_its_rows),
	    cmocka_unit_test(a_text_past_all_measure_moves_its_own_row_alone),
	};

	return cmocka_run_group_tests_name("columns", tests, begin, NULL);
}
