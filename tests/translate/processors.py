"""How to put paging registers into a QEMU that has run nothing yet, for each architecture."""
from dataclasses import dataclass, field
from typing import Callable

ANY, SUPERVISOR, USER = "any", "supervisor", "user"

# Beside QEMU's sockets, where it runs.
FIRMWARE = "firmware"


@dataclass(frozen=True)
class Write:
    """
    An instruction that writes a system register from general ones. Registers that the description doesn't name stay as they are
    after a reset.
    """

    register: str
    instruction: int
    words: int = 1        # how many general registers hold the value, the low word first


@dataclass(frozen=True)
class Processor:
    """One row of the table below."""

    qemu: str
    machine: str
    cpu: str
    options: tuple[str, ...] = ()
    byte_order: str = "little"
    general: tuple[str, ...] = ()         # the general registers that instructions take values from
    word: int = 64                        # their width in bits
    writes: tuple[Write, ...] = ()        # what only the processor itself can write, in this order
    sets: tuple[str, ...] = ()            # what the gdb stub can write, in this order
    # The privileges at which the same address may translate differently: a register and its value for each.
    privileges: dict[str, tuple[str, int] | None] = field(default_factory=lambda: {ANY: None})
    complete: Callable[[dict[str, int]], dict[str, int]] = lambda registers: registers


def _mcr(n: int, m: int, op2: int = 0) -> int:
    """ARM: MCR p15, 0, r0, cN, cM, op2 (DDI 0406C, A8.8.98)."""
    return 0xEE00_0F10 | n << 16 | op2 << 5 | m


def _mcrr(op1: int, m: int) -> int:
    """ARM: MCRR p15, op1, r0, r1, cM (DDI 0406C, A8.8.99)."""
    return 0xEC41_0F00 | op1 << 4 | m


def _msr(n: int, m: int, op2: int) -> int:
    """AArch64: MSR S3_0_CN_CM_op2, x0 (DDI 0487, C6.2 MSR (register))."""
    return 0xD518_0000 | n << 12 | m << 8 | op2 << 5


def _mtspr(number: int) -> int:
    """PowerPC: mtspr number, r0; the number's halves are swapped."""
    return 31 << 26 | (number & 31) << 16 | (number >> 5) << 11 | 467 << 1


def _mtsr(number: int) -> int:
    """PowerPC: mtsr number, r0."""
    return 31 << 26 | number << 16 | 210 << 1


def _arm(long: bool) -> Processor:
    roots = (
        (Write("ttbr0", _mcrr(0, 2), 2), Write("ttbr1", _mcrr(1, 2), 2)) if long
        else (Write("ttbr0", _mcr(2, 0, 0)), Write("ttbr1", _mcr(2, 0, 1))))
    return Processor(
        "qemu-system-arm", "virt", "cortex-a15", general=("r0", "r1"), word=32,
        # The format first, which says how wide the roots are; what turns translation on last.
        writes=(
            Write("ttbcr", _mcr(2, 0, 2)), *roots, Write("dacr", _mcr(3, 0)), Write("mair0", _mcr(10, 2, 0)),
            Write("mair1", _mcr(10, 2, 1)), Write("sctlr", _mcr(1, 0))),
        privileges={SUPERVISOR: ("cpsr", 0x1D3), USER: ("cpsr", 0x1D0)}, complete=_arm_complete)


def _aarch64_complete(registers: dict[str, int]) -> dict[str, int]:
    """Descriptions call SCTLR_EL1 one or the other; a kernel that says neither runs with its caches and translation on."""
    return {"sctlr_el1": 0x30D0_1805 | 1, **{("sctlr_el1" if n == "sctlr" else n): v for n, v in registers.items()}}


def _arm_complete(registers: dict[str, int]) -> dict[str, int]:
    return {"sctlr": 0x00C5_0079, **registers}


def _intel(registers: dict[str, int]) -> dict[str, int]:
    """LMA isn't to be written; it follows from LME and CR0.PG."""
    return registers | {"efer": registers["efer"] & ~0x400}


_X86 = Processor(
    "qemu-system-x86_64", "pc", "max", sets=("cr3", "cr4", "efer", "cr0"), complete=_intel)
_RISCV = {"privileges": {SUPERVISOR: ("priv", 1), USER: ("priv", 0)}, "sets": ("mstatus", "satp"), "options": ("-bios", "none")}

# By the machine's architecture and mode as its description calls them.
PROCESSORS: dict[tuple[str, str], Processor] = {
    **{("intel", mode): _X86 for mode in ("ia64", "ia64_la57", "pae", "ia32")},
    # Without a firmware nobody opens memory to the less privileged modes (PMP).
    ("riscv", "sv32"): Processor("qemu-system-riscv32", "virt", "rv32,pmp=off", **_RISCV),
    **{("riscv", mode): Processor("qemu-system-riscv64", "virt", "rv64,pmp=off,svnapot=on,svpbmt=on", **_RISCV)
       for mode in ("sv39", "sv48", "sv57")},
    ("aarch64", "long"): Processor(
        "qemu-system-aarch64", "virt", "max", general=("x0",),
        writes=(
            Write("ttbr0_el1", _msr(2, 0, 0)), Write("ttbr1_el1", _msr(2, 0, 1)), Write("tcr_el1", _msr(2, 0, 2)),
            Write("mair_el1", _msr(10, 2, 0)), Write("sctlr_el1", _msr(1, 0, 0))),
        privileges={SUPERVISOR: ("cpsr", 0x3C5), USER: ("cpsr", 0x3C0)}, complete=_aarch64_complete),
    ("arm", "short"): _arm(long=False),
    ("arm", "long"): _arm(long=True),
    ("ppc", "ppc32"): Processor(
        # A firmware has to be there; it never runs.
        "qemu-system-ppc", "g3beige", "750", options=("-bios", FIRMWARE), byte_order="big", general=("r0",), word=32,
        writes=(
            Write("sdr1", _mtspr(25)), *(Write(f"sr{n}", _mtsr(n)) for n in range(16)),
            # The upper halves first: what they say cuts the lower ones.
            *(Write(f"{kind}bat{n}{half}", _mtspr(number + 2 * n + (half == "l")))
              for kind, number in (("i", 528), ("d", 536)) for n in range(4) for half in "ul")),
        privileges={SUPERVISOR: ("msr", 0x30), USER: ("msr", 0x4030)}),
}
