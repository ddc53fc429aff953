/* SPDX-License-Identifier: MIT */
/*
 * Stands in for certrenew-helper in the tests of the PAM module: started as the real one is
 * (channel on descriptor 3, nothing else), it plays a script instead of looking at a card.
 *
 * The request's FIELD_CONFIG names the script. What was received is appended to that file's
 * name with ".log": the request, each answer, and "end" when it is over. A line of the script:
 *
 *	terms MS · certificate · checked DUE OF EXPIRED
 *	notice SENTENCE [| NEXT] · failed CODE [SENTENCE] [| NEXT]
 *	step NUMBER SENTENCE · renewed SENTENCE · waiting SENTENCE [| NEXT] · done SENTENCE
 *	tokens? OF SENTENCE · renew? SENTENCE · pin? NOTE SENTENCE
 *	bytes HEX … · answer · sleep MS · hold · crash
 *	require	(nothing is done: it is there for the module, which looks for the word)
 *
 * "account:" or "session:" before a line keeps it to requests of that stage. After an answer
 * that declines, the script goes on behind the line "declined:", or ends.
 */
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/message.h"

enum { CHANNEL = 3, LIMIT_MS = 20000 };

struct play {
	FILE *script;
	FILE *record;
	int64_t action; /* of the request */
	bool declined;
};

static void finish(struct play *play)
{
	fprintf(play->record, "end\n");
	exit(0);
}

static void send_or_finish(struct play *play, struct message *message)
{
	if (message_send(CHANNEL, message) < 0) {
		fprintf(play->record, "nobody listens\n");
		finish(play);
	}
}

/* The number that the line goes on with; the rest of the line is moved on behind it. */
static int64_t number(char **line)
{
	int64_t value = strtoll(*line, line, 10);

	*line += strspn(*line, " ");
	return value;
}

static void put_sentence(struct message *message, char *line)
{
	char *next = strstr(line, " | ");

	if (next != NULL) {
		*next = '\0';
		message_put_text(message, FIELD_NEXT, next + 3);
	}
	if (line[0] != '\0')
		message_put_text(message, FIELD_SENTENCE, line);
}

static void play_terms(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_TERMS);

	message_put_number(message, FIELD_TIMEOUT, number(&line));
	send_or_finish(play, message);
}

static void play_certificate(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_CERTIFICATE);

	(void)line;
	message_put_number(message, FIELD_ROLE, ROLE_SIGNATURE);
	message_put_number(message, FIELD_STATE, 1);
	message_put_number(message, FIELD_DAYS, 20);
	message_put_number(message, FIELD_NOT_BEFORE, 1700000000);
	message_put_number(message, FIELD_NOT_AFTER, 1800000000);
	message_put_text(message, FIELD_ISSUER, "CN=Office CA");
	message_put_text(message, FIELD_SERIAL, "1234");
	send_or_finish(play, message);
}

static void play_checked(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_CHECKED);

	message_put_number(message, FIELD_COUNT, number(&line));
	message_put_number(message, FIELD_OF, number(&line));
	message_put_number(message, FIELD_EXPIRED, number(&line));
	send_or_finish(play, message);
}

static void play_notice(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_NOTICE);

	put_sentence(message, line);
	send_or_finish(play, message);
}

static void play_failed(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_FAILED);

	message_put_number(message, FIELD_CODE, number(&line));
	put_sentence(message, line);
	send_or_finish(play, message);
}

static void play_step(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_STEP);

	message_put_number(message, FIELD_STEP, STEP_SENDING);
	message_put_number(message, FIELD_STEP_NUMBER, number(&line));
	message_put_number(message, FIELD_STEP_OF, 6);
	put_sentence(message, line);
	send_or_finish(play, message);
}

static void play_renewed(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_RENEWED);

	message_put_number(message, FIELD_ROLE, ROLE_SIGNATURE);
	message_put_number(message, FIELD_NOT_AFTER, 1800000000);
	message_put_number(message, FIELD_NEW_NOT_AFTER, 1900000000);
	put_sentence(message, line);
	send_or_finish(play, message);
}

static void play_waiting(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_WAITING);

	message_put_number(message, FIELD_ROLE, ROLE_SIGNATURE);
	message_put_number(message, FIELD_RETRY_AT, 1800000000);
	put_sentence(message, line);
	send_or_finish(play, message);
}

static void play_done(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_DONE);

	message_put_number(message, FIELD_COUNT, 2);
	message_put_number(message, FIELD_OF, 2);
	put_sentence(message, line);
	send_or_finish(play, message);
}

static const char *name_of(enum message_type answer)
{
	static const char *const names[] = {"YES",    "NO",	"LATER", "UNSHOWN",
					    "CANCEL", "CHOICE", "PIN"};

	return answer >= MESSAGE_YES && answer <= MESSAGE_PIN ? names[answer - MESSAGE_YES]
							      : "no answer";
}

static void ask(struct play *play, struct message *question)
{
	struct message *answer = NULL;
	enum message_type type;
	size_t length = 0;
	const unsigned char *pin;

	send_or_finish(play, question);
	if (message_receive(CHANNEL, LIMIT_MS, &answer, NULL) < 0) {
		fprintf(play->record, "silence\n");
		finish(play);
	}
	type = message_type(answer);
	fprintf(play->record, "%s", name_of(type));
	if (type == MESSAGE_CHOICE)
		fprintf(play->record, " %" PRId64, message_number(answer, FIELD_CHOICE));
	pin = message_secret(answer, &length);
	if (pin != NULL)
		fprintf(play->record, " %.*s", (int)length, (const char *)pin);
	fprintf(play->record, "\n");
	message_free(answer);
	play->declined = type != MESSAGE_YES && type != MESSAGE_CHOICE && type != MESSAGE_PIN;
}

