#include "decoders/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "decoders/base/arena.h"

static EVP_MD_CTX *context_of(struct digest *digest)
{
	return (EVP_MD_CTX *)digest;
}

const size_t digest_texts[N_DIGEST_KINDS] = {
	[DIGEST_SHA256] = DIGEST_TEXT,
	[DIGEST_SHA1] = 40,
	[DIGEST_MD5] = 32,
};

struct digest *digest_new_of(enum digest_kind kind)
{
	EVP_MD_CTX *context;

	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL); /* no file is read for it */
	context = EVP_MD_CTX_new();
	if (!context)
		out_of_memory();
	if (EVP_DigestInit_ex(context, kind == DIGEST_SHA1 ? EVP_sha1() : kind == DIGEST_MD5 ? EVP_md5() : EVP_sha256(),
			      NULL))
		return (struct digest *)context;
	EVP_MD_CTX_free(context);
	return NULL;
}

struct digest *digest_new(void)
{
	struct digest *digest = digest_new_of(DIGEST_SHA256);

	if (!digest)
		out_of_memory();
	return digest;
}

void digest_add(struct digest *digest, struct bytes bytes)
{
	if (!EVP_DigestUpdate(context_of(digest), bytes.data, bytes.len))
		out_of_memory();
}

void digest_add_zeroes(struct digest *digest, uint64_t n)
{
	static const uint8_t zeroes[64 << 10];

	for (; n > sizeof(zeroes); n -= sizeof(zeroes))
		digest_add(digest, (struct bytes){ zeroes, sizeof(zeroes) });
	digest_add(digest, (struct bytes){ zeroes, (size_t)n });
}

void digest_end(struct digest *digest, char ret[DIGEST_TEXT + 1])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!EVP_DigestFinal_ex(context_of(digest), bytes, &len))
		out_of_memory();
	for (unsigned i = 0; i < len; i++)
		snprintf(ret + 2 * (size_t)i, 3, "%02x", bytes[i]);
	digest_free(digest);
}

void digest_free(struct digest *digest)
{
	EVP_MD_CTX_free(context_of(digest));
}
