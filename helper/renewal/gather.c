/* SPDX-License-Identifier: MIT */
/* What there is to do: unfinished renewals of the journal first, then what is due on the card. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/card/naming.h"
#include "helper/card/write.h"
#include "helper/common/log.h"
#include "helper/renewal/renewal.h"

static bool same_certificate(const X509 *a, const X509 *b)
{
	return a != NULL && b != NULL && X509_cmp(a, b) == 0;
}

static bool ends_later(const X509 *a, const X509 *b)
{
	return ASN1_TIME_compare(X509_get0_notAfter(a), X509_get0_notAfter(b)) > 0;
}

/* A card may hold several certificates of one role. */
static bool is_for_the_same(const struct certificate *one, X509 *x509)
{
	const struct certificate other = {
	    .x509 = x509,
	    .role = usage_role(x509),
	    .usage = usage_bits(x509),
	};

	return certificates_same_purpose(one, &other);
}

/*
 * Whether the card has moved on without us: another certificate took the place of the one that
 * the entry began with, and it is not the one that the entry issued.
 */
static bool is_overtaken(const struct renewal *renewal, const struct journal_entry *entry)
{
	const struct certificate *one;
	/* What a certificate that cannot be read just now is, nobody knows. */
	bool whole = renewal->certificates.count > 0 && renewal->certificates.unreadable == 0;
	bool newer = false;
	/* Then the entry is why the card lacks it, or shows it without a key: only what is newer
	 * counts. */
	bool made_room = entry->state == JOURNAL_MOVED_ASIDE || entry->state == JOURNAL_TAKEN_OFF;

	for (size_t i = 0; i < renewal->certificates.count; i++) {
		one = &renewal->certificates.items[i];
		if (same_certificate(one->x509, entry->old) ||
		    same_certificate(one->x509, entry->issued))
			return false;
		if (is_for_the_same(one, entry->old))
			newer = newer || (whole && !made_room) ||
				ends_later(one->x509, made_room ? entry->issued : entry->old);
	}
	/* Without another for this purpose, what was issued is all that the person has. */
	return newer || (entry->issued == NULL && whole);
}

static void put_away(struct renewal *renewal, struct journal_entry *entry)
{
	struct failure failure;

	if (journal_archive(renewal->journal, entry, &failure) < 0)
		log_failure(EVENT_ENTRY_NOT_PUT_AWAY, "a journal entry was not put away", &failure);
	journal_entry_clear(entry);
}

static void take_entry(struct renewal *renewal, struct journal_entry *entry)
{
	/* A run that was ended between its last two steps. */
	if (entry->state == JOURNAL_DONE) {
		put_away(renewal, entry);
	} else if (is_overtaken(renewal, entry)) {
		log_line(EVENT_ENTRY_PUT_AWAY,
			 "an unfinished renewal (%s) is put away: the card moved on",
			 journal_state_name(entry->state));
		put_away(renewal, entry);
	} else if (renewal->count < ITEMS_MAX) { /* the rest is a later run's */
		renewal->items[renewal->count++] = (struct item){
		    .entry = *entry,
		    .resumed = true,
		    .tried_to_remove = entry->state >= JOURNAL_VERIFIED,
		    .unheard = entry->state == JOURNAL_REQUESTED && entry->request != NULL,
		};
		*entry = (struct journal_entry){.old = NULL};
	}
}

static int take_unfinished(struct renewal *renewal, struct failure *failure)
{
	struct journal_entry *entries = NULL;
	size_t count = 0;
	int result;

	result = journal_unfinished(renewal->journal, &entries, &count, failure);
	if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		take_entry(renewal, &entries[i]);
	journal_entries_free(entries, count);
	return 0;
}

static bool is_on_its_way(const struct renewal *renewal, const struct certificate *certificate)
{
	const struct journal_entry *entry;

	for (size_t i = 0; i < renewal->count; i++) {
		entry = &renewal->items[i].entry;
		if (same_certificate(certificate->x509, entry->old) ||
		    same_certificate(certificate->x509, entry->issued))
			return true;
	}
	return false;
}

static bool is_due(const struct renewal *renewal, const struct certificate *certificate)
{
	const struct validity_limits limits = {renewal->config->window, renewal->config->critical};
	struct validity validity =
	    validity_judge(certificate->not_before, certificate->not_after, time(NULL), &limits);

	return validity.state == VALIDITY_RENEWABLE || validity.state == VALIDITY_CRITICAL;
}

static int take_due(struct renewal *renewal, const struct certificate *certificate,
		    struct failure *failure)
{
	struct item *item = &renewal->items[renewal->count];

	*item = (struct item){
	    .entry =
		{
		    .state = JOURNAL_FOUND,
		    .role = certificate->role,
		    .id = certificate->id,
		    .old_id = certificate->id,
		    .label = certificate->label,
		    .old = X509_dup(certificate->x509),
		},
	};
	if (item->entry.old == NULL)
		return fail_errno(failure, "no memory for a certificate");
	item->cannot_sign = certificate->cannot_sign;
	renewal->count++;
	return 0;
}

/*
 * A card may show its certificates to nobody but their owner. Of one that shows none and has keys a
 * person is asked for the PIN now; with the same login the requests are signed.
 */
static int look_with_pin(struct renewal *renewal, struct failure *failure)
{
	bool hides = false;
	int result;

	if (renewal->certificates.count > 0)
		return 0;
	result = certificates_may_hide(renewal->token, &hides, failure);
	if (result < 0 || !hides)
		return result;
	result = consent_with_pin(renewal, PIN_TO_LOOK, failure);
	if (result < 0)
		return result;
	renewal->hidden = true;
	certificates_free(&renewal->certificates);
	return renewal_read_certificates(renewal, failure);
}

