/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/x509v3.h>

#include "tests/world/ca/tell.h"

#define DAY	     INT64_C(86400)
#define CERTIFICATES 4096

struct person {
	X509 *certificate;
	char email[256];
	bool told;
};

/* RFC 2849: base64 needs no thought about what may stand in a value. */
static int put_base64(const char *attribute, const void *bytes, int length, FILE *out)
{
	unsigned char *text = malloc((size_t)(length + 2) / 3 * 4 + 1);

	if (!text)
		return -1;
	EVP_EncodeBlock(text, bytes, length);
	fprintf(out, "%s:: %s\n", attribute, text);
	free(text);
	return 0;
}

static int put_certificate(X509 *certificate, FILE *out)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);
	int result = length > 0 ? put_base64("userCertificate;binary", der, length, out) : -1;

	OPENSSL_free(der);
	return result;
}

static int begin_entry(const char *base, const char *uid, const char *name, const char *email,
		       FILE *out)
{
	fprintf(out, "\ndn: uid=%s,%s\nobjectClass: inetOrgPerson\nuid: %s\n", uid, base, uid);
	if (email[0])
		fprintf(out, "mail: %s\n", email);
	return put_base64("sn", name, (int)strlen(name), out) < 0 ||
		       put_base64("cn", name, (int)strlen(name), out) < 0
		   ? -1
		   : 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_der(const struct dirent *file)
{
	return strstr(file->d_name, ".der") != NULL;
}

static void read_person(const struct issue_ca *ca, const char *file_name, struct person *ret)
{
	char path[PATH_MAX + 300];

	snprintf(path, sizeof path, "%s/issued/%s", ca->folder, file_name);
	FILE *file = fopen(path, "re");
	*ret = (struct person){.certificate = file ? d2i_X509_fp(file, NULL) : NULL};
	if (file)
		fclose(file);
	STACK_OF(OPENSSL_STRING) *emails =
	    ret->certificate ? X509_get1_email(ret->certificate) : NULL;
	if (sk_OPENSSL_STRING_num(emails) > 0)
		snprintf(ret->email, sizeof ret->email, "%s", sk_OPENSSL_STRING_value(emails, 0));
	X509_email_free(emails);
}

static int tell_person(struct person *people, int count, int first, const char *base, FILE *out)
{
	char name[256] = "", uid[32];
	int result;

	X509_NAME_get_text_by_NID(X509_get_subject_name(people[first].certificate), NID_commonName,
				  name, sizeof name);
	snprintf(uid, sizeof uid, "p%d", first);
	result = begin_entry(base, uid, name, people[first].email, out);
	for (int i = first; result == 0 && i < count; i++) {
		if (i != first && (people[i].email[0] == '\0' ||
				   strcmp(people[i].email, people[first].email) != 0))
			continue;
		people[i].told = true;
		result = put_certificate(people[i].certificate, out);
	}
	return result;
}

static int tell_people(const struct issue_ca *ca, const char *base, FILE *out)
{
	static struct person people[CERTIFICATES];
	char folder[PATH_MAX + 16];
	struct dirent **files = NULL;
	int count = 0, result = 0;

	snprintf(folder, sizeof folder, "%s/issued", ca->folder);
	int found = scandir(folder, &files, is_der, by_name);
	for (int i = 0; i < found; i++) {
		if (count < CERTIFICATES)
			read_person(ca, files[i]->d_name, &people[count]);
		count += count < CERTIFICATES && people[count].certificate != NULL;
		free(files[i]);
	}
	free(files);
	for (int i = 0; result == 0 && i < count; i++)
		if (!people[i].told)
			result = tell_person(people, count, i, base, out);
	for (int i = 0; i < count; i++)
		X509_free(people[i].certificate);
	return found < 0 ? -1 : result;
}

/* One key for all of them: making it is what takes time. */
static int tell_one_of_crowd(const struct issue_ca *ca, EVP_PKEY *key, int number, const char *base,
			     FILE *out)
{
	int64_t now = (int64_t)time(NULL);
	char subject[64], name[32], email[64], uid[32];
	X509 *certificate = NULL;
	struct issue_order order = {
	    .key = key,
	    .role = ISSUE_SIGNATURE,
	    .not_before = now - DAY,
	    .not_after = now + 365 * DAY,
	    .email = email,
	};
	int result = -1;

	snprintf(name, sizeof name, "Crowd %05d", number);
	snprintf(subject, sizeof subject, "/C=TW/O=Crowd/CN=%s", name);
	snprintf(email, sizeof email, "crowd%05d@example.test", number);
	snprintf(uid, sizeof uid, "crowd%05d", number);
	X509_NAME *parsed = issue_name(subject);
	order.subject = parsed;
	if (parsed && issue_certificate(ca, &order, &certificate) == 0 &&
	    begin_entry(base, uid, name, email, out) == 0)
		result = put_certificate(certificate, out);
	X509_free(certificate);
	X509_NAME_free(parsed);
	return result;
}

int tell_directory(const struct issue_ca *ca, const char *base, int crowd, FILE *out)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	int result = key ? tell_people(ca, base, out) : -1;

	for (int i = 0; result == 0 && i < crowd; i++)
		result = tell_one_of_crowd(ca, key, i, base, out);
	EVP_PKEY_free(key);
	return result;
}
