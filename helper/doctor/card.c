/* SPDX-License-Identifier: MIT */
/* The driver and the card, as certrenew-check finds them, which the helper starts for us. */
#include <stdio.h>
#include <unistd.h>

#include "conf/config_name.h"
#include "helper/card/validity.h"
#include "helper/common/client.h"
#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/drivers.h"

/* How a STATUS request ended, and what it showed on the way. */
struct reading {
	enum failure_code code;
	bool reached;  /* the helper was given the request */
	bool answered; /* and said something */
	size_t certificates, expired;
	size_t damaged; /* records of renewals that cannot be read */
	char label[64];
	char issuer[DIAGNOSIS_TEXT_MAX / 2]; /* of the first one that no [ca] section is for */
	struct failure failure;		     /* why it was not reached */
};

static void take_certificate(struct reading *reading, const struct config *config,
			     const struct message *message)
{
	const char *issuer = message_text(message, FIELD_ISSUER);

	reading->certificates++;
	reading->expired += message_number(message, FIELD_STATE) == VALIDITY_EXPIRED;
	snprintf(reading->label, sizeof(reading->label), "%s",
		 message_text(message, FIELD_TOKEN_LABEL));
	if (reading->issuer[0] == '\0' && config_ca_for_issuer(config, issuer) == NULL)
		snprintf(reading->issuer, sizeof(reading->issuer), "%s", issuer);
}

static void take(struct reading *reading, const struct config *config,
		 const struct message *message)
{
	switch (message_type(message)) {
	case MESSAGE_CERTIFICATE:
		take_certificate(reading, config, message);
		break;
	case MESSAGE_CHECKED:
		reading->code = FAILURE_NONE;
		break;
	case MESSAGE_UNFINISHED:
		reading->damaged += message_number(message, FIELD_UNFINISHED) == 0;
		break;
	case MESSAGE_FAILED:
		reading->code = (enum failure_code)message_number(message, FIELD_CODE);
		break;
	default:
		break;
	}
}

static void read_card(const struct config *config, struct reading *ret)
{
	const struct client_request request = {.action = REQUEST_STATUS, .language = ""};
	struct reading reading = {.code = FAILURE_CRASHED};
	struct failure failure = {.code = FAILURE_NONE};
	struct message *message = NULL;
	int channel = -1;

	if (client_open(&request, &channel, &reading.failure) == 0) {
		reading.reached = true;
		while (message_receive(channel, -1, &message, &failure) == 0) {
			reading.answered = true;
			take(&reading, config, message);
			message_free(message);
		}
		close(channel);
	}
	*ret = reading;
}

static void say_no_card(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *token = doctor->config->token;
	const char *first = token[0] != '\0'
				? "Insert that card, or correct token: empty, any card "
				  "fits"
				: "Insert the card";
	char others[DIAGNOSIS_TEXT_MAX / 2];

	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card", "The driver %s finds no card%s%s.",
		      doctor->config->module, token[0] != '\0' ? " that fits [card] token = " : "",
		      token);
	if (drivers_others(doctor->config->module, others, sizeof(others)) > 0)
		diagnosis_mend(diagnosis,
			       "%s; if it is in the reader, another driver may be its own: p11-kit "
			       "knows %s ([card] module).",
			       first, others);
	else
		diagnosis_mend(diagnosis,
			       "%s; if it is in the reader, install its maker's driver and name "
			       "that in [card] module.",
			       first);
}

static void say_certificates(struct doctor *doctor, const struct reading *reading)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (reading->expired < reading->certificates) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "card",
			      "The card %s shows %zu certificates with their keys.", reading->label,
			      reading->certificates);
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
		      "All certificates of the card %s (%zu) have expired.", reading->label,
		      reading->certificates);
	diagnosis_mend(diagnosis, "They cannot be renewed any more: apply for new ones where this "
				  "card was issued. If they have not, set this computer's clock.");
}

