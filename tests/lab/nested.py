"""The guest of the guest: the tables that translate its physical addresses."""
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from guestlog import GuestLog
from problem import Problem
from report import Report

if TYPE_CHECKING:
    from check import Space

PATTERN_PROCESS = 1
PAGE = 4096
# Where nested.c puts the code.
CODE = range(0x1000, 0x2000)
# The virtual machine's control block, AMD's manual volume 2, appendix B.
NESTED_PAGING, NESTED_CR3, CR3 = 0x090, 0x0B0, 0x550


def write_truth(log: GuestLog, folder: Path, registers: dict[str, int | None]) -> dict[str, int]:
    """
    Writes where the guest's guest has its pages, by physical address and by virtual address: the kernel says where the process has
    the memory that it gave to its guest. Returns the roots of both stages.
    """
    machine = log.nested
    places = {guest: (physical, writable) for guest, physical, writable in machine.pages(log.processes[PATTERN_PROCESS], log.page_size)}
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
    """The root of nested paging, from the machine's control block in physical memory; its guest's root tells which page that is."""
    memory = (folder / "raw.bin").read_bytes()
    found = set()
    for block in range(0, len(memory), PAGE):
        paging, nested_cr3, cr3 = (struct.unpack_from("<Q", memory, block + field)[0] for field in (NESTED_PAGING, NESTED_CR3, CR3))
        if cr3 == root and paging & 1 and nested_cr3 and nested_cr3 % PAGE == 0 and nested_cr3 < len(memory):
            found.add(nested_cr3)
    if len(found) != 1:
        raise Problem(f"Control blocks name {len(found)} roots instead of one.")
    return found.pop()


def check(report: Report, log: GuestLog, folder: Path, space: "Space") -> None:
    """The second stage leads where the process has its guest's memory, every page of which was touched, and nowhere else."""
    places = {guest: (physical, writable) for guest, physical, writable in log.nested.pages(log.processes[PATTERN_PROCESS], log.page_size)}
    differences = []
    for guest, (physical, writable) in places.items():
        page = space.at(guest)
        if space.translate(guest) != physical:
            differences.append(f"{guest:#x}: {page} instead of {physical:#x}")
        elif page.user[:2] != _rights(writable)[:2] or (guest in CODE and "x" not in page.user):
            differences.append(f"{guest:#x}: {page.user} instead of {_rights(writable)}")
    for page in space.pages:
        differences += [f"{a:#x} is invented" for a in range(page.address, page.end, log.page_size) if a not in places]
    report.compare("the second stage leads to the process's memory", len(places), differences)
    if (answers := folder / "gva2gpa_nested.txt").exists():
        _agree(report, folder / "truth.txt", answers)


def _agree(report: Report, truth: Path, answers: Path) -> None:
    """What was worked out from the two stages is what QEMU makes of them."""
    expected = {line.split()[0]: line.split()[2] for line in truth.read_text().splitlines()[1:]}
    found = dict(line.split() for line in answers.read_text().splitlines()[1:])
    report.compare("QEMU translates through both stages as truth.txt says", len(expected),
                   [f"{a}: {found.get(a)} instead of {p}" for a, p in expected.items() if found.get(a) != p])


def _rights(writable: bool) -> str:
    return "rw?" if writable else "r-?"
