/*
 * A guest of the guest, for the tables that translate a guest's physical addresses: a virtual machine of KVM without any device,
 * which reads all of its memory through page tables made here and then counts, now and then leaving to its maker.
 *
 *   VMSLOT gpa=… len=… va=… flags=ro|rw     its memory, and where that is in the process
 *   VMMAP va=… gpa=… len=… page=… rights=…  what its own tables map
 *   VMROOT …                                the register with the root of these tables
 */
#include "nested.h"

#if defined(__x86_64__) || defined(__aarch64__) || (defined(__riscv) && __riscv_xlen == 64)
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
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
#define LOW_ROOT 0x10000ull
#define HIGH_ROOT 0x11000ull
#define PRIVATE_SIZE (2 * MIB)
#define SIZE (16 * MIB)
#define LARGE_AT (8 * MIB)
#define READ_ONLY_AT 0x100000000ull
#define READ_ONLY_SIZE (4 * MIB)
#define READ_ONLY_VA 0x100000000000ull
#define TAG 0xc100u

/* There is no memory here: who writes to it leaves the virtual machine. */
#define DEVICE_AT 0x200000000ull
#define DEVICE_VA 0x600000000000ull

#define TOP_LEVEL 3

static char *memory;
static uint64_t nextTable = HIGH_ROOT + 0x1000;
static int processor;

static uint64_t *entry(uint64_t table, uint64_t va, int level)
{
    return (uint64_t *)(memory + table) + (va >> (12 + 9 * level) & 511);
}

static uint64_t rootOf(uint64_t va)
{
    return va >> 63 && nestedTwoRoots ? HIGH_ROOT : LOW_ROOT;
}

static void mapPage(uint64_t va, uint64_t gpa, int leaf, int rights)
{
    uint64_t table = rootOf(va);
    for (int level = TOP_LEVEL; level > leaf; level--) {
        uint64_t *e = entry(table, va, level);
        if (!*e) {
            *e = nestedTable(nextTable);
            nextTable += 0x1000;
        }
        table = nestedTarget(*e);
    }
    *entry(table, va, leaf) = nestedLeaf(gpa, leaf, rights);
}

static void mapRange(uint64_t va, uint64_t gpa, uint64_t length, int leaf, int rights)
{
    uint64_t size = 0x1000ull << (9 * leaf);
    for (uint64_t o = 0; o < length; o += size)
        mapPage(va + o, gpa + o, leaf, rights);
    say("VMMAP va=%016" PRIx64 " gpa=%" PRIx64 " len=%" PRIx64 " page=%" PRIx64 " rights=r%c%c%c\n", va, gpa, length, size,
        rights & WRITABLE ? 'w' : '-', rights & EXECUTABLE ? 'x' : '-', rights & USER ? 'u' : '-');
}

static void makeTables(void)
{
    mapRange(0, 0, PRIVATE_SIZE, 0, WRITABLE | EXECUTABLE);
    mapRange(PRIVATE_SIZE, PRIVATE_SIZE, SIZE - PRIVATE_SIZE, 1, WRITABLE | EXECUTABLE);
    mapRange(READ_ONLY_VA, READ_ONLY_AT, READ_ONLY_SIZE, 0, 0);
    for (uint64_t o = 0; o < 16 * 0x1000; o += 0x1000)
        mapRange(0x700000000000ull + o, 0x400000 + o, 0x1000, 0, USER | (o & 0x1000 ? WRITABLE : EXECUTABLE));
    mapRange(0xffff888000000000ull, LARGE_AT, SIZE - LARGE_AT, 1, 0);
    mapRange(0xffffffff80000000ull, 0x300000, 0x20000, 0, WRITABLE);
    mapPage(DEVICE_VA, DEVICE_AT, 0, WRITABLE | DEVICE);
    say("VMROOT %" PRIx64 "\n", nestedRoot(LOW_ROOT));
}

static void addMemory(int machine, int slot, uint64_t gpa, uint64_t length, uint64_t va, bool readOnly)
{
    struct kvm_userspace_memory_region at = {
        .slot = slot, .guest_phys_addr = gpa, .memory_size = length, .userspace_addr = va,
        .flags = readOnly ? KVM_MEM_READONLY : 0 };
    if (ioctl(machine, KVM_SET_USER_MEMORY_REGION, &at))
        failed("KVM_SET_USER_MEMORY_REGION", gpa);
    say("VMSLOT gpa=%" PRIx64 " len=%" PRIx64 " va=%016" PRIx64 " flags=%s\n", gpa, length, va, readOnly ? "ro" : "rw");
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
    processor = nestedStart(kvm, machine, CODE, STACK, LOW_ROOT, HIGH_ROOT);
    size_t length = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    struct kvm_run *run = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, processor, 0);
    if (run == MAP_FAILED || ioctl(processor, KVM_RUN, 0)
        || (run->exit_reason != KVM_EXIT_IO && (run->exit_reason != KVM_EXIT_MMIO || run->mmio.phys_addr != DEVICE_AT)))
        say("FAILED KVM_RUN: exit %d, errno %d\n", run == MAP_FAILED ? -1 : (int)run->exit_reason, errno);
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
