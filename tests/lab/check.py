"""Compares the engine with the ground truth of one dump."""
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import guestlog
import nested
import walks
from architectures import ARCHITECTURES
from core import check_core
from engine import Engine
from guestlog import PATTERN_PROCESS, GuestLog, Process
from problem import Problem
from report import Report
from space import Space


def check(folder: Path, engine: Engine) -> bool:
    """Whether everything agrees; prints a line for each check."""
    if not (folder / "meta.json").exists():
        raise Problem(f"There is no dump in {folder}.")
    meta = json.loads((folder / "meta.json").read_text())
    architecture = ARCHITECTURES[meta["architecture"]]
    processor = Processor(architecture.execute_only, meta["guest"].get("no_execute", True))
    log = guestlog.read(folder / "serial.log")
    report = Report()
    for failure in log.failures:
        print(f"  the guest said: {failure}")
    roots = {int(number): registers[architecture.root] for number, registers in meta["roots"].items()}
    spaces = {number: Space(engine.pages(folder, root)) for number, root in roots.items()}
    _processes(report, processor, log, spaces)
    own = Space(engine.pages(folder))
    same = own.pages == spaces[PATTERN_PROCESS].pages
    report.compare("the machine's description leads to the process that ran", len(own.pages), [] if same else ["to another"])
    walks.check(report, architecture, folder, own)
    if log.nested:
        nested.check(report, architecture, log, folder, engine, meta)
    check_core(report, architecture, log, folder, engine, meta["regs"])
    return report.passed


@dataclass(frozen=True)
class Processor:
    """What it makes of rights that it has no bits for."""

    execute_only: bool
    no_execute: bool

    def rights(self, protection: str) -> str:
        if protection == "---":
            return protection
        read = "-" if protection == "--x" and self.execute_only else "r"
        return read + protection[1] + (protection[2] if self.no_execute else "x")

    def allows(self, area: str, page: str) -> bool:
        """A page may lack the right to write, until it is written to; everything else is the area's."""
        wanted = self.rights(area[:3])
        return page[0] == wanted[0] and page[2] == wanted[2] and (page[1] == "-" or wanted[1] == "w")


def _processes(report: Report, processor: Processor, log: GuestLog, spaces: dict[int, Space]) -> None:
    """What the kernel's pagemap, maps and smaps and the processes themselves say."""
    pairs = [(process, spaces[number]) for number, process in log.processes.items()]
    for what, differences in (
            ("pages stand where the pagemap says", _places),
            ("user mode's pages are known to the kernel, and their rights are those of the maps",
             lambda p, s: _pages(log, processor, p, s)),
            ("regions have exactly the rights they were given", lambda p, s: _regions(log, processor, p, s)),
            ("areas have pages of the sizes smaps says", lambda p, s: (_page_sizes(log, p, s, area) for area in p.areas))):
        found = [(process, difference) for process, space in pairs for difference in differences(process, space)]
        report.compare(what, len(found), [f"process {process.id}, {difference}" for process, difference in found if difference])
    shared = [[spaces[r.id].translate(a) for a in range(r.address, r.address + r.size, log.page_size)]
              for p in log.processes.values() for r in p.regions if r.kind.startswith("shared-with")]
    report.compare("shared memory is the same memory", len(shared), ["it isn't"] if any(s != shared[0] for s in shared) else [])


# Each of these goes over a process's pages, regions or areas and yields for each of them what is wrong, or nothing.


def _places(process: Process, space: Space) -> Iterator[str | None]:
    for address, physical in process.pages.items():
        expected = None if process.area_of(address).rights.startswith("---") else physical
        found = space.translate(address)
        yield None if found == expected else f"{address:#x}: {_hex(found)} instead of {_hex(expected)}"


def _pages(log: GuestLog, processor: Processor, process: Process, space: Space) -> Iterator[str | None]:
    for page in (p for p in space.pages if p.user != "---"):
        for address in range(page.address, page.end, log.page_size):
            area = process.area_of(address)
            if area is None or (address not in process.pages and not area.is_gate):
                yield f"{address:#x}: neither maps nor pagemap knows it"
            elif not processor.allows(area.rights, page.user):
                yield f"{address:#x}: {page.user} in an area with {area.rights}"
            else:
                yield None


def _regions(log: GuestLog, processor: Processor, process: Process, space: Space) -> Iterator[str | None]:
    for region in process.regions:
        for address in range(region.address, region.address + region.size, log.page_size):
            page = space.at(address)
            found = page.user if page else "---"
            expected = processor.rights(region.protection_of(address, log.page_size))
            yield None if found == expected else f"{address:#x}, {region.kind}: {found} instead of {expected}"


def _page_sizes(log: GuestLog, process: Process, space: Space, area: guestlog.Area) -> str | None:
    pages = {p.address: p for a in range(area.first, area.end, log.page_size) if a in process.pages and (p := space.at(a))}
    if area.page_size != log.page_size:
        wrong = {p.page_size for p in pages.values()} - {area.page_size}
        return f"{area.first:#x}: pages of {min(wrong):#x} instead of {area.page_size:#x}" if wrong else None
    huge = sum(p.size for p in pages.values() if p.page_size != log.page_size)
    return f"{area.first:#x}: {huge:#x} bytes in large pages instead of {area.huge:#x}" if huge != area.huge else None


def _hex(value: int | None) -> str:
    return "nothing" if value is None else f"{value:#x}"