static void say_unusable(struct doctor *doctor, enum failure_code code)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (code == FAILURE_NO_CERTIFICATE) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
			      "The card holds no certificate of a person that has its key.");
		diagnosis_mend(diagnosis, "Have whoever issues the cards put certificates on it; "
					  "certrenew renews, and does not make the first ones.");
	} else if (code == FAILURE_CARD_HIDES) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
			      "The card shows its certificates only once its PIN was given, so "
			      "nobody is told that they expire.");
		diagnosis_mend(
		    diagnosis,
		    "Have whoever issues the cards make their certificates public objects "
		    "(CKA_PRIVATE); 'certrenew renew' renews these, too, by hand.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "card",
			      "The card was never set up, or so it looks to the user %s.",
			      CERTRENEW_USER);
		diagnosis_mend(diagnosis,
			       "If others see its certificates, give %s the right to the driver's "
			       "files (SoftHSM: directories.tokendir); else set the card up.",
			       CERTRENEW_USER);
	}
}

static void say_card(struct doctor *doctor, const struct reading *reading)
{
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_OK, "driver",
		      "The driver %s loads and starts as %s.", doctor->config->module,
		      CERTRENEW_USER);
	doctor->card_found =
	    reading->code != FAILURE_NO_CARD && reading->code != FAILURE_CARD_REMOVED;
	if (!doctor->card_found)
		say_no_card(doctor);
	else if (reading->code == FAILURE_NONE)
		say_certificates(doctor, reading);
	else
		say_unusable(doctor, reading->code);
}

static bool is_about_card(enum failure_code code)
{
	return code == FAILURE_NONE || code == FAILURE_NO_CERTIFICATE ||
	       code == FAILURE_CARD_UNINITIALISED || code == FAILURE_CARD_HIDES ||
	       code == FAILURE_NO_CARD || code == FAILURE_CARD_REMOVED;
}

/* A section that is for others is as good as none: renewals end with no-ca. */
static void say_issuer(struct doctor *doctor, const struct reading *reading)
{
	if (reading->certificates == 0 || doctor->config->ca_count == 0)
		return;
	if (reading->issuer[0] == '\0') {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_OK, "issuer",
			      "There is a [ca] section for the issuer of each certificate.");
		return;
	}
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_WRONG, "issuer",
		      "No [ca] section is for the card's certificates of %s.", reading->issuer);
	diagnosis_mend(&doctor->diagnosis,
		       "Write 'issuer = %s' into the section of the CA that renews them, or leave "
		       "issuer out of one section, which is for all others then.",
		       reading->issuer);
}

static void say_records(struct doctor *doctor, const struct reading *reading)
{
	if (reading->damaged == 0) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_OK, "journal",
			      "No record of a renewal is damaged, as far as is seen from here.");
		return;
	}
	diagnosis_add(
	    &doctor->diagnosis, DIAGNOSIS_WRONG, "journal",
	    "A record of a renewal cannot be read, and its card is not renewed any more.");
	diagnosis_mend(&doctor->diagnosis,
		       "Find it with 'certrenew journal list', and put it aside "
		       "with 'certrenew journal discard ID'.");
}

/* Root starts the helper itself; others have it started by the socket, of which socket.c tells. */
static bool say_helper(struct doctor *doctor, const struct reading *reading)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (reading->answered) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "helper", "It runs, and answers.");
		return true;
	}
	if (!doctor->is_root && !doctor->socket_open) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "helper", "It cannot be reached.");
		return false;
	}
	/* Behind the socket it is too late for a request, or for its answer. */
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "helper", "It does not run: %s.",
		      doctor->is_root && !reading->reached ? reading->failure.detail
							   : PATH_HELPER " ends without a word");
	diagnosis_mend(diagnosis, "Why, the log says ('journalctl -t certrenew-helper -u "
				  "\"certrenew@*\"'); else install certrenew again.");
	return false;
}

void doctor_card(struct doctor *doctor)
{
	struct reading reading = {.code = FAILURE_CRASHED};

	if (doctor->config == NULL || !doctor->has_account) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_UNCHECKED, "card",
			      "It cannot be read before the things above are in order.");
		return;
	}
	read_card(doctor->config, &reading);
	if (!say_helper(doctor, &reading)) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_UNCHECKED, "card",
			      "It cannot be read without the helper.");
		return;
	}
	if (reading.code == FAILURE_REFUSED) {
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_UNCHECKED, "card",
			      "You may not use the card from here: [access] allow.");
		return;
	}
	if (is_about_card(reading.code))
		say_card(doctor, &reading);
	else
		driver_blame(doctor, reading.code);
	say_issuer(doctor, &reading);
	say_records(doctor, &reading);
}
