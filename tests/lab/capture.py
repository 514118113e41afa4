"""From a booted guest to a folder with its dump and the ground truth."""
import json
import random
import re
from pathlib import Path

import guestlog
import nested
from architectures import Architecture
from engine import Engine
from gdbstub import GdbStub
from guestlog import GuestLog, Nested
from problem import Problem
from qemu import Monitor, Qemu

PATTERN_PROCESS = 1
ID_MAGIC = 0x1DC0FFEE
SAMPLES = 2000
PAGE = 4096
# Of an area of the kernel's that is longer QEMU is asked about the beginning: windows of devices have a whole bus behind them.
LONGEST_AREA = 4 << 20


def capture(qemu: Qemu, architecture: Architecture, guest: dict, folder: Path, engine: Engine) -> None:
    """Writes everything that can be known of the guest while its pattern process runs."""
    qemu.wait_until_ready()
    log = guestlog.read(folder / "serial.log")
    stub, monitor = qemu.connect()
    roots = _sample(stub, architecture, set(log.processes), log.nested)
    size = guest["memory"] << 20
    monitor.execute("dump-guest-memory", paging=False, protocol=f"file:{folder / 'phys.elf'}")
    (folder / "phys.elf").chmod(0o644)
    monitor.execute("pmemsave", val=architecture.ram_base, size=size, filename=str(folder / "raw.bin"))
    text = monitor.say("info registers")
    registers = _shown(text) | stub.registers()
    for name in architecture.paging_registers:
        registers[name] = registers.get(name) or _register(stub, architecture, name)
    # Of a guest's guest the description says nothing: the registers that lead to the process are its own.
    state = registers if log.nested is None else roots[str(PATTERN_PROCESS)]
    memory_map = monitor.say("info mtree -f")
    views = _views(memory_map)
    (folder / "mtree.txt").write_text(memory_map)
    (folder / "registers.txt").write_text(
        f"{text}\n[roots by process id, sampled while each was running in user mode]\n{json.dumps(roots)}\n"
        "\n[registers of the gdb stub]\n" + "".join(f"{n} {v:#x}\n" for n, v in stub.registers().items()))
    (folder / "machine.yaml").write_text(_description(architecture, guest, state, views, size))
    (folder / "meta.json").write_text(json.dumps({
        "roots": roots, "regs": registers, "mtree": views,
        "rams": [[architecture.ram_base, architecture.ram_base + size - 1, "raw.bin"]],
        "guest": guest, "architecture": architecture.name,
        **({"nested": nested.write_truth(log, folder, {n: _register(stub, architecture, n) for n in architecture.second_stage})} if log.nested else {})}))
    for walk in guest.get("walks", architecture.walks):
        (folder / f"info_{walk}.txt").write_text(monitor.say(f"info {walk}"))
    if log.nested and architecture.asks_by_privilege:
        _ask(monitor, nested.addresses(log), folder / "gva2gpa_nested.txt")
    if log.nested is None:
        _translations(stub, monitor, architecture, log, folder, size, registers, engine)


def _sample(stub: GdbStub, architecture: Architecture, wanted: set[int],
            machine: Nested | None) -> dict[str, dict[str, int | None]]:
    """The paging registers of every process, stopped where the pattern process is the one that runs, or its own guest does."""
    names = set(architecture.paging_registers) | {architecture.root}
    roots = {}
    for _ in range(SAMPLES):
        number = _running(stub, architecture)
        if number in wanted:
            roots.setdefault(str(number), {name: _register(stub, architecture, name) for name in architecture.paging_registers})
        arrived = number == PATTERN_PROCESS if machine is None else _guests_guest(stub, architecture, machine)
        if arrived and len(roots) == len(wanted):
            return roots
        stub.resume_for(random.uniform(0.002, 0.02))
    raise Problem(f"Of the processes {sorted(wanted)} only {sorted(roots)} were ever seen in user mode.")


def _guests_guest(stub: GdbStub, architecture: Architecture, machine: Nested) -> bool:
    """Whether the guest's guest runs: with its tables, in its code."""
    return stub.register(architecture.root) == machine.root and stub.register(architecture.program_counter) in nested.CODE


def _running(stub: GdbStub, architecture: Architecture) -> int | None:
    """The id of the process in user mode; None in the kernel or in init."""
    if not architecture.in_user_mode(_Registers(stub)):
        return None
    page = stub.memory(architecture.id_page, 8)
    words = [int.from_bytes(page[i:i + 4], architecture.byte_order) for i in (0, 4)] if page else [0, 0]
    return words[1] if words[0] == ID_MAGIC else None


class _Registers:
    """Registers by name, asked for when they are looked at."""

    def __init__(self, stub: GdbStub):
        self._stub = stub

    def __getitem__(self, name: str) -> int:
        value = self._stub.register(name)
        if value is None:
            raise Problem(f"QEMU's gdb stub has no register {name}.")
        return value


