/* SPDX-License-Identifier: MIT */
/* The driver and the card, as certrenew-check finds them, which the helper starts for us. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/common/client.h"
#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/drivers.h"

/* How a STATUS request ended, and what it showed on the way. */
struct reading {
	enum failure_code code;
	bool reached; /* the helper answered at all */
	size_t certificates;
	char label[64];
};

static void take(struct reading *reading, const struct message *message)
{
	switch (message_type(message)) {
	case MESSAGE_CERTIFICATE:
		reading->certificates++;
		snprintf(reading->label, sizeof(reading->label), "%s",
			 message_text(message, FIELD_TOKEN_LABEL));
		break;
	case MESSAGE_CHECKED:
		reading->code = FAILURE_NONE;
		break;
	case MESSAGE_FAILED:
		reading->code = (enum failure_code)message_number(message, FIELD_CODE);
		break;
	default:
		break;
	}
}

static void read_card(struct reading *ret)
{
	const struct client_request request = {.action = REQUEST_STATUS, .language = ""};
	struct reading reading = {.code = FAILURE_CRASHED};
	struct failure failure = {.code = FAILURE_NONE};
	struct message *message = NULL;
	int channel = -1;

	if (client_open(&request, &channel, &failure) == 0) {
		reading.reached = true;
		while (message_receive(channel, -1, &message, &failure) == 0) {
			take(&reading, message);
			message_free(message);
		}
		close(channel);
	}
	*ret = reading;
}

/* What can be said of a driver that does not start, without loading it. */
static void blame_driver(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *module = doctor->config->module;
	char path[DRIVERS_PATH_MAX];
	struct stat status;
	int why;

	drivers_path(module, path);
	if (stat(path, &status) < 0 && errno == ENOENT) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
			      "There is no driver %s ([card] module = %s).", path, module);
		diagnosis_mend(diagnosis, "Install the card's driver, or name the right one in %s.",
			       PATH_CONFIG);
		return;
	}
	why = as_account_access(doctor, path, R_OK);
	if (why != 0 && why != EAGAIN) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
			      "The user %s may not read the driver %s: %s.", CERTRENEW_USER, path,
			      strerror(why));
		diagnosis_mend(diagnosis, "Make it, and the folders above it, readable for all.");
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
		      "The driver %s is there, and does not load or start.", path);
	diagnosis_mend(diagnosis,
		       "Why, the log says ('journalctl -t certrenew-check'); it may be no PKCS#11 "
		       "driver, or need [card] environment or init_args.");
}

static void say_no_card(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *token = doctor->config->token;
	char others[DIAGNOSIS_TEXT_MAX / 2];

	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card", "The driver %s finds no card%s%s.",
		      doctor->config->module, token[0] != '\0' ? " that fits [card] token = " : "",
		      token);
	if (drivers_others(doctor->config->module, others, sizeof(others)) > 0)
		diagnosis_mend(diagnosis,
			       "Insert the card; if it is in the reader, another driver may be its "
			       "own: p11-kit knows %s ([card] module).",
			       others);
	else
		diagnosis_mend(
		    diagnosis,
		    "Insert the card; if it is in the reader, install its maker's driver "
		    "and name that in [card] module.");
}

static void say_driver_ok(struct doctor *doctor)
{
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_OK, "driver",
		      "The driver %s loads and starts as %s.", doctor->config->module,
		      CERTRENEW_USER);
}

/* The driver did not do its work. */
static void say_driver(struct doctor *doctor, enum failure_code code)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (code == FAILURE_DRIVER) {
		blame_driver(doctor);
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
		      code == FAILURE_TIMEOUT
			  ? "The driver %s does not answer within [card] timeout."
		      : code == FAILURE_CRASHED
			  ? "The driver %s crashes, or the program that loads it is missing."
			  : "The card cannot be read with the driver %s.",
		      doctor->config->module);
	diagnosis_mend(diagnosis,
		       code == FAILURE_TIMEOUT
			   ? "Insert the card anew, start pcscd anew, and update the driver."
			   : "The log says more ('journalctl -t certrenew-helper -t "
			     "certrenew-check', %s); update the driver.",
		       failure_name(code));
}

static void say_card(struct doctor *doctor, const struct reading *reading)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	switch (reading->code) {
	case FAILURE_NONE:
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "card",
			      "The card %s shows %zu certificates with their keys.", reading->label,
			      reading->certificates);
		doctor->card_found = true;
		break;
	case FAILURE_NO_CERTIFICATE:
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
			      "The card holds no certificate of a person that has its key.");
		diagnosis_mend(diagnosis, "Have whoever issues the cards put certificates on it; "
					  "certrenew renews, and does not make the first ones.");
		doctor->card_found = true;
		break;
	case FAILURE_CARD_UNINITIALISED:
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
			      "The card was never set up, or so it looks to the user %s.",
			      CERTRENEW_USER);
		diagnosis_mend(diagnosis,
			       "If others see its certificates, give %s the right to the driver's "
			       "files (SoftHSM: directories.tokendir); else set the card up.",
			       CERTRENEW_USER);
		doctor->card_found = true;
		break;
	default:
		say_no_card(doctor);
	}
}

static bool is_about_card(enum failure_code code)
{
	return code == FAILURE_NONE || code == FAILURE_NO_CERTIFICATE ||
	       code == FAILURE_CARD_UNINITIALISED || code == FAILURE_NO_CARD ||
	       code == FAILURE_CARD_REMOVED;
}

static void say_unchecked(struct doctor *doctor, const struct reading *reading)
{
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_UNCHECKED, "card",
		      doctor->config == NULL || !doctor->has_account
			  ? "It cannot be read before the things above are in order."
		      : !reading->reached ? "The helper cannot be reached."
					  : "You may not use the card from here: [access] allow.");
}

void doctor_card(struct doctor *doctor)
{
	struct reading reading = {.reached = false};

	if (doctor->config != NULL && doctor->has_account)
		read_card(&reading);
	if (!reading.reached || reading.code == FAILURE_REFUSED) {
		say_unchecked(doctor, &reading);
	} else if (is_about_card(reading.code)) {
		say_driver_ok(doctor);
		say_card(doctor, &reading);
	} else {
		say_driver(doctor, reading.code);
	}
}
