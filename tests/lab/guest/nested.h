#ifndef NESTED_H
#define NESTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes a virtual machine whose memory lies at two addresses of this process, and runs it until it has touched all of it. */
void nestedPrepare(uint64_t first, uint64_t second);

/* Lets it and this process take turns, for ever. */
void nestedSpin(void) __attribute__((noreturn));

/*
 * What each architecture has of its own: the virtual machine's code, which reads a byte of every page, leaves to its maker, and
 * from then on counts and leaves again; entries of its page tables; and how it starts.
 */
extern const char nestedCode[], nestedCodeEnd[];

enum { WRITABLE = 1, EXECUTABLE = 2, USER = 4, DEVICE = 8 };

uint64_t nestedTable(uint64_t gpa);
uint64_t nestedLeaf(uint64_t gpa, int level, int rights);
uint64_t nestedTarget(uint64_t entry);

/* Whether addresses of the upper half have a root of their own, and the value of the register with the other root. */
extern const bool nestedTwoRoots;
uint64_t nestedRoot(uint64_t low);
int nestedStart(int kvm, int machine, uint64_t code, uint64_t stack, uint64_t low, uint64_t high);

/* pattern.c's. */
void say(const char *format, ...);
void *failed(const char *what, uint64_t va);
void *map(uint64_t va, size_t length, int protection, int flags, int file);
void fill(void *at, size_t length, unsigned tag, uint64_t tagva);
void region(int id, int index, uint64_t va, size_t length, const char *protection, unsigned tag, uint64_t tagva,
    const char *kind);

#endif
