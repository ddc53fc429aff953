/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/certstore.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#define BOUNDARY "certificates-4387"

struct question {
	const char *email, *name;
	bool multipart; /* even for a single one, as some stores do */
};

static bool has_email(X509 *certificate, const char *email)
{
	STACK_OF(OPENSSL_STRING) *emails = X509_get1_email(certificate);
	bool has = false;

	for (int i = 0; i < sk_OPENSSL_STRING_num(emails); i++)
		has |= strcmp(sk_OPENSSL_STRING_value(emails, i), email) == 0;
	X509_email_free(emails);
	return has;
}

static bool has_name(X509 *certificate, const char *name)
{
	char own[256] = "";

	X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, own,
				  sizeof own);
	return strcmp(own, name) == 0;
}

static X509 *read_one(const struct ra *ra, const char *file_name)
{
	char path[PATH_MAX + 300];

	snprintf(path, sizeof path, "%s/issued/%s", ra->ca.folder, file_name);
	FILE *file = fopen(path, "re");
	X509 *certificate = file ? d2i_X509_fp(file, NULL) : NULL;
	if (file)
		fclose(file);
	return certificate;
}

static STACK_OF(X509) *find(const struct ra *ra, const struct question *question)
{
	STACK_OF(X509) *found = sk_X509_new_null();
	char folder[PATH_MAX + 16];

	snprintf(folder, sizeof folder, "%s/issued", ra->ca.folder);
	DIR *files = opendir(folder);
	for (struct dirent *file; files && found && (file = readdir(files));) {
		X509 *certificate = file->d_name[0] == '.' ? NULL : read_one(ra, file->d_name);

		if (!certificate ||
		    !(question->email ? has_email(certificate, question->email)
				      : has_name(certificate, question->name)) ||
		    sk_X509_push(found, certificate) <= 0)
			X509_free(certificate);
	}
	if (files)
		closedir(files);
	return found;
}

static void answer_one(X509 *certificate, struct http_answer *ret)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);

	ret->status = MHD_HTTP_OK;
	ret->response = MHD_create_response_from_buffer((size_t)length, der, MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(ret->response, MHD_HTTP_HEADER_CONTENT_TYPE,
				"application/pkix-cert");
	OPENSSL_free(der);
}

static void answer_all(STACK_OF(X509) *found, struct http_answer *ret)
{
	BIO *body = BIO_new(BIO_s_mem());
	char *bytes = NULL;

	for (int i = 0; i < sk_X509_num(found); i++) {
		BIO_printf(body, "--" BOUNDARY "\r\nContent-Type: application/pkix-cert\r\n\r\n");
		i2d_X509_bio(body, sk_X509_value(found, i));
		BIO_printf(body, "\r\n");
	}
	BIO_printf(body, "--" BOUNDARY "--\r\n");
	long length = BIO_get_mem_data(body, &bytes);
	ret->status = MHD_HTTP_OK;
	ret->response =
	    MHD_create_response_from_buffer((size_t)length, bytes, MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(ret->response, MHD_HTTP_HEADER_CONTENT_TYPE,
				"multipart/mixed; boundary=\"" BOUNDARY "\"");
	BIO_free(body);
}

static const char *argument(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static void serve(struct ra *ra, const struct http_request *request, struct question *question,
		  struct http_answer *ret)
{
	question->name = argument(request, "name");
	if (!question->email && !question->name) {
		http_text(ret, MHD_HTTP_NOT_FOUND, "nothing is searched by that\n");
		return;
	}
	STACK_OF(X509) *found = find(ra, question);
	if (sk_X509_num(found) <= 0)
		http_text(ret, MHD_HTTP_NOT_FOUND, "no such certificate\n");
	else if (sk_X509_num(found) == 1 && !question->multipart)
		answer_one(sk_X509_value(found, 0), ret);
	else
		answer_all(found, ret);
	sk_X509_pop_free(found, X509_free);
}

static void serve_search(struct ra *ra, const struct http_request *request, struct http_answer *ret)
{
	struct question question = {.email = argument(request, "uri")};

	serve(ra, request, &question, ret);
}

/* A store of before the RFC: it knows `email` only. */
static void serve_old_search(struct ra *ra, const struct http_request *request,
			     struct http_answer *ret)
{
	struct question question = {.email = argument(request, "email"), .multipart = true};

	serve(ra, request, &question, ret);
}

const struct http_endpoint certstore_endpoints[] = {
    {MHD_HTTP_METHOD_GET, "/certificates/search", serve_search},
    {MHD_HTTP_METHOD_GET, "/certificates/old/search", serve_old_search},
    {0},
};
