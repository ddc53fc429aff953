/* SPDX-License-Identifier: MIT */
/* Which answers of a pinentry's are a person's, and what it is told. Most of what is shown here a
 * real one does only where there is no display, or no person: a script stands in for it. */
#include <signal.h>

#include "helper/desktop/pinentry.h"
#include "tests/unit/folder.h"

static struct pinentry_leash *leash;
static struct secret *pin;

static int begin(void **state)
{
	leash = pinentry_leash_new();
	assert_non_null(leash);
	pin = NULL;
	signal(SIGPIPE, SIG_IGN);
	return folder_make(state);
}

static int end(void **state)
{
	secret_free(pin);
	pinentry_leash_free(leash);
	return folder_remove(state);
}

/* A pinentry of this flavour, which answers the question with these lines (of printf(1)). */
static void make_pinentry(const char *flavour, const char *answer)
{
	FILE *script = fopen(folder_path("pinentry"), "w");

	assert_non_null(script);
	fprintf(script,
		"#!/bin/sh\n"
		"echo OK ready\n"
		"while read -r line; do\n"
		"	echo \"$line\" >> %s/told\n"
		"	case $line in\n"
		"	'GETINFO flavor') echo 'D %s'; echo OK ;;\n"
		"	GETPIN | CONFIRM*) printf '%s' ;;\n"
		"	BYE) echo OK; exit ;;\n"
		"	*) echo OK ;;\n"
		"	esac\n"
		"done\n",
		folder, flavour, answer);
	fclose(script);
	assert_int_equal(chmod(folder_path("pinentry"), 0755), 0);
}

static enum pinentry_result ask(enum pinentry_kind kind, const char *description)
{
	char program[128];
	const struct pinentry_question question = {
	    .kind = kind,
	    .program = program,
	    .title = (char *)"Title",
	    .description = (char *)description,
	    .ok = (char *)"OK",
	    .timeout_s = 110,
	};

	snprintf(program, sizeof(program), "%s", folder_path("pinentry"));
	return pinentry_ask(&question, leash, &pin);
}

static bool was_told(const char *line)
{
	char read[2048];
	FILE *told = fopen(folder_path("told"), "r");
	bool found = false;

	assert_non_null(told);
	while (fgets(read, sizeof(read), told) != NULL) {
		read[strcspn(read, "\n")] = '\0';
		found = found || strcmp(read, line) == 0;
	}
	fclose(told);
	return found;
}

static void a_pin_is_taken_as_it_was_typed(void **state)
{
	(void)state;
	make_pinentry("gtk2", "D 12%%2534%%0A\\nD x\\nOK\\n");
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_ACCEPTED);
	assert_non_null(pin);
	assert_int_equal(pin->length, 7);
	assert_string_equal((const char *)pin->bytes, "12%34\nx");
	/* Cut at the NUL it would be another PIN, and spend a try. */
	secret_free(pin);
	pin = NULL;
	make_pinentry("gtk2", "D 1234%%0056\nOK\n");
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_ACCEPTED);
	assert_int_equal(pin->length, 7);
	assert_memory_equal(pin->bytes, "1234\00056", 7);
}

static void an_empty_pin_is_none(void **state)
{
	(void)state;
	make_pinentry("gtk2", "OK\\n");
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_DECLINED);
	assert_null(pin);
}

/* Cut so that it is still seen to be too long. */
static void a_pin_that_is_too_long_stays_too_long(void **state)
{
	char answer[SECRET_MAX + 64] = "D ";

	(void)state;
	memset(answer + 2, '1', SECRET_MAX + 40);
	strcpy(answer + 2 + SECRET_MAX + 40, "\\nOK\\n");
	make_pinentry("gtk2", answer);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_ACCEPTED);
	assert_int_equal(pin->length, SECRET_CUT);
	secret_free(pin);
	pin = NULL;
	answer[2 + SECRET_MAX] = '\0';
	strcat(answer, "\\nOK\\n");
	make_pinentry("gtk2", answer);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_ACCEPTED);
	assert_int_equal(pin->length, SECRET_MAX);
}

static void a_pinentrys_answers_are_told_apart(void **state)
{
	static const struct {
		const char *answer;
		enum pinentry_result result;
	} answers[] = {
	    {"OK\\n", PINENTRY_ACCEPTED},
	    {"ERR 83886179 Operation cancelled\\n", PINENTRY_DECLINED},
	    {"ERR 99 cancelled\\n", PINENTRY_DECLINED},
	    {"ERR 83886194 Not confirmed\\n", PINENTRY_DECLINED},
	    {"ERR 83886278 Fully cancelled\\n", PINENTRY_DECLINED},
	    {"ERR 83886142 Timeout\\n", PINENTRY_TIMEOUT},
	    {"ERR 83918950 Inappropriate ioctl for device\\n", PINENTRY_UNUSABLE},
	    {"nonsense\\n", PINENTRY_UNUSABLE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		make_pinentry("gtk2", answers[i].answer);
		assert_int_equal(ask(PINENTRY_CONFIRM, "Why"), answers[i].result);
	}
}

static void a_pinentry_that_cannot_show_itself_gives_no_answer(void **state)
{
	(void)state;
	make_pinentry("gtk2:curses", "ERR 99 cancelled\\n");
	assert_int_equal(ask(PINENTRY_CONFIRM, "Why"), PINENTRY_UNUSABLE);
	make_pinentry("tty", "ERR 99 cancelled\\n");
	assert_int_equal(ask(PINENTRY_CONFIRM, "Why"), PINENTRY_UNUSABLE);
	assert_int_equal(unlink(folder_path("pinentry")), 0);
	assert_int_equal(ask(PINENTRY_CONFIRM, "Why"), PINENTRY_UNUSABLE);
}

static void a_pinentry_that_ends_gives_no_answer(void **state)
{
	(void)state;
	make_pinentry("gtk2", "'; exit; echo '");
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_UNUSABLE);
	assert_null(pin);
}

