/* The virtual machine on RISC-V: in VS-mode with Sv48; it leaves through its device. */
#if defined(__riscv) && __riscv_xlen == 64
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
    "    li a1, 0\n"
    "    li a2, 0x1000000\n"
    "    li a3, 0x1000\n"
    "1:  lb a0, 0(a1)\n"
    "    add a1, a1, a3\n"
    "    bltu a1, a2, 1b\n"
    "    li a1, 0x100000000000\n"
    "    li a2, 0x400\n"
    "2:  lb a0, 0(a1)\n"
    "    add a1, a1, a3\n"
    "    addi a2, a2, -1\n"
    "    bnez a2, 2b\n"
    "    li a1, 0x600000000000\n"
    "3:  sd a0, 0(a1)\n"
    "    li a2, 0x4000000\n"
    "4:  addi a2, a2, -1\n"
    "    bnez a2, 4b\n"
    "    j 3b\n"
    "nestedCodeEnd:\n"
    ".popsection\n");

#define SV48 (9ull << 60)

const bool nestedTwoRoots = false;

uint64_t nestedTable(uint64_t gpa)
{
    return gpa >> 2 | 1;
}

/* Valid, readable, accessed and dirty. */
uint64_t nestedLeaf(uint64_t gpa, int level, int rights)
{
    (void)level;
    return gpa >> 2 | 0xc3 | (rights & WRITABLE ? 4 : 0) | (rights & EXECUTABLE ? 8 : 0) | (rights & USER ? 16 : 0);
}

uint64_t nestedTarget(uint64_t entry)
{
    return (entry >> 10) << 12;
}

uint64_t nestedRoot(uint64_t low)
{
    return SV48 | low >> 12;
}

static void set(int processor, uint64_t id, uint64_t value)
{
    struct kvm_one_reg one = { .id = KVM_REG_RISCV | KVM_REG_SIZE_U64 | id, .addr = (uintptr_t)&value };
    if (ioctl(processor, KVM_SET_ONE_REG, &one))
        failed("KVM_SET_ONE_REG", id);
}

int nestedStart(int kvm, int machine, uint64_t code, uint64_t stack, uint64_t low, uint64_t high)
{
    (void)kvm;
    (void)high;
    int processor = ioctl(machine, KVM_CREATE_VCPU, 0);
    set(processor, KVM_REG_RISCV_CSR | KVM_REG_RISCV_CSR_REG(satp), nestedRoot(low));
    set(processor, KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(regs.pc), code);
    set(processor, KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(regs.sp), stack);
    set(processor, KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(mode), KVM_RISCV_MODE_S);
    return processor;
}
#endif
