/*
 * A guest of the guest, for the tables that translate a guest's physical addresses: a virtual machine of KVM without any device,
 * which reads all of its memory through page tables made here and then counts, now and then leaving to its maker.
 *
 *   VMSLOT gpa=… len=… va=… flags=ro|rw     its memory, and where that is in the process
 *   VMMAP va=… gpa=… len=… page=… rights=…  what its own tables map
 *   VMCR3 …                                 where these tables begin
 */
#include "nested.h"

#if defined(__x86_64__)
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MIB 0x100000ull

/* The first 2 MiB hold code and tables; the rest is patterned. */
#define CODE 0x1000ull
#define STACK 0x8000ull
#define TABLES 0x10000ull
#define PRIVATE_SIZE (2 * MIB)
#define SIZE (16 * MIB)
#define LARGE_AT (8 * MIB)
#define READ_ONLY_AT 0x100000000ull
#define READ_ONLY_SIZE (4 * MIB)
#define READ_ONLY_VA 0x100000000000ull
#define TAG 0xc100u

#define PRESENT 1ull
#define WRITABLE 2ull
#define USER 4ull
#define LARGE 0x80ull
#define NO_EXECUTE (1ull << 63)
#define ADDRESS 0xffffffffff000ull

static char *memory;
static uint64_t nextTable = TABLES + 0x1000;
static int processor;

/* Reads a byte of every page, says so on port 16, and from then on counts and says so again. */
__asm__(
    ".pushsection .rodata\n"
    "nestedCode:\n"
    "    xor %esi, %esi\n"
    "1:  mov (%rsi), %al\n"
    "    add $0x1000, %rsi\n"
    "    cmp $0x1000000, %rsi\n"
    "    jb 1b\n"
    "    movabs $0x100000000000, %rsi\n"
    "    mov $0x400, %ecx\n"
    "2:  mov (%rsi), %al\n"
    "    add $0x1000, %rsi\n"
    "    dec %ecx\n"
    "    jnz 2b\n"
    "3:  out %al, $16\n"
    "    mov $0x4000000, %ecx\n"
    "4:  dec %ecx\n"
    "    jnz 4b\n"
    "    jmp 3b\n"
    "nestedCodeEnd:\n"
    ".popsection\n");
extern const char nestedCode[], nestedCodeEnd[];

static uint64_t *entry(uint64_t table, uint64_t va, int level)
{
    return (uint64_t *)(memory + table) + (va >> (12 + 9 * level) & 511);
}

static void mapPage(uint64_t va, uint64_t gpa, int leaf, uint64_t flags)
{
    uint64_t table = TABLES;
    for (int level = 3; level > leaf; level--) {
        uint64_t *e = entry(table, va, level);
        if (!*e) {
            *e = nextTable | PRESENT | WRITABLE | USER;
            nextTable += 0x1000;
        }
        table = *e & ADDRESS;
    }
    *entry(table, va, leaf) = gpa | flags | PRESENT | (leaf ? LARGE : 0);
}

static void mapRange(uint64_t va, uint64_t gpa, uint64_t length, int leaf, uint64_t flags)
{
    uint64_t size = 0x1000ull << (9 * leaf);
    for (uint64_t o = 0; o < length; o += size)
        mapPage(va + o, gpa + o, leaf, flags);
    say("VMMAP va=%016" PRIx64 " gpa=%" PRIx64 " len=%" PRIx64 " page=%" PRIx64 " rights=r%c%c%c\n", va, gpa, length, size,
        flags & WRITABLE ? 'w' : '-', flags & NO_EXECUTE ? '-' : 'x', flags & USER ? 'u' : '-');
}

static void makeTables(void)
{
    mapRange(0, 0, PRIVATE_SIZE, 0, WRITABLE);
    mapRange(PRIVATE_SIZE, PRIVATE_SIZE, SIZE - PRIVATE_SIZE, 1, WRITABLE);
    mapRange(READ_ONLY_VA, READ_ONLY_AT, READ_ONLY_SIZE, 0, NO_EXECUTE);
    for (uint64_t o = 0; o < 16 * 0x1000; o += 0x1000)
        mapRange(0x700000000000ull + o, 0x400000 + o, 0x1000, 0, USER | (o & 0x1000 ? WRITABLE | NO_EXECUTE : 0));
    mapRange(0xffff888000000000ull, LARGE_AT, SIZE - LARGE_AT, 1, NO_EXECUTE);
    mapRange(0xffffffff80000000ull, 0x300000, 0x20000, 0, WRITABLE | NO_EXECUTE);
    say("VMCR3 %llx\n", TABLES);
}

