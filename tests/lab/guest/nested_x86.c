/* The virtual machine on x86-64: straight into 64-bit mode; it leaves through port 16. */
#if defined(__x86_64__)
#include <linux/kvm.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "nested.h"

__asm__(
    ".pushsection .rodata\n"
    ".global nestedCode, nestedCodeEnd\n"
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

const bool nestedTwoRoots = false;

uint64_t nestedTable(uint64_t gpa)
{
    return gpa | 7;
}

uint64_t nestedLeaf(uint64_t gpa, int level, int rights)
{
    return gpa | 1 | (rights & WRITABLE ? 2 : 0) | (rights & USER ? 4 : 0) | (level ? 0x80 : 0)
        | (rights & EXECUTABLE ? 0 : 1ull << 63);
}

uint64_t nestedTarget(uint64_t entry)
{
    return entry & 0xffffffffff000;
}

uint64_t nestedRoot(uint64_t low)
{
    return low;
}

int nestedStart(int kvm, int machine, uint64_t code, uint64_t stack, uint64_t low, uint64_t high)
{
    (void)high;
    int processor = ioctl(machine, KVM_CREATE_VCPU, 0);

    /* Without these features the machine has no long mode. */
    static struct {
        struct kvm_cpuid2 head;
        struct kvm_cpuid_entry2 entries[128];
    } features = { .head.nent = 128 };
    if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &features) || ioctl(processor, KVM_SET_CPUID2, &features))
        failed("KVM_SET_CPUID2", 0);
    struct kvm_sregs system;
    ioctl(processor, KVM_GET_SREGS, &system);
    system.cr0 = 0x80050033;
    system.cr3 = low;
    system.cr4 = 0x20;
    system.efer = 0xd00;
    struct kvm_segment flat = { .limit = ~0u, .selector = 0x10, .type = 3, .present = 1, .db = 1, .s = 1, .g = 1 };
    system.ds = system.es = system.fs = system.gs = system.ss = flat;
    system.cs = (struct kvm_segment) { .limit = ~0u, .selector = 8, .type = 11, .present = 1, .s = 1, .l = 1, .g = 1 };
    if (ioctl(processor, KVM_SET_SREGS, &system))
        failed("KVM_SET_SREGS", 0);
    struct kvm_regs general = { .rip = code, .rflags = 2, .rsp = stack };
    if (ioctl(processor, KVM_SET_REGS, &general))
        failed("KVM_SET_REGS", 0);
    return processor;
}
#endif
