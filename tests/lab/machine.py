"""What QEMU shows of the machine, and its description in mmushell's format."""
import re

from architectures import Architecture

PAGE = 4096


def shown_registers(text: str) -> dict[str, int]:
    """The registers of "info registers": NAME=VALUE, or on RISC-V NAME VALUE."""
    registers = {}
    for name, value in re.findall(r"\b(?![0-9a-f]{8})([A-Za-z][\w/]*)(?: *= *| +(?=[0-9a-f]{16}\b))([0-9a-f]{8,16})\b", text):
        registers.setdefault(name.lower(), int(value, 16))
    if level := re.search(r"\bCPL=(\d)", text):
        registers["cpl"] = int(level[1])
    return registers


def views(memory_map: str) -> list[list]:
    """The ranges of the flat view that the processor sees: first and last address, kind, name."""
    flat = memory_map.split("FlatView #")
    view = next((v for v in flat if re.search(r'AS "(memory|cpu-memory-0)"', v)), memory_map)
    return [[int(first, 16), int(last, 16), kind, name.strip()]
            for first, last, kind, name in re.findall(r"^ +(\w{16})-(\w{16}) \(prio -?\d+, ([^)]+)\): (.*)$", view, re.MULTILINE)]


def describe(architecture: Architecture, guest: dict, registers: dict[str, int | None], ranges: list[list]) -> str:
    """Its registers, its RAM as one range, and the ranges of everything else."""
    first = architecture.ram_base
    last = first + (guest["memory"] << 20) - 1
    values = "".join(f"    {n}: {registers[n]:#x}\n" for n in architecture.paging_registers if registers.get(n) is not None)
    devices = "".join(f"    - start: {start:#x}\n      end: {end:#x}\n" for start, end in _devices(ranges, first, last))
    return (
        f"cpu:\n  architecture: {architecture.description}\n  endianness: {architecture.byte_order}\n"
        f"  bits: {architecture.bits}\n  processor_features:\n"
        f"    m_phy: {guest.get('physical_bits', architecture.physical_bits)}\n  registers_values:\n{values}"
        f"mmu:\n  mode: {guest['mode']}\nmemspace:\n  ram:\n    - start: {first:#x}\n      end: {last:#x}\n"
        f"      dumpfile: raw.bin\n  not_ram:\n{devices}")


def _devices(ranges: list[list], first: int, last: int) -> list[list[int]]:
    """Whole pages outside RAM, joined where they touch."""
    devices: list[list[int]] = []
    for start, end in ((s & -PAGE, e | (PAGE - 1)) for s, e, kind, _ in ranges if kind != "ram"):
        if first <= end and start <= last:
            continue
        if devices and devices[-1][1] + 1 >= start:
            devices[-1][1] = max(end, devices[-1][1])
        else:
            devices.append([start, end])
    return devices