int renewal_read_certificates(struct renewal *renewal, struct failure *failure)
{
	int result = certificates_read(renewal->token, &renewal->certificates, failure);

	return result < 0 ? result
			  : certificates_pair(renewal->token, &renewal->certificates, failure);
}

static bool may_speak(const struct certificate *one, const X509 *about, int64_t now)
{
	return one->role == ROLE_SIGNATURE && !one->keyless && !one->cannot_sign &&
	       one->not_after >= now && one->not_before <= now &&
	       X509_NAME_cmp(X509_get_subject_name(one->x509), X509_get_subject_name(about)) == 0;
}

const struct certificate *renewal_speaker(const struct renewal *renewal, const X509 *about)
{
	const struct certificates *certificates = &renewal->certificates;

	for (size_t i = 0; i < certificates->count; i++)
		if (may_speak(&certificates->items[i], about, time(NULL)))
			return &certificates->items[i];
	return NULL;
}

/* What is known without the PIN is said without it; without a speaker the key speaks for itself. */
static int check_key(const struct renewal *renewal, struct item *item)
{
	EVP_PKEY *public = X509_get0_pubkey(item->entry.old);

	if (item->cannot_sign && renewal_speaker(renewal, item->entry.old) == NULL)
		return fail(&item->failure, FAILURE_KEY_CANNOT_SIGN,
			    "no other certificate can speak for it");
	return item->protocol->supports(item->settings, item->entry.role, public,
					!item->cannot_sign, &item->failure);
}

/* An entry that was begun by CMP, where the configuration says EST by now. */
static void meet_protocol(struct item *item)
{
	if (item->protocol->make_request == NULL || !item_is_transaction(item))
		return;
	if (item->entry.state < JOURNAL_ISSUED) {
		item->entry.state = JOURNAL_AGREED; /* a request of its own is made instead */
		item->entry.retry_at = 0;
	} else if (item_is_unconfirmed(item)) {
		fail(&item->failure, FAILURE_CONFIG,
		     "[ca \"%s\"] protocol: what it issued by CMP is not confirmed yet",
		     item->settings->name);
	}
}

static void choose_ca(struct renewal *renewal, struct item *item)
{
	struct journal_entry *entry = &item->entry;
	char *name = entry->ca;

	/* A request that was sent is repeated to the CA that it was sent to. */
	for (size_t i = 0; name[0] != '\0' && i < renewal->config->ca_count; i++)
		if (strcmp(renewal->config->cas[i].name, name) == 0)
			item->settings = &renewal->config->cas[i];
	if (item->settings == NULL)
		item->settings = ca_for_issuer(renewal->config, X509_get_issuer_name(entry->old));
	if (item->settings == NULL) {
		if (entry->state < JOURNAL_ISSUED || item_is_unconfirmed(item))
			fail(&item->failure, FAILURE_NO_CA, "no [ca] section for the issuer");
		return;
	}
	item->protocol = ca_protocol(item->settings->protocol);
	meet_protocol(item);
	if (entry->state < JOURNAL_ISSUED)
		(void)check_key(renewal, item);
	strncpy(name, item->settings->name, sizeof(entry->ca) - 1);
}

static bool is_strange(const struct item *item)
{
	return item->failure.code == FAILURE_NO_CA && !item->resumed;
}

/* Beside what a CA of ours renews nobody is asked about the rest; where there is nothing else, a
 * person who asks is told why. */
static void leave_strangers(struct renewal *renewal)
{
	size_t kept = 0;

	if (renewal_count(renewal, is_strange) == renewal->count)
		return;
	for (size_t i = 0; i < renewal->count; i++) {
		struct item *item = &renewal->items[i];
		char serial[SERIAL_TEXT_MAX];

		if (!is_strange(item)) {
			renewal->items[kept++] = *item;
			continue;
		}
		log_line(EVENT_NO_CA_FOR_IT,
			 "certificate %s is left alone: no [ca] section is for its issuer",
			 naming_serial(item->entry.old, serial, sizeof(serial)));
		journal_entry_clear(&item->entry);
	}
	renewal->count = kept;
}

static int in_order_of_renewal(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	return (int)left->entry.role - (int)right->entry.role;
}

int gather(struct renewal *renewal, struct failure *failure)
{
	int result;

	result = write_is_possible(renewal->token, failure);
	if (result == 0)
		result = renewal_read_certificates(renewal, failure);
	if (result == 0)
		result = look_with_pin(renewal, failure);
	if (result == 0) {
		certificates_drop_keyless(&renewal->certificates);
		certificates_keep_current(&renewal->certificates);
		result = take_unfinished(renewal, failure);
	}
	for (size_t i = 0; result == 0 && i < renewal->certificates.count; i++) {
		const struct certificate *one = &renewal->certificates.items[i];

		if (is_due(renewal, one) && !is_on_its_way(renewal, one) &&
		    renewal->count < ITEMS_MAX)
			result = take_due(renewal, one, failure);
	}
	if (result < 0)
		return result;
	if (renewal->count == 0)
		return fail(failure, FAILURE_NOTHING_DUE, "nothing is due on this token");
	for (size_t i = 0; i < renewal->count; i++)
		choose_ca(renewal, &renewal->items[i]);
	leave_strangers(renewal);
	qsort(renewal->items, renewal->count, sizeof(*renewal->items), in_order_of_renewal);
	return 0;
}
