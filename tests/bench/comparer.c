/*
 * comparer: what a diff of memory is measured against. Two files, read by pread in blocks, and every page
 * compared by itself; prints how many differ.
 *
 *     comparer A B
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 256 << 10, PAGE = 4096 };

int main(int argc, char **argv)
{
	static uint8_t left[BLOCK], right[BLOCK];
	int a = argc == 3 ? open(argv[1], O_RDONLY) : -1;
	int b = argc == 3 ? open(argv[2], O_RDONLY) : -1;
	uint64_t differing = 0;
	off_t at = 0;
	ssize_t got;

	if (a < 0 || b < 0)
		return fprintf(stderr, "usage: comparer A B\n"), 2;
	while ((got = pread(a, left, BLOCK, at)) > 0 && pread(b, right, BLOCK, at) == got) {
		for (ssize_t i = 0; i + PAGE <= got; i += PAGE)
			differing += memcmp(left + i, right + i, PAGE) != 0;
		at += got;
	}
	printf("%llu pages differ\n", (unsigned long long)differing);
	return got != 0;
}
