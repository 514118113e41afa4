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
# The virtual machine's control block, AMD's manual volume 2, appendix B.
NESTED_PAGING, NESTED_CR3, CR3, RIP = 0x090, 0x0B0, 0x550, 0x578


def write_truth(log: GuestLog, folder: Path) -> dict[str, int]:
    """
    Writes where the guest's guest has its pages, by physical address and by virtual address: the kernel says where the process has
    the memory that it gave to its guest. Returns the roots of both stages.
    """
    machine = log.nested
    places = {guest: (physical, writable) for guest, physical, writable in machine.pages(log.processes[PATTERN_PROCESS], log.page_size)}
    with open(folder / "truth_npt.txt", "w") as out:
        out.write("# GPA SIZE PA RIGHTS STATUS\n")
        for guest, (physical, writable) in sorted(places.items()):
            out.write(f"{guest:016x} {log.page_size:x} {physical:x} {_rights(writable)} ok\n")
    with open(folder / "truth.txt", "w") as out:
        out.write("# VA SIZE PA RIGHTS STATUS NOTE, through both stages; the note is the page size of the first and u for user\n")
        for address, guest, size, page, rights in sorted(machine.maps):
            for offset in range(0, size, log.page_size):
                physical, writable = places[guest + offset]
                allowed = rights[:3] if writable else rights[:3].replace("w", "-")
                out.write(f"{address + offset:016x} {log.page_size:x} {physical:x} {allowed} ok {page:x} {rights[3]}\n")
    block, nested_cr3 = _control_block(folder, machine.root)
    return {"cr3": machine.root, "ncr3": nested_cr3, "vmcb": block}


def _control_block(folder: Path, root: int) -> tuple[int, int]:
    """The machine's control block in physical memory, by the root that its guest had, and the root of nested paging in it."""
    memory = (folder / "raw.bin").read_bytes()
    found = []
    for block in range(0, len(memory), PAGE):
        paging, nested_cr3, cr3 = (struct.unpack_from("<Q", memory, block + field)[0] for field in (NESTED_PAGING, NESTED_CR3, CR3))
        if cr3 == root and paging & 1 and nested_cr3 and nested_cr3 % PAGE == 0 and nested_cr3 < len(memory):
            found.append((block, nested_cr3))
    if len({nested_cr3 for _, nested_cr3 in found}) != 1:
        raise Problem(f"There are {len(found)} control blocks instead of one.")
    return found[0]


def check(report: Report, log: GuestLog, space: "Space") -> None:
    """The second stage leads where the process has its guest's memory, every page of which was touched, and nowhere else."""
    places = {guest: (physical, writable) for guest, physical, writable in log.nested.pages(log.processes[PATTERN_PROCESS], log.page_size)}
    differences = []
    for guest, (physical, writable) in places.items():
        page = space.at(guest)
        if space.translate(guest) != physical:
            differences.append(f"{guest:#x}: {page} instead of {physical:#x}")
        elif page.user != _rights(writable):
            differences.append(f"{guest:#x}: {page.user} instead of {_rights(writable)}")
    for page in space.pages:
        differences += [f"{a:#x} is invented" for a in range(page.address, page.end, log.page_size) if a not in places]
    report.compare("nested paging leads to the process's memory", len(places), differences)


def _rights(writable: bool) -> str:
    return "rwx" if writable else "r-x"
