/* SPDX-License-Identifier: MIT */
#include "helper/desktop/pinentry.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <assuan.h>
#include <gpg-error.h>

#include "helper/common/log.h"
#include "helper/common/utf8.h"
#include "helper/desktop/pinentry_programs.h"

enum { FLAVOUR_MAX = 64 };

bool pinentry_flavour_is_usable(const char *flavour, bool has_terminal)
{
	static const char *const textual[] = {"curses", "tty", "emacs", "dumb"};
	const char *colon = strchr(flavour, ':');
	const char *fallback = colon != NULL ? colon + 1 : flavour;

	if (flavour[0] == '\0')
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(textual); i++)
		if (strcmp(fallback, textual[i]) == 0)
			return has_terminal;
	return true;
}

char *pinentry_line(const char *command, const char *text)
{
	GString *out = g_string_new(command);
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text), length, needed;

	g_string_append_c(out, ' ');
	for (; left > 0; at += length, left -= length) {
		length = utf8_character(at, left);
		if (length == 0)
			break;
		needed = *at == '%' || *at < 0x20 ? 3 : length;
		/* Without the line's end, which the protocol counts too. */
		if (out->len + needed > ASSUAN_LINELENGTH - 2)
			break;
		if (needed == 3 && length == 1)
			g_string_append_printf(out, "%%%02X", *at);
		else
			g_string_append_len(out, (const char *)at, (gssize)length);
	}
	return g_string_free(out, FALSE);
}

/*
 * In memory that is shared with the child that becomes the pinentry: libassuan tells who that is
 * only once it has greeted, which one that hangs never does.
 */
struct pinentry_leash {
	GMutex lock;	       /* this process's own */
	_Atomic pid_t process; /* 0: none runs */
	atomic_bool ended;
};

