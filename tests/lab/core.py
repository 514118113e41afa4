"""Compares the core of the pattern process with what the process put there, through pyelftools and through gdb."""
import re
import subprocess
import tempfile
from pathlib import Path

from elftools.elf.elffile import ELFFile

from architectures import Architecture
from engine import Engine
from guestlog import PATTERN_PROCESS, GuestLog, Process
from report import Report


def check_core(report: Report, architecture: Architecture, log: GuestLog, folder: Path, engine: Engine,
               registers: dict[str, int]) -> None:
    with tempfile.TemporaryDirectory(prefix="elfmmu-lab-") as scratch:
        path = Path(scratch) / "core"
        engine.export(folder, None, path)
        _content(report, architecture, log, folder, path)
        _debugger(report, architecture, log, path, registers)


def _content(report: Report, architecture: Architecture, log: GuestLog, folder: Path, path: Path) -> None:
    """Every page is in the core once, with the bytes that physical memory has and the process wrote; and nothing else is."""
    process = log.processes[PATTERN_PROCESS]
    ram = _Ram(folder, architecture)
    expected = {a: p for a, p in process.pages.items() if not process.area_of(a).rights.startswith("---") and ram.has(p)}
    patterns = _patterns(log, process, architecture)
    differences, seen, patterned = [], set(), set()
    with open(path, "rb") as stream:
        core = ELFFile(stream)
        if core.elfclass != architecture.bits:
            differences.append(f"ELF{core.elfclass} instead of ELF{architecture.bits}")
        for load in core.iter_segments("PT_LOAD"):
            for address in range(load["p_vaddr"], load["p_vaddr"] + load["p_memsz"], log.page_size):
                if address in seen:
                    differences.append(f"{address:#x} is there twice")
                seen.add(address)
                stream.seek(load["p_offset"] + address - load["p_vaddr"])
                content = stream.read(log.page_size)
                if address in expected and content != ram.read(expected[address], log.page_size):
                    differences.append(f"{address:#x} isn't what is at {expected[address]:#x}")
                if address in patterns:
                    patterned.add(address)
                    if content != patterns[address]:
                        differences.append(f"{address:#x} isn't what the process wrote")
    differences += [f"{a:#x} is missing" for a in sorted(expected.keys() - seen)]
    gates = {a for area in process.areas if area.is_gate for a in range(area.first, area.end, log.page_size)}
    differences += [f"{a:#x} shouldn't be there" for a in sorted(seen - expected.keys() - gates)]
    differences += [f"{a:#x}, which the process wrote, is missing" for a in sorted(patterns.keys() - patterned)]
    report.compare(f"pages of the core, {len(patterned)} of them with the pattern", len(seen), differences)


def _patterns(log: GuestLog, process: Process, architecture: Architecture) -> dict[int, bytes]:
    """The content of every page of the regions that can be seen."""
    return {
        address: b"".join(region.word(address + o).to_bytes(8, architecture.byte_order) for o in range(0, log.page_size, 8))
        for region in process.regions
        for address in range(region.address, region.address + region.size, log.page_size)
        if region.protection_of(address, log.page_size) != "---"}


class _Ram:
    """The guest's RAM by physical address."""

    def __init__(self, folder: Path, architecture: Architecture):
        self._base = architecture.ram_base
        self._bytes = (folder / "raw.bin").read_bytes()

    def has(self, physical: int) -> bool:
        return 0 <= physical - self._base < len(self._bytes)

    def read(self, physical: int, size: int) -> bytes:
        return self._bytes[physical - self._base:physical - self._base + size]


def _debugger(report: Report, architecture: Architecture, log: GuestLog, path: Path, registers: dict[str, int]) -> None:
    """gdb knows the architecture, the program counter and words of every region."""
    words = {}
    for region in log.processes[PATTERN_PROCESS].regions:
        pages = [a for a in range(region.address, region.address + region.size, log.page_size)
                 if region.protection_of(a, log.page_size) != "---"]
        for page in {*pages[:1], *pages[len(pages) // 2:len(pages) // 2 + 1], *pages[-1:]}:
            words[page + 0x550] = region.word(page + 0x550)
    commands = ["show architecture", f"printf \"pc=%llx\\n\", (unsigned long long)${architecture.program_counter}",
                *(f"x/gx {address:#x}" for address in words)]
    done = subprocess.run(["gdb-multiarch", "-nx", "-batch", *(w for c in commands for w in ("-ex", c)), "--core", path],
                          capture_output=True, text=True)
    found = {int(a, 16): int(w, 16) for a, w in re.findall(r"^0x(\w+):\s+0x(\w+)$", done.stdout, re.MULTILINE)}
    differences = [f"{a:#x}: {found.get(a)} instead of {w:#x}" for a, w in words.items() if found.get(a) != w]
    if not re.search(rf'"{architecture.gdb}"\)?\.$', done.stdout, re.MULTILINE):
        differences.append(f"the architecture isn't {architecture.gdb}: {done.stdout.splitlines()[:3]}")
    counter = registers[architecture.program_counter]
    if log.nested is None and f"pc={counter:x}\n" not in done.stdout:
        differences.append(f"the program counter isn't {counter:#x}")
    differences += [line for line in done.stderr.splitlines() if re.search("warning|error|Cannot", line)]
    report.compare("words that gdb reads, beside its architecture and program counter", len(words), differences)
