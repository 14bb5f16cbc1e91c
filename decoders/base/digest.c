#include "decoders/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "decoders/base/arena.h"

static EVP_MD_CTX *context_of(struct digest *digest)
{
	return (EVP_MD_CTX *)digest;
}

struct digest *digest_new(void)
{
	EVP_MD_CTX *context;

	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL); /* no file is read for it */
	context = EVP_MD_CTX_new();
	if (!context || !EVP_DigestInit_ex(context, EVP_sha256(), NULL))
		out_of_memory();
	return (struct digest *)context;
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

	if (!EVP_DigestFinal_ex(context_of(digest), bytes, NULL))
		out_of_memory();
	for (int i = 0; i < DIGEST_TEXT / 2; i++)
		snprintf(ret + 2 * (size_t)i, 3, "%02x", bytes[i]);
	digest_free(digest);
}

void digest_free(struct digest *digest)
{
	EVP_MD_CTX_free(context_of(digest));
}
