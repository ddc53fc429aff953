/* SPDX-License-Identifier: MIT */
#include "helper/desktop/dialog.h"

struct dialog {
	struct pinentry_question question;
	struct pinentry_leash *leash; /* NULL: no memory, and no window then */
	enum pinentry_result result;
	struct secret *pin;
	dialog_answered *answered; /* NULL once nobody wants to know */
	void *data;
};

static void release(struct dialog *dialog)
{
	secret_free(dialog->pin);
	pinentry_leash_free(dialog->leash);
	g_free(dialog->question.program);
	g_free(dialog->question.title);
	g_free(dialog->question.description);
	g_free(dialog->question.prompt);
	g_free(dialog->question.ok);
	g_free(dialog->question.cancel);
	g_free(dialog);
}

static gboolean on_answer(gpointer data)
{
	struct dialog *dialog = data;

	if (dialog->answered != NULL)
		dialog->answered(dialog->data, dialog->result, dialog->pin);
	release(dialog);
	return G_SOURCE_REMOVE;
}

static gpointer run(gpointer data)
{
	struct dialog *dialog = data;

	dialog->result = dialog->leash == NULL
			     ? PINENTRY_UNUSABLE
			     : pinentry_ask(&dialog->question, dialog->leash, &dialog->pin);
	g_idle_add(on_answer, dialog);
	return NULL;
}

struct dialog *dialog_open(const struct pinentry_question *question, dialog_answered *answered,
			   void *data)
{
	struct dialog *dialog = g_new0(struct dialog, 1);

	dialog->question = *question;
	dialog->answered = answered;
	dialog->data = data;
	dialog->leash = pinentry_leash_new();
	g_thread_unref(g_thread_new("window", run, dialog));
	return dialog;
}

void dialog_end(struct dialog *dialog)
{
	if (dialog == NULL)
		return;
	dialog->answered = NULL;
	if (dialog->leash != NULL)
		pinentry_end(dialog->leash);
}
