"""From a booted guest to a folder with its dump and the ground truth."""
import json
from pathlib import Path

import guestlog
import machine
import nested
import sampling
from architectures import Architecture
from engine import Engine
from gdbstub import GdbStub
from guestlog import GuestLog
from problem import Problem
from qemu import Monitor, Qemu

# Of an area of the kernel's that is longer QEMU is asked about the beginning: windows of devices have a whole bus behind them.
LONGEST_AREA = 4 << 20


def capture(qemu: Qemu, architecture: Architecture, guest: dict, folder: Path, engine: Engine) -> None:
    """Writes everything that can be known of the guest while its pattern process runs, or that process's own guest."""
    qemu.wait_until_ready()
    log = guestlog.read(folder / "serial.log")
    stub, monitor = qemu.connect()
    roots = sampling.sample(stub, architecture, log)
    _memory(monitor, architecture, guest, folder)
    registers = _registers(stub, monitor, architecture, roots, folder)
    _machine(monitor, architecture, guest, log, registers, roots, folder)
    if log.nested:
        second_stage = {name: sampling.register(stub, architecture, name) for name in architecture.second_stage}
        _add_to_meta(folder, nested=nested.write_truth(log, folder, second_stage))
        if architecture.asks_by_privilege:
            _ask(monitor, nested.addresses(log), folder / "gva2gpa_nested.txt")
        return
    for walk in guest.get("walks", architecture.walks):
        (folder / f"info_{walk}.txt").write_text(monitor.say(f"info {walk}"))
    _translations(stub, monitor, architecture, guest, log, registers, folder, engine)


def _memory(monitor: Monitor, architecture: Architecture, guest: dict, folder: Path) -> None:
    physical = folder / "phys.elf"
    monitor.execute("dump-guest-memory", paging=False, protocol=f"file:{physical}")
    physical.chmod(0o644)
    monitor.execute("pmemsave", val=architecture.ram_base, size=guest["memory"] << 20, filename=str(folder / "raw.bin"))


def _registers(stub: GdbStub, monitor: Monitor, architecture: Architecture, roots: dict, folder: Path) -> dict[str, int]:
    """All registers, by the names that QEMU shows and by those of its gdb stub."""
    text = monitor.say("info registers")
    stubs = stub.registers()
    registers = machine.shown_registers(text) | stubs
    for name in architecture.paging_registers:
        if name not in registers:
            registers[name] = sampling.register(stub, architecture, name)
    (folder / "registers.txt").write_text(
        f"{text}\n[roots by process id, sampled while each was running in user mode]\n{json.dumps(roots)}\n"
        "\n[registers of the gdb stub]\n" + "".join(f"{name} {value:#x}\n" for name, value in stubs.items()))
    return registers


def _machine(monitor: Monitor, architecture: Architecture, guest: dict, log: GuestLog, registers: dict[str, int], roots: dict,
             folder: Path) -> None:
    """The machine's description. Of a guest's guest it says nothing: the registers that lead to the process are its own."""
    memory_map = monitor.say("info mtree -f")
    (folder / "mtree.txt").write_text(memory_map)
    views = machine.views(memory_map)
    state = roots[str(guestlog.PATTERN_PROCESS)] if log.nested else registers
    (folder / "machine.yaml").write_text(machine.describe(architecture, guest, state, views))
    last = architecture.ram_base + (guest["memory"] << 20) - 1
    _add_to_meta(folder, roots=roots, regs=registers, mtree=views, rams=[[architecture.ram_base, last, "raw.bin"]], guest=guest,
                 architecture=architecture.name)


def _add_to_meta(folder: Path, **values) -> None:
    path = folder / "meta.json"
    path.write_text(json.dumps((json.loads(path.read_text()) if path.exists() else {}) | values))


def _translations(stub: GdbStub, monitor: Monitor, architecture: Architecture, guest: dict, log: GuestLog,
                  registers: dict[str, int], folder: Path, engine: Engine) -> None:
    """
    QEMU's answers: for the process's areas, the kernel's, and every page that the engine says is mapped. The engine only asks:
    what it invents QEMU doesn't confirm, and what it misses is among the other addresses.
    """
    claims = _claims(engine, folder) if architecture.asks_by_privilege else set()
    page = log.page_size
    areas = {address for area in log.processes[guestlog.PATTERN_PROCESS].areas
             for address in range(max(area.first - page, 0), area.end + page, page)}
    _ask(monitor, {a for a in areas | claims if a < architecture.user_end}, folder / "gva2gpa.txt")
    if not architecture.asks_by_privilege:
        return
    sampling.enter_kernel(stub, architecture, registers[architecture.root])
    spans = [(first, min(end, first + LONGEST_AREA)) for first, end in log.kernel]
    if architecture.linear_map:
        first = architecture.linear_map(registers)
        spans.append((first, first + (guest["memory"] << 20)))
    kernel = {address for first, end in spans for address in range(first & -page, end, page)}
    _ask(monitor, areas | claims | kernel, folder / "gva2gpa_kernel.txt")


def _claims(engine: Engine, folder: Path) -> set[int]:
    """The first address of every page that the engine says is mapped; none if it doesn't know the architecture."""
    try:
        return {mapping.address for mapping in engine.pages(folder)}
    except Problem as problem:
        print(f"  QEMU is not asked about the engine's pages: {problem}", flush=True)
        return set()


def _ask(monitor: Monitor, addresses: set[int], path: Path) -> None:
    with open(path, "w") as out:
        out.write("# QEMU's gva2gpa (its own MMU walk) in the stopped state: VA GPA|unmapped\n")
        for address in sorted(addresses):
            found = monitor.translate(address)
            out.write(f"{address:016x} {'unmapped' if found is None else f'{found:x}'}\n")
