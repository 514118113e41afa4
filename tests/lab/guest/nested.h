#ifndef NESTED_H
#define NESTED_H

#include <stddef.h>
#include <stdint.h>

/* Makes a virtual machine whose memory lies at two addresses of this process, and runs it until it has touched all of it. */
void nestedPrepare(uint64_t first, uint64_t second);

/* Lets it and this process take turns, for ever. */
void nestedSpin(void) __attribute__((noreturn));

/* pattern.c's. */
void say(const char *format, ...);
void *failed(const char *what, uint64_t va);
void *map(uint64_t va, size_t length, int protection, int flags, int file);
void fill(void *at, size_t length, unsigned tag, uint64_t tagva);
void region(int id, int index, uint64_t va, size_t length, const char *protection, unsigned tag, uint64_t tagva, const char *kind);

#endif