static gpointer end_it(gpointer data)
{
	while (access(data, F_OK) < 0)
		g_usleep(1000);
	pinentry_end(leash);
	return NULL;
}

static void a_window_is_ended_from_without(void **state)
{
	char script[256], asked[128];
	GThread *other;

	(void)state;
	snprintf(asked, sizeof(asked), "%s", folder_path("asked"));
	snprintf(script, sizeof(script), "'; touch %s; exec sleep 1000; echo '", asked);
	make_pinentry("gtk2", script);
	other = g_thread_new("other", end_it, asked);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_UNUSABLE);
	g_thread_join(other);
	assert_int_equal(unlink(folder_path("told")), 0);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_UNUSABLE);
	assert_true(access(folder_path("told"), F_OK) < 0);
}

static void write_pinentry(const char *text)
{
	folder_write(folder_path("pinentry"), text, strlen(text));
	assert_int_equal(chmod(folder_path("pinentry"), 0755), 0);
}

/* libassuan waits for its greeting for ever. */
static void one_that_never_greets_is_ended_too(void **state)
{
	char script[256], begun[128];
	GThread *other;

	(void)state;
	snprintf(begun, sizeof(begun), "%s", folder_path("begun"));
	snprintf(script, sizeof(script), "#!/bin/sh\ntouch %s\nexec sleep 1000\n", begun);
	write_pinentry(script);
	other = g_thread_new("other", end_it, begun);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_UNUSABLE);
	g_thread_join(other);
}

static void one_that_is_ended_before_it_begins_never_begins(void **state)
{
	char script[256];

	(void)state;
	snprintf(script, sizeof(script), "#!/bin/sh\ntouch %s\nexec sleep 1000\n",
		 folder_path("begun"));
	write_pinentry(script);
	pinentry_end(leash);
	assert_int_equal(ask(PINENTRY_PIN, "Why"), PINENTRY_UNUSABLE);
	assert_true(access(folder_path("begun"), F_OK) < 0);
}

static void texts_are_told_on_one_line_each(void **state)
{
	(void)state;
	make_pinentry("gtk2", "OK\\n");
	ask(PINENTRY_MESSAGE, "100% \xE4\xBD\xA0\nsecond\nGETPIN");
	assert_true(was_told("SETDESC 100%25 \xE4\xBD\xA0%0Asecond%0AGETPIN"));
	assert_true(was_told("SETTIMEOUT 110"));
	assert_true(was_told("SETTITLE Title"));
	assert_true(was_told("CONFIRM --one-button"));
	assert_false(was_told("GETPIN"));
}

static void a_long_text_is_cut_at_a_character(void **state)
{
	GString *text = g_string_new(NULL);
	char *line;

	(void)state;
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "\xE4\xBD\xA0");
	line = pinentry_line("SETDESC", text->str);
	assert_in_range(strlen(line), 990, 1000);
	assert_true(g_utf8_validate(line, -1, NULL));
	g_free(line);
	memset(text->str, '%', text->len);
	line = pinentry_line("SETDESC", text->str);
	assert_in_range(strlen(line), 990, 1000);
	assert_string_equal(line + strlen(line) - 3, "%25");
	g_free(line);
	g_string_free(text, TRUE);
}

static void a_text_flavour_needs_a_terminal(void **state)
{
	static const char *const textual[] = {"curses", "tty", "gtk2:curses", "gnome3:tty",
					      "qt:curses"};
	static const char *const graphical[] = {"gtk2", "gnome3", "qt", "qt5", "fltk", "efl"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(textual); i++) {
		assert_false(pinentry_flavour_is_usable(textual[i], false));
		assert_true(pinentry_flavour_is_usable(textual[i], true));
	}
	for (size_t i = 0; i < COUNT_OF(graphical); i++)
		assert_true(pinentry_flavour_is_usable(graphical[i], false));
	assert_false(pinentry_flavour_is_usable("", true));
}

#define PROMISE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(a_pin_is_taken_as_it_was_typed),
	    PROMISE(an_empty_pin_is_none),
	    PROMISE(a_pin_that_is_too_long_stays_too_long),
	    PROMISE(a_pinentrys_answers_are_told_apart),
	    PROMISE(a_pinentry_that_cannot_show_itself_gives_no_answer),
	    PROMISE(a_pinentry_that_ends_gives_no_answer),
	    PROMISE(a_window_is_ended_from_without),
	    PROMISE(one_that_never_greets_is_ended_too),
	    PROMISE(one_that_is_ended_before_it_begins_never_begins),
	    PROMISE(texts_are_told_on_one_line_each),
	    PROMISE(a_long_text_is_cut_at_a_character),
	    PROMISE(a_text_flavour_needs_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
