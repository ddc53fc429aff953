/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/pins.h"

#include <string.h>

enum { REFERENCE_PIN = 1, REFERENCE_PUK = 2 };

static struct pin *referenced(struct pins *pins, uint8_t reference)
{
	if (reference == REFERENCE_PIN)
		return &pins->pin;
	return reference == REFERENCE_PUK ? &pins->puk : NULL;
}

/* Costs a try, which comes back if it was right. Some commands have the PIN filled up with zeros,
 * and others as it is. */
static unsigned compare(struct pin *pin, const uint8_t *value, size_t length)
{
	uint8_t filled[PIN_LENGTH_MAX] = {0};

	if (pin->tries == 0)
		return SW_PIN_BLOCKED;
	if (length > sizeof(filled))
		return SW_WRONG_LENGTH;
	memcpy(filled, value, length);
	pin->tries--;
	if (memcmp(filled, pin->value, sizeof(filled)) != 0)
		return SW_TRIES_LEFT + pin->tries;
	pin->tries = PIN_TRIES;
	return SW_DONE;
}

static unsigned set(struct pin *pin, const uint8_t *value, size_t length)
{
	if (length == 0 || length > sizeof(pin->value))
		return SW_WRONG_LENGTH;
	memset(pin->value, 0, sizeof(pin->value));
	memcpy(pin->value, value, length);
	pin->is_set = true;
	pin->tries = PIN_TRIES;
	return SW_DONE;
}

unsigned pins_verify(struct pins *pins, const struct command *command)
{
	struct pin *pin = referenced(pins, command->p2);
	unsigned status;

	if (pin == NULL || !pin->is_set)
		return SW_NO_KEY;
	if (command->length == 0) {
		if (pin == &pins->pin && pins->verified)
			return SW_DONE;
		return pin->tries == 0 ? SW_PIN_BLOCKED : SW_TRIES_LEFT + pin->tries;
	}
	status = compare(pin, command->data, command->length);
	if (pin == &pins->pin)
		pins->verified = status == SW_DONE;
	return status;
}

/* P1 1: the new one alone, which sets one that never was; 0: the old one and the new one, both
 * padded to the same length. */
unsigned pins_change(struct pins *pins, const struct command *command)
{
	struct pin *pin = referenced(pins, command->p2);
	size_t half = command->length / 2;
	unsigned status;

	if (pin == NULL || command->p1 > 1)
		return SW_WRONG_P1P2;
	if (command->p1 == 1)
		return pin->is_set ? SW_CONDITIONS : set(pin, command->data, command->length);
	if (!pin->is_set || command->length % 2 != 0)
		return SW_CONDITIONS;
	status = compare(pin, command->data, half);
	return status == SW_DONE ? set(pin, command->data + half, half) : status;
}

unsigned pins_unblock(struct pins *pins, const struct command *command)
{
	size_t half = command->length / 2;
	unsigned status;

	if (command->p1 != 0 || command->p2 != REFERENCE_PIN)
		return SW_WRONG_P1P2;
	if (!pins->puk.is_set || command->length % 2 != 0)
		return SW_CONDITIONS;
	status = compare(&pins->puk, command->data, half);
	return status == SW_DONE ? set(&pins->pin, command->data + half, half) : status;
}