def _register(stub: GdbStub, architecture: Architecture, name: str) -> int | None:
    return stub.register(architecture.aliases.get(name, name))


def _shown(text: str) -> dict[str, int]:
    """The registers of "info registers": NAME=VALUE, or on RISC-V NAME VALUE."""
    registers = {}
    for name, value in re.findall(r"\b(?![0-9a-f]{8})([A-Za-z][\w/]*)(?: *= *| +(?=[0-9a-f]{16}\b))([0-9a-f]{8,16})\b", text):
        registers.setdefault(name.lower(), int(value, 16))
    if level := re.search(r"\bCPL=(\d)", text):
        registers["cpl"] = int(level[1])
    return registers


def _views(memory_map: str) -> list[list]:
    """The ranges of the flat view that the processor sees."""
    views = memory_map.split("FlatView #")
    view = next((v for v in views if re.search(r'AS "(memory|cpu-memory-0)"', v)), memory_map)
    return [[int(first, 16), int(last, 16), kind, name.strip()]
            for first, last, kind, name in re.findall(r"^ +(\w{16})-(\w{16}) \(prio -?\d+, ([^)]+)\): (.*)$", view, re.MULTILINE)]


def _description(architecture: Architecture, guest: dict, registers: dict[str, int], views: list[list], size: int) -> str:
    """The machine in mmushell's format."""
    end = architecture.ram_base + size - 1
    holes = []
    for first, last in ((f & -PAGE, l | (PAGE - 1)) for f, l, kind, _ in views if kind != "ram"):
        if first > end or last < architecture.ram_base:
            if holes and holes[-1][1] + 1 >= first:
                holes[-1][1] = max(last, holes[-1][1])
            else:
                holes.append([first, last])
    values = "".join(f"    {n}: {registers[n]:#x}\n" for n in architecture.paging_registers if registers.get(n) is not None)
    devices = "".join(f"    - start: {first:#x}\n      end: {last:#x}\n" for first, last in holes)
    return (
        f"cpu:\n  architecture: {architecture.description}\n  endianness: {architecture.byte_order}\n  bits: {architecture.bits}\n"
        f"  processor_features:\n    m_phy: {guest.get('physical_bits', architecture.physical_bits)}\n  registers_values:\n{values}"
        f"mmu:\n  mode: {guest['mode']}\nmemspace:\n  ram:\n    - start: {architecture.ram_base:#x}\n      end: {end:#x}\n"
        f"      dumpfile: raw.bin\n  not_ram:\n{devices}")


def _translations(stub: GdbStub, monitor: Monitor, architecture: Architecture, log: GuestLog, folder: Path, size: int,
                  registers: dict[str, int], engine: Engine) -> None:
    """
    QEMU's answers: for the process's areas, the kernel's, and every page that the engine says is mapped. The engine only asks: what
    it invents QEMU doesn't confirm, and what it misses is among the other addresses.
    """
    claims = engine.claims(folder, architecture) if architecture.asks_by_privilege else set()
    process = log.processes[PATTERN_PROCESS]
    wanted = {address for area in process.areas for address in range(area.first - log.page_size, area.end + log.page_size, log.page_size)}
    half = 1 << (architecture.bits - 1) if architecture.bits == 64 else 0xC000_0000
    _ask(monitor, {a for a in wanted | claims if 0 <= a < half}, folder / "gva2gpa.txt")
    if architecture.asks_by_privilege:
        _enter_kernel(stub, architecture, registers[architecture.root])
        spans = [(first, min(end, first + LONGEST_AREA)) for first, end in log.kernel]
        if architecture.linear_map:
            first = architecture.linear_map(registers)
            spans.append((first, first + size))
        addresses = {a for first, end in spans for a in range(first & -log.page_size, end, log.page_size)}
        _ask(monitor, wanted | claims | addresses, folder / "gva2gpa_kernel.txt")


def _enter_kernel(stub: GdbStub, architecture: Architecture, root: int) -> None:
    """
    Puts the processor into privileged mode with the tables of the process. Where only the guest itself can do that, it is left to
    run until an interrupt, of which not one instruction has run.
    """
    if architecture.privileged:
        stub.set_register(*architecture.privileged)
        return
    for _ in range(SAMPLES):
        stub.run_to(architecture.interrupt_vector)
        if _register(stub, architecture, architecture.root) == root:
            return
    raise Problem("The pattern process was never interrupted.")


def _ask(monitor: Monitor, addresses: set[int], path: Path) -> None:
    with open(path, "w") as out:
        out.write("# QEMU's gva2gpa (its own MMU walk) in the stopped state: VA GPA|unmapped\n")
        for address in sorted(a for a in addresses if a >= 0):
            found = monitor.translate(address)
            out.write(f"{address:016x} {'unmapped' if found is None else f'{found:x}'}\n")
