"""The guest of the guest: the tables that translate its physical addresses."""
import re
import struct
from pathlib import Path

from architectures import Architecture
from engine import Engine, Mapping
from guestlog import PATTERN_PROCESS, GuestLog
from problem import Problem
from report import Report
from space import Space

PAGE = 4096
# Where nested.c puts the code.
CODE = range(0x1000, 0x2000)
# The virtual machine's control block, AMD's manual volume 2, appendix B.
NESTED_PAGING, NESTED_CR3, CR3 = 0x090, 0x0B0, 0x550


def write_truth(log: GuestLog, folder: Path, registers: dict[str, int | None]) -> dict[str, int]:
    """
    Writes where the guest's guest has its pages, by physical address and by virtual address: the kernel says where the process
    has the memory that it gave to its guest. Returns the roots of both stages.
    """
    machine = log.nested
    pages = machine.pages(log.processes[PATTERN_PROCESS], log.page_size)
    places = {guest: (physical, writable) for guest, physical, writable in pages}
    with open(folder / "truth_second_stage.txt", "w") as out:
        out.write("# GPA SIZE PA RIGHTS STATUS; on ARM KVM gives the right to execute when it is first needed\n")
        for guest, (physical, writable) in sorted(places.items()):
            out.write(f"{guest:016x} {log.page_size:x} {physical:x} {_rights(writable)} ok\n")
    with open(folder / "truth.txt", "w") as out:
        out.write("# VA SIZE PA RIGHTS STATUS NOTE, through both stages; the note is the page size of the first and u for user\n")
        for address, guest, size, page, rights in sorted(machine.maps):
            for offset in range(0, size, log.page_size):
                physical, writable = places[guest + offset]
                allowed = "r" + ("w" if rights[1] == "w" and writable else "-") + rights[2].replace("x", "?")
                out.write(f"{address + offset:016x} {log.page_size:x} {physical:x} {allowed} ok {page:x} {rights[3]}\n")
    return {"first": machine.root, "second": next(iter(registers.values()), None) or _nested_cr3(folder, machine.root),
            "registers": registers}


def addresses(log: GuestLog) -> set[int]:
    """Of every page that the guest's guest maps."""
    return {address + offset for address, _, size, _, _ in log.nested.maps for offset in range(0, size, log.page_size)}


def _nested_cr3(folder: Path, root: int) -> int:
    """The root of nested paging, from the machine's control block in physical memory, which its guest's root tells apart."""
    memory = (folder / "raw.bin").read_bytes()
    found = set()
    for block in range(0, len(memory), PAGE):
        paging, nested_cr3, cr3 = (struct.unpack_from("<Q", memory, block + at)[0] for at in (NESTED_PAGING, NESTED_CR3, CR3))
        if cr3 == root and paging & 1 and nested_cr3 and nested_cr3 % PAGE == 0 and nested_cr3 < len(memory):
            found.add(nested_cr3)
    if len(found) != 1:
        raise Problem(f"Control blocks name {len(found)} roots instead of one.")
    return found.pop()


def check(report: Report, architecture: Architecture, log: GuestLog, folder: Path, engine: Engine, meta: dict) -> None:
    """Both stages lead where the process has its guest's memory, every page of which was touched, and nowhere else."""
    roots, registers = meta["nested"], meta["regs"]
    state = {name: registers.get(name) for name in architecture.paging_registers} | roots["registers"]
    second, both = engine.pages_of_guest(
        folder, architecture.guest_mode, meta["guest"]["nested_mode"], roots["first"], roots["second"], state)
    _compare(report, "the second stage leads to the process's memory", folder / "truth_second_stage.txt", log.page_size, second)
    _compare(report, "both stages lead to the process's memory", folder / "truth.txt", log.page_size, both)
    if (answers := folder / "gva2gpa_nested.txt").exists():
        _agree(report, folder / "truth.txt", answers)


def _compare(report: Report, what: str, truth: Path, page_size: int, pages: list[Mapping]) -> None:
    space = Space(pages)
    differences = []
    places = {}
    for address, _, physical, rights, _, *note in (line.split() for line in truth.read_text().splitlines()[1:]):
        places[int(address, 16)] = (int(physical, 16), rights, note)
    for address, (physical, rights, note) in places.items():
        page = space.at(address)
        if space.translate(address) != physical:
            differences.append(f"{address:#x}: {page} instead of {physical:#x}")
            continue
        found = page.user if "u" in note or not note else page.supervisor
        if not re.fullmatch(rights.replace("?", "."), found) or (note and "u" not in note and page.user != "---"):
            differences.append(f"{address:#x}: {page.supervisor}, {page.user} of user mode instead of {rights} {note}")
    for page in pages:
        differences += [f"{a:#x} is invented" for a in range(page.address, page.end, page_size) if a not in places]
    report.compare(what, len(places), differences)


def _agree(report: Report, truth: Path, answers: Path) -> None:
    """What was worked out from the two stages is what QEMU makes of them."""
    expected = {line.split()[0]: line.split()[2] for line in truth.read_text().splitlines()[1:]}
    found = dict(line.split() for line in answers.read_text().splitlines()[1:])
    report.compare("QEMU translates through both stages as truth.txt says", len(expected),
                   [f"{a}: {found.get(a)} instead of {p}" for a, p in expected.items() if found.get(a) != p])


def _rights(writable: bool) -> str:
    return "rw?" if writable else "r-?"