static void play_ask_token(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_ASK_TOKEN);

	message_put_number(message, FIELD_OF, number(&line));
	message_put_text(message, FIELD_PROMPT_TEXT, "Which one? ");
	put_sentence(message, line);
	ask(play, message);
}

static void play_ask_renew(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_ASK_RENEW);

	message_put_text(message, FIELD_PROMPT_TEXT, "Renew now? [yes/no/later] ");
	message_put_text(message, FIELD_YES_WORDS, "yes y");
	message_put_text(message, FIELD_NO_WORDS, "no n");
	message_put_text(message, FIELD_LATER_WORDS, "later l");
	put_sentence(message, line);
	ask(play, message);
}

static void play_ask_pin(struct play *play, char *line)
{
	struct message *message = message_new(MESSAGE_ASK_PIN);

	message_put_number(message, FIELD_PIN_NOTE, number(&line));
	message_put_number(message, FIELD_PIN_WHY, PIN_TO_REQUEST);
	message_put_text(message, FIELD_PROMPT_TEXT, "PIN: ");
	put_sentence(message, line);
	ask(play, message);
}

static void play_bytes(struct play *play, char *line)
{
	unsigned char byte;

	(void)play;
	while (isxdigit((unsigned char)*line)) {
		byte = (unsigned char)strtoul(line, &line, 16);
		line += strspn(line, " ");
		send(CHANNEL, &byte, 1, MSG_NOSIGNAL);
	}
}

/* A message that only the other side may send. */
static void play_answer(struct play *play, char *line)
{
	(void)line;
	send_or_finish(play, message_new(MESSAGE_YES));
}

static void play_sleep(struct play *play, char *line)
{
	(void)play;
	usleep((useconds_t)number(&line) * 1000);
}

/* Until the module has closed its end. */
static void play_hold(struct play *play, char *line)
{
	struct pollfd gone = {.fd = CHANNEL, .events = POLLRDHUP};

	(void)line;
	fprintf(play->record, poll(&gone, 1, LIMIT_MS) > 0 ? "closed\n" : "still open\n");
}

static void play_crash(struct play *play, char *line)
{
	(void)line;
	fprintf(play->record, "end\n");
	abort();
}

static void play_require(struct play *play, char *line)
{
	(void)play;
	(void)line;
}

static const struct {
	const char *word;
	void (*play)(struct play *play, char *line);
} words[] = {
    {"terms", play_terms},	{"certificate", play_certificate},
    {"checked", play_checked},	{"notice", play_notice},
    {"failed", play_failed},	{"step", play_step},
    {"renewed", play_renewed},	{"waiting", play_waiting},
    {"done", play_done},	{"tokens?", play_ask_token},
    {"renew?", play_ask_renew}, {"pin?", play_ask_pin},
    {"bytes", play_bytes},	{"answer", play_answer},
    {"sleep", play_sleep},	{"hold", play_hold},
    {"crash", play_crash},	{"require", play_require},
};

static void play_line(struct play *play, char *line)
{
	char *word;

	if (strncmp(line, "declined:", 9) == 0) {
		if (!play->declined)
			finish(play);
		play->declined = false;
		return;
	}
	if (play->declined ||
	    (strncmp(line, "account:", 8) == 0 && play->action != REQUEST_ACCOUNT) ||
	    (strncmp(line, "session:", 8) == 0 && play->action != REQUEST_LOGIN))
		return;
	if (strncmp(line, "account:", 8) == 0 || strncmp(line, "session:", 8) == 0)
		line += 8;
	line += strspn(line, " ");
	word = strsep(&line, " ");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0) {
			words[i].play(play, line != NULL ? line : word + strlen(word));
			return;
		}
	fprintf(play->record, "unknown word in the script: %s\n", word);
}

static void write_request(const struct play *play, const struct message *request)
{
	fprintf(play->record,
		"REQUEST action=%" PRId64 " user=%s service=%s language=%s token=%s prompt=%s "
		"flags=%" PRId64 "\n",
		message_number(request, FIELD_ACTION), message_text(request, FIELD_USER),
		message_text(request, FIELD_SERVICE), message_text(request, FIELD_LANGUAGE),
		message_text(request, FIELD_TOKEN), message_text(request, FIELD_PROMPT),
		message_number(request, FIELD_FLAGS));
}

/* Whatever was inherited beyond the channel is a fault of the start, and goes on record. */
static void write_inherited(FILE *record)
{
	if (environ != NULL && environ[0] != NULL)
		fprintf(record, "environment: %s\n", environ[0]);
	for (int i = CHANNEL + 1; i < 256; i++)
		if (fcntl(i, F_GETFD) >= 0 && (fcntl(i, F_GETFD) & FD_CLOEXEC) == 0)
			fprintf(record, "descriptor %d is inherited\n", i);
}

static void open_files(struct play *play, const char *script)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s.log", script);
	play->script = fopen(script, "re");
	play->record = fopen(path, "ae");
	if (play->script == NULL || play->record == NULL)
		exit(1);
	setvbuf(play->record, NULL, _IOLBF, 0);
}

int main(void)
{
	struct message *request = NULL;
	struct play play = {0};
	char line[1024];

	/* As the real one: the first process ends at once, and the host never has a child. */
	if (fork() != 0)
		_exit(0);
	if (message_receive(CHANNEL, LIMIT_MS, &request, NULL) < 0)
		return 1;
	open_files(&play, message_text(request, FIELD_CONFIG));
	write_request(&play, request);
	write_inherited(play.record);
	play.action = message_number(request, FIELD_ACTION);
	message_free(request);
	while (fgets(line, sizeof(line), play.script) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		play_line(&play, line);
	}
	finish(&play);
}
