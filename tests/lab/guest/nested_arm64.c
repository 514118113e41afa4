/* The virtual machine on AArch64: at EL1 with the MMU on, 4 KiB pages, 48 bits in both halves; it leaves through its device. */
#if defined(__aarch64__)
#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "nested.h"

__asm__(
    ".pushsection .rodata\n"
    ".global nestedCode, nestedCodeEnd\n"
    ".balign 4\n"
    "nestedCode:\n"
    "    mov x1, #0\n"
    "    mov x2, #0x1000000\n"
    "1:  ldrb w0, [x1]\n"
    "    add x1, x1, #0x1000\n"
    "    cmp x1, x2\n"
    "    b.lo 1b\n"
    "    mov x1, #0x100000000000\n"
    "    mov x2, #0x400\n"
    "2:  ldrb w0, [x1]\n"
    "    add x1, x1, #0x1000\n"
    "    subs x2, x2, #1\n"
    "    b.ne 2b\n"
    "    mov x1, #0x600000000000\n"
    "3:  str x0, [x1]\n"
    "    mov x2, #0x4000000\n"
    "4:  subs x2, x2, #1\n"
    "    b.ne 4b\n"
    "    b 3b\n"
    "nestedCodeEnd:\n"
    ".popsection\n");

const bool nestedTwoRoots = true;

uint64_t nestedTable(uint64_t gpa)
{
    return gpa | 3;
}

/* AF; inner shareable; attribute 0 is ordinary memory and 1 a device. */
uint64_t nestedLeaf(uint64_t gpa, int level, int rights)
{
    uint64_t never = 3ull << 53, userNever = 1ull << 54;
    return gpa | (level ? 1 : 3) | 1 << 10 | 3 << 8 | (rights & DEVICE ? 1 << 2 : 0) | (rights & USER ? 1 << 6 : 0)
        | (rights & WRITABLE ? 0 : 1 << 7) | (!(rights & EXECUTABLE) ? never : rights & USER ? 0 : userNever);
}

uint64_t nestedTarget(uint64_t entry)
{
    return entry & 0xfffffffff000;
}

uint64_t nestedRoot(uint64_t low)
{
    return low;
}

static void set(int processor, uint64_t id, uint64_t value)
{
    struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };
    if (ioctl(processor, KVM_SET_ONE_REG, &one))
        failed("KVM_SET_ONE_REG", id);
}

#define CORE(member) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | offsetof(struct kvm_regs, member) / 4)

int nestedStart(int kvm, int machine, uint64_t code, uint64_t stack, uint64_t low, uint64_t high)
{
    (void)kvm;
    int processor = ioctl(machine, KVM_CREATE_VCPU, 0);
    struct kvm_vcpu_init target;
    if (ioctl(machine, KVM_ARM_PREFERRED_TARGET, &target) || ioctl(processor, KVM_ARM_VCPU_INIT, &target))
        failed("KVM_ARM_VCPU_INIT", 0);
    set(processor, ARM64_SYS_REG(3, 0, 2, 0, 0), low);
    set(processor, ARM64_SYS_REG(3, 0, 2, 0, 1), high);
    /* TCR: 48 bits, write-back, inner shareable, and 40 bits of physical addresses. */
    set(processor, ARM64_SYS_REG(3, 0, 2, 0, 2), 16 | 0x35 << 8 | 16ull << 16 | 0xb5ull << 24 | 2ull << 32);
    set(processor, ARM64_SYS_REG(3, 0, 10, 2, 0), 0x00ff);
    set(processor, ARM64_SYS_REG(3, 0, 1, 0, 0), 0x30d01805);
    set(processor, CORE(regs.pc), code);
    set(processor, CORE(sp_el1), stack);
    return processor;
}
#endif
