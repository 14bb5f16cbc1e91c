#include "db/index/identities.h"

#include <pthread.h>
#include <stdlib.h>

struct slot {
	struct identity identity;
	struct problems problems;
	struct error *error;
	bool is_done;
};

struct identities {
	struct identities_request request;
	struct slot *slots; /* of the items */
	pthread_t threads[MOST_INDEX_THREADS];
	unsigned n_threads;
	pthread_mutex_t lock; /* of what follows, and of .is_done */
	pthread_cond_t changed;
	size_t next, wanted;
	bool is_over;
};

static void find(const struct identities_request *request, size_t i, struct slot *slot)
{
	const struct collected *item = &request->items[i];
	char *path = realpath(item->path, NULL); /* of what is not there nothing is taken */

	if (path)
		slot->error = identity_take(path, item->inside, request->parents, request->n_parents, &slot->problems,
					    &slot->identity);
	free(path);
}

/* Only as far ahead as there are threads: what was read should still be in the cache when it is read again. */
static void *work(void *context)
{
	struct identities *identities = context;

	pthread_mutex_lock(&identities->lock);
	while (!identities->is_over && identities->next < identities->request.n) {
		size_t i = identities->next;

		if (i > identities->wanted + identities->request.threads) {
			pthread_cond_wait(&identities->changed, &identities->lock);
			continue;
		}
		identities->next++;
		pthread_mutex_unlock(&identities->lock);
		find(&identities->request, i, &identities->slots[i]);
		pthread_mutex_lock(&identities->lock);
		identities->slots[i].is_done = true;
		pthread_cond_broadcast(&identities->changed);
	}
	pthread_mutex_unlock(&identities->lock);
	return NULL;
}

struct identities *identities_begin(const struct identities_request *request)
{
	struct identities *identities = calloc(1, sizeof(*identities));
	unsigned n = request->threads > 1 ? request->threads : 0;

	if (!identities)
		out_of_memory();
	identities->request = *request;
	identities->slots = calloc(request->n + 1, sizeof(*identities->slots));
	if (!identities->slots)
		out_of_memory();
	for (size_t i = 0; i < request->n; i++)
		problems_init(&identities->slots[i].problems);
	pthread_mutex_init(&identities->lock, NULL);
	pthread_cond_init(&identities->changed, NULL);
	for (; identities->n_threads < n && identities->n_threads < request->n; identities->n_threads++)
		if (pthread_create(&identities->threads[identities->n_threads], NULL, work, identities) != 0)
			break;
	return identities;
}

struct error *identities_take(struct identities *identities, size_t i, const char *path, const char *inside,
			      struct problems *problems, struct identity *ret)
{
	struct error *error;
	struct slot *slot;

	if (!identities->n_threads || i >= identities->request.n)
		return identity_take(path, inside, identities->request.parents, identities->request.n_parents,
				     problems, ret);
	slot = &identities->slots[i];
	pthread_mutex_lock(&identities->lock);
	identities->wanted = i;
	pthread_cond_broadcast(&identities->changed);
	while (!slot->is_done)
		pthread_cond_wait(&identities->changed, &identities->lock);
	pthread_mutex_unlock(&identities->lock);
	problems_move(problems, &slot->problems);
	*ret = slot->identity;
	error = slot->error;
	slot->error = NULL;
	return error;
}

void identities_end(struct identities *identities)
{
	pthread_mutex_lock(&identities->lock);
	identities->is_over = true;
	pthread_cond_broadcast(&identities->changed);
	pthread_mutex_unlock(&identities->lock);
	for (unsigned i = 0; i < identities->n_threads; i++)
		pthread_join(identities->threads[i], NULL);
	for (size_t i = 0; i < identities->request.n; i++) {
		problems_deinit(&identities->slots[i].problems);
		error_free(identities->slots[i].error);
	}
	pthread_cond_destroy(&identities->changed);
	pthread_mutex_destroy(&identities->lock);
	free(identities->slots);
	free(identities);
}