struct pinentry_leash *pinentry_leash_new(void)
{
	struct pinentry_leash *leash =
	    mmap(NULL, sizeof(*leash), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (leash == MAP_FAILED)
		return NULL;
	g_mutex_init(&leash->lock);
	atomic_init(&leash->process, 0);
	atomic_init(&leash->ended, false);
	return leash;
}

void pinentry_leash_free(struct pinentry_leash *leash)
{
	if (leash == NULL)
		return;
	g_mutex_clear(&leash->lock);
	munmap(leash, sizeof(*leash));
}

/* Not one that libassuan has waited for: its number may be another process's. */
static bool is_our_child(pid_t process)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void pinentry_end(struct pinentry_leash *leash)
{
	pid_t process;

	g_mutex_lock(&leash->lock);
	atomic_store(&leash->ended, true);
	process = atomic_load(&leash->process);
	if (process > 0 && is_our_child(process))
		kill(process, SIGTERM);
	g_mutex_unlock(&leash->lock);
}

static void let_go(struct pinentry_leash *leash)
{
	g_mutex_lock(&leash->lock);
	atomic_store(&leash->process, 0);
	g_mutex_unlock(&leash->lock);
}

static bool is_ended(struct pinentry_leash *leash)
{
	return atomic_load(&leash->ended);
}

/* In the child, before it becomes the pinentry: whoever ends it either finds it, or is seen. */
static void take_leash(void *data, int reserved)
{
	struct pinentry_leash *leash = data;

	(void)reserved;
	atomic_store(&leash->process, getpid());
	if (is_ended(leash))
		_exit(EXIT_FAILURE);
}

static void disconnect(assuan_context_t window, struct pinentry_leash *leash)
{
	/* First: once it was waited for, its number may be another process's. */
	let_go(leash);
	assuan_release(window);
}

static gpg_error_t tell(assuan_context_t window, const char *command, const char *text)
{
	char *line;
	gpg_error_t error;

	if (text == NULL)
		return 0;
	line = pinentry_line(command, text);
	error = assuan_transact(window, line, NULL, NULL, NULL, NULL, NULL, NULL);
	g_free(line);
	return error;
}

static gpg_error_t take_flavour(void *data, const void *bytes, size_t length)
{
	char *flavour = data;
	size_t used = strlen(flavour);

	if (length > FLAVOUR_MAX - 1 - used)
		length = FLAVOUR_MAX - 1 - used;
	memcpy(flavour + used, bytes, length);
	flavour[used + length] = '\0';
	return 0;
}

static assuan_context_t connect_to(const char *program, struct pinentry_leash *leash)
{
	const char *name = strrchr(program, '/');
	const char *arguments[] = {name != NULL ? name + 1 : program, NULL};
	assuan_fd_t none[] = {ASSUAN_INVALID_FD};
	char flavour[FLAVOUR_MAX] = "";
	assuan_context_t window = NULL;

	if (assuan_new(&window) != 0)
		return NULL;
	if (assuan_pipe_connect(window, program, arguments, none, take_leash, leash, 0) != 0) {
		let_go(leash);
		assuan_release(window);
		return NULL;
	}
	if (assuan_transact(window, "GETINFO flavor", take_flavour, flavour, NULL, NULL, NULL,
			    NULL) == 0 &&
	    pinentry_flavour_is_usable(flavour, isatty(STDIN_FILENO) != 0))
		return window;
	disconnect(window, leash);
	return NULL;
}

static assuan_context_t find(const char *chosen, struct pinentry_leash *leash)
{
	assuan_context_t window = NULL;
	char *path;

	if (chosen != NULL)
		return access(chosen, X_OK) == 0 ? connect_to(chosen, leash) : NULL;
	for (size_t i = 0;
	     window == NULL && !is_ended(leash) && i < G_N_ELEMENTS(pinentry_programs); i++) {
		path = g_find_program_in_path(pinentry_programs[i]);
		if (path != NULL)
			window = connect_to(path, leash);
		g_free(path);
	}
	return window;
}

static void set_option(assuan_context_t window, const char *name, const char *value)
{
	char *option = g_strdup_printf("%s=%s", name, value);

	tell(window, "OPTION", option);
	g_free(option);
}

static const char *locale_of(const char *category)
{
	const char *const names[] = {"LC_ALL", category, "LANG"};
	const char *value;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		value = g_getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "C";
}

/* As gpg-agent gives them. A pinentry that does not know one of them goes on without it. */
static void set_options(assuan_context_t window)
{
	const char *terminal = isatty(STDIN_FILENO) != 0 ? ttyname(STDIN_FILENO) : NULL;
	const char *type = g_getenv("TERM");

	tell(window, "OPTION", "no-grab");
	if (terminal != NULL)
		set_option(window, "ttyname", terminal);
	if (terminal != NULL && type != NULL)
		set_option(window, "ttytype", type);
	set_option(window, "lc-ctype", locale_of("LC_CTYPE"));
	set_option(window, "lc-messages", locale_of("LC_MESSAGES"));
}

static void set_texts(assuan_context_t window, const struct pinentry_question *question)
{
	char seconds[16];

	g_snprintf(seconds, sizeof(seconds), "%d", question->timeout_s);
	tell(window, "SETTIMEOUT", seconds);
	tell(window, "SETTITLE", question->title);
	tell(window, "SETDESC", question->description);
	tell(window, "SETPROMPT", question->prompt);
	tell(window, "SETOK", question->ok);
	tell(window, "SETCANCEL", question->cancel);
}

/* libassuan has undone the protocol's escapes. */
static gpg_error_t take_pin(void *data, const void *bytes, size_t length)
{
	struct secret *pin = data;

	if (length > SECRET_CUT - pin->length)
		length = SECRET_CUT - pin->length;
	memcpy(pin->bytes + pin->length, bytes, length);
	pin->length += length;
	return 0;
}

static enum pinentry_result result_of(gpg_error_t error)
{
	switch (gpg_err_code(error)) {
	case GPG_ERR_NO_ERROR:
		return PINENTRY_ACCEPTED;
	case GPG_ERR_CANCELED:
	case GPG_ERR_FULLY_CANCELED:
	case GPG_ERR_NOT_CONFIRMED:
		return PINENTRY_DECLINED;
	case GPG_ERR_TIMEOUT:
		return PINENTRY_TIMEOUT;
	default:
		return PINENTRY_UNUSABLE;
	}
}

static gpg_error_t ask_pin(assuan_context_t window, struct secret *pin)
{
	gpg_error_t error;

	assuan_begin_confidential(window);
	error = assuan_transact(window, "GETPIN", take_pin, pin, NULL, NULL, NULL, NULL);
	assuan_end_confidential(window);
	return error;
}

static enum pinentry_result ask(assuan_context_t window, const struct pinentry_question *question,
				struct pinentry_leash *leash, struct secret **ret_pin)
{
	const char *command =
	    question->kind == PINENTRY_MESSAGE ? "CONFIRM --one-button" : "CONFIRM";
	struct secret *pin = NULL;
	enum pinentry_result result;
	gpg_error_t error;

	if (question->kind == PINENTRY_PIN) {
		pin = secret_new("", 0);
		if (pin == NULL)
			return PINENTRY_UNUSABLE;
		error = ask_pin(window, pin);
	} else {
		error = assuan_transact(window, command, NULL, NULL, NULL, NULL, NULL, NULL);
	}
	result = result_of(error);
	if (result == PINENTRY_UNUSABLE && !is_ended(leash))
		log_line(EVENT_PINENTRY_FAILED, "pinentry: %s", gpg_strerror(error));
	if (pin == NULL)
		return result;
	if (result == PINENTRY_ACCEPTED && pin->length == 0)
		result = PINENTRY_DECLINED;
	if (result == PINENTRY_ACCEPTED)
		*ret_pin = pin;
	else
		secret_free(pin);
	return result;
}

enum pinentry_result pinentry_ask(const struct pinentry_question *question,
				  struct pinentry_leash *leash, struct secret **ret_pin)
{
	assuan_context_t window = find(question->program, leash);
	enum pinentry_result result = PINENTRY_UNUSABLE;

	if (window == NULL) {
		if (!is_ended(leash))
			log_line(EVENT_NO_PINENTRY,
				 "there is no pinentry that can show a window here");
		return PINENTRY_UNUSABLE;
	}
	set_options(window);
	set_texts(window, question);
	if (!is_ended(leash))
		result = ask(window, question, leash, ret_pin);
	disconnect(window, leash);
	return result;
}
