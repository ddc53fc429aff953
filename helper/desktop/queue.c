/* SPDX-License-Identifier: MIT */
#include "helper/desktop/queue.h"

#include <string.h>

struct queue {
	GQueue notices, questions, last; /* struct item */
};

void item_free(struct item *item)
{
	if (item == NULL)
		return;
	card_release(item->card);
	content_free(item->content);
	g_free(item);
}

static void free_item(gpointer data)
{
	item_free(data);
}

struct queue *queue_new(void)
{
	struct queue *queue = g_new0(struct queue, 1);

	g_queue_init(&queue->notices);
	g_queue_init(&queue->questions);
	g_queue_init(&queue->last);
	return queue;
}

void queue_free(struct queue *queue)
{
	g_queue_clear_full(&queue->notices, free_item);
	g_queue_clear_full(&queue->questions, free_item);
	g_queue_clear_full(&queue->last, free_item);
	g_free(queue);
}

void queue_notice(struct queue *queue, struct content *content, bool last)
{
	struct item *item = g_new0(struct item, 1);

	item->content = content;
	g_queue_push_tail(last ? &queue->last : &queue->notices, item);
}

void queue_question(struct queue *queue, struct card *card, bool can_renew)
{
	struct item *item = g_new0(struct item, 1);

	item->card = card_hold(card);
	item->can_renew = can_renew;
	g_queue_push_tail(&queue->questions, item);
}

void queue_drop_questions(struct queue *queue)
{
	g_queue_clear_full(&queue->questions, free_item);
}

bool queue_has_card(const struct queue *queue, const char *serial)
{
	for (const GList *at = queue->questions.head; at != NULL; at = at->next)
		if (strcmp(((const struct item *)at->data)->card->serial, serial) == 0)
			return true;
	return false;
}

struct item *queue_next(struct queue *queue)
{
	struct item *item = g_queue_pop_head(&queue->notices);

	if (item == NULL)
		item = g_queue_pop_head(&queue->questions);
	return item != NULL ? item : g_queue_pop_head(&queue->last);
}
