"""What guests of one architecture share: QEMU's machine, the compiler, the registers, and how to tell user mode."""
from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class Architecture:
    """One row of the table below."""

    name: str
    debian: str                       # Debian's name, for kernels
    qemu: str                         # the emulator and the package that has it
    qemu_package: str
    machine: str
    compiler: str                     # the compiler's prefix and the packages that have it and its libraries
    compiler_packages: tuple[str, ...]
    console: str
    ram_base: int
    description: str                  # the name in the machine's description
    bits: int
    physical_bits: int
    root: str                         # the register that holds a process's root
    paging_registers: tuple[str, ...]
    in_user_mode: Callable[[dict[str, int]], bool]
    gdb: str                          # what gdb calls the core's architecture, a regular expression
    program_counter: str
    id_page: int
    byte_order: str = "little"
    execute_only: bool = False        # whether there are pages that can be executed and not read
    # Where the kernel maps all of RAM in a row, if that can be told from the registers.
    linear_map: Callable[[dict[str, int]], int] | None = None
    # For questions about the kernel's memory: the register, and its value, that puts the processor into its privileged mode, or
    # where that can't be written in user mode, the first instruction of the kernel's interrupts. On x86 it makes no difference.
    privileged: tuple[str, int] | None = None
    interrupt_vector: int | None = None
    walks: tuple[str, ...] = ()       # QEMU's own walks of the tables: tlb (pages), mem (runs)
    aliases: dict[str, str] = field(default_factory=dict)     # what gdb's stub calls a register, by our name
    append: str = ""
    guest_mode: str = ""              # the mode of a guest's guest
    # The registers of the stage that translates a guest's physical addresses, the root first; on x86 it is in memory.
    second_stage: tuple[str, ...] = ()

    @property
    def asks_by_privilege(self) -> bool:
        """Whether QEMU's translation depends on the mode the processor is in."""
        return bool(self.privileged or self.interrupt_vector)

    @property
    def user_end(self) -> int:
        """Where Linux's half of the addresses begins at the earliest."""
        return 1 << 63 if self.bits == 64 else 0xC000_0000


WIDE_ID, NARROW_ID = 0x2_0000_0000, 0x0800_0000
INTEL_REGISTERS = ("cr3", "cr0", "cr4", "efer")

ARCHITECTURES = {a.name: a for a in (
    Architecture(
        name="x86_64", debian="amd64", qemu="qemu-system-x86_64", qemu_package="qemu-system-x86", machine="pc",
        compiler="x86_64-linux-gnu-", compiler_packages=("gcc", "libc6-dev"),
        console="ttyS0", ram_base=0, description="intel", bits=64, physical_bits=40,
        root="cr3", paging_registers=INTEL_REGISTERS, in_user_mode=lambda r: r["cs"] & 3 == 3,
        gdb="i386:x86-64", program_counter="rip", id_page=WIDE_ID, walks=("tlb", "mem"), guest_mode="ia32e"),
    Architecture(
        name="i386", debian="i386", qemu="qemu-system-i386", qemu_package="qemu-system-x86", machine="pc",
        compiler="i686-linux-gnu-", compiler_packages=("gcc-i686-linux-gnu", "libc6-dev-i386-cross"),
        console="ttyS0", ram_base=0, description="intel", bits=32, physical_bits=36,
        root="cr3", paging_registers=INTEL_REGISTERS, in_user_mode=lambda r: r["cs"] & 3 == 3,
        gdb="i386", program_counter="eip", id_page=NARROW_ID, walks=("tlb", "mem")),
    Architecture(
        name="riscv64", debian="riscv64", qemu="qemu-system-riscv64", qemu_package="qemu-system-misc", machine="virt",
        compiler="riscv64-linux-gnu-", compiler_packages=("gcc-riscv64-linux-gnu", "libc6-dev-riscv64-cross", "opensbi"),
        console="ttyS0", ram_base=0x8000_0000, description="riscv", bits=64, physical_bits=56,
        root="satp", paging_registers=("satp", "sstatus"), in_user_mode=lambda r: r["priv"] == 0,
        gdb="riscv:rv64", program_counter="pc", id_page=WIDE_ID, execute_only=True, privileged=("priv", 1), walks=("mem",),
        guest_mode="sv48", second_stage=("hgatp",)),
    Architecture(
        name="aarch64", debian="arm64", qemu="qemu-system-aarch64", qemu_package="qemu-system-arm", machine="virt",
        compiler="aarch64-linux-gnu-", compiler_packages=("gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"),
        console="ttyAMA0", ram_base=0x4000_0000, description="aarch64", bits=64, physical_bits=44,
        root="ttbr0_el1", paging_registers=("ttbr0_el1", "ttbr1_el1", "tcr_el1", "mair_el1", "sctlr_el1"),
        in_user_mode=lambda r: r["cpsr"] & 0x1F == 0,
        gdb="aarch64", program_counter="pc", id_page=WIDE_ID, privileged=("cpsr", 0x3C5),
        guest_mode="aarch64-4k", second_stage=("vttbr_el2", "vtcr_el2"),
        linear_map=lambda r: (1 << 64) - (1 << 64 - (r["tcr_el1"] >> 16 & 63)),
        aliases={"sctlr_el1": "sctlr"},
        # Without the first TTBR1 holds no more than a way into the kernel while a process runs; without the second the kernel's
        # addresses differ from run to run.
        append="kpti=off nokaslr"),
    Architecture(
        name="arm", debian="armhf", qemu="qemu-system-arm", qemu_package="qemu-system-arm", machine="virt",
        compiler="arm-linux-gnueabihf-", compiler_packages=("gcc-arm-linux-gnueabihf", "libc6-dev-armhf-cross"),
        console="ttyAMA0", ram_base=0x4000_0000, description="arm", bits=32, physical_bits=40,
        root="ttbr0", paging_registers=("ttbr0", "ttbr1", "ttbcr", "dacr", "sctlr", "mair0", "mair1"),
        in_user_mode=lambda r: r["cpsr"] & 0x1F == 0x10,
        gdb=r"arm(v\w+)?", program_counter="pc", id_page=NARROW_ID, interrupt_vector=0xFFFF_0018,
        linear_map=lambda _: 0xC000_0000),
)}