static void addMemory(int machine, int slot, uint64_t gpa, uint64_t length, uint64_t va, bool readOnly)
{
    struct kvm_userspace_memory_region at = {
        .slot = slot, .guest_phys_addr = gpa, .memory_size = length, .userspace_addr = va, .flags = readOnly ? KVM_MEM_READONLY : 0 };
    if (ioctl(machine, KVM_SET_USER_MEMORY_REGION, &at))
        failed("KVM_SET_USER_MEMORY_REGION", gpa);
    say("VMSLOT gpa=%" PRIx64 " len=%" PRIx64 " va=%016" PRIx64 " flags=%s\n", gpa, length, va, readOnly ? "ro" : "rw");
}

/* Straight into 64-bit mode. */
static void setState(void)
{
    struct kvm_sregs system;
    ioctl(processor, KVM_GET_SREGS, &system);
    system.cr0 = 0x80050033;
    system.cr3 = TABLES;
    system.cr4 = 0x20;
    system.efer = 0xd00;
    struct kvm_segment flat = { .limit = ~0u, .selector = 0x10, .type = 3, .present = 1, .db = 1, .s = 1, .g = 1 };
    system.ds = system.es = system.fs = system.gs = system.ss = flat;
    system.cs = (struct kvm_segment) { .limit = ~0u, .selector = 8, .type = 11, .present = 1, .s = 1, .l = 1, .g = 1 };
    if (ioctl(processor, KVM_SET_SREGS, &system))
        failed("KVM_SET_SREGS", 0);
    struct kvm_regs general = { .rip = CODE, .rflags = 2, .rsp = STACK };
    if (ioctl(processor, KVM_SET_REGS, &general))
        failed("KVM_SET_REGS", 0);
}

/* Without them the machine has no long mode. */
static void setFeatures(int kvm)
{
    static struct {
        struct kvm_cpuid2 head;
        struct kvm_cpuid_entry2 entries[128];
    } features = { .head.nent = 128 };
    if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &features) || ioctl(processor, KVM_SET_CPUID2, &features))
        failed("KVM_SET_CPUID2", 0);
}

void nestedPrepare(uint64_t first, uint64_t second)
{
    mkdir("/dev", 0755);
    mknod("/dev/kvm", S_IFCHR | 0600, makedev(10, 232));
    int kvm = open("/dev/kvm", O_RDWR);
    int machine = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);
    memory = map(first, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    char *readOnly = map(second, READ_ONLY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (machine < 0 || !memory || !readOnly) {
        failed("/dev/kvm", 0);
        return;
    }
    madvise(memory, LARGE_AT, MADV_NOHUGEPAGE);
    madvise(memory + LARGE_AT, SIZE - LARGE_AT, MADV_HUGEPAGE);
    madvise(readOnly, READ_ONLY_SIZE, MADV_NOHUGEPAGE);
    memset(memory, 0, PRIVATE_SIZE);
    memcpy(memory + CODE, nestedCode, nestedCodeEnd - nestedCode);
    fill(memory + PRIVATE_SIZE, SIZE - PRIVATE_SIZE, TAG, PRIVATE_SIZE);
    fill(readOnly, READ_ONLY_SIZE, TAG, READ_ONLY_AT);
    region(1, 20, first + PRIVATE_SIZE, SIZE - PRIVATE_SIZE, "rw-", TAG, PRIVATE_SIZE, "vm-memory");
    region(1, 21, second, READ_ONLY_SIZE, "rw-", TAG, READ_ONLY_AT, "vm-memory-read-only");
    addMemory(machine, 0, 0, SIZE, first, false);
    addMemory(machine, 1, READ_ONLY_AT, READ_ONLY_SIZE, second, true);
    makeTables();
    processor = ioctl(machine, KVM_CREATE_VCPU, 0);
    size_t length = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    struct kvm_run *run = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, processor, 0);
    setFeatures(kvm);
    setState();
    if (ioctl(processor, KVM_RUN, 0) || run->exit_reason != KVM_EXIT_IO)
        say("FAILED KVM_RUN: exit %u, errno %d\n", run->exit_reason, errno);
    munmap(run, length);
}

void nestedSpin(void)
{
    for (;;) {
        if (ioctl(processor, KVM_RUN, 0))
            pause();
        for (uint64_t count = 0x4000000; count; count--)
            __asm__ volatile("" ::: "memory");
    }
}
#else
#include "nested.h"

void nestedPrepare(uint64_t first, uint64_t second)
{
    (void)first;
    (void)second;
    say("FAILED nested: not on this architecture\n");
}

void nestedSpin(void)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
}
#endif
