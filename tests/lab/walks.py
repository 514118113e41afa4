"""Compares the engine with QEMU's own walks of the page tables."""
import re
from pathlib import Path
from typing import Iterable

from architectures import Architecture
from engine import Mapping
from report import Report
from space import Space

NO_EXECUTE = 1 << 63
Run = tuple[int, int, int | None, str]   # address, size, physical address where it is known, rights


def check(report: Report, architecture: Architecture, folder: Path, space: Space) -> None:
    """Whatever walks there are in the folder."""
    for name, privileged in (("gva2gpa.txt", False), ("gva2gpa_kernel.txt", True)):
        if (folder / name).exists():
            _translations(report, architecture, folder / name, space, privileged)
    if (pages := folder / "info_tlb.txt").exists():
        _pages(report, pages, space)
    if (runs := folder / "info_mem.txt").exists():
        (_intel_runs if architecture.description == "intel" else _riscv_runs)(report, runs, space)


def _translations(report: Report, architecture: Architecture, path: Path, space: Space, privileged: bool) -> None:
    """
    Address by address. On x86 QEMU doesn't look at rights here; elsewhere it asks whether the address can be read, by a kernel
    that may look at user pages too.
    """
    differences, compared = [], 0
    for line in path.read_text().splitlines()[1:]:
        address, answer = line.split()
        address = int(address, 16)
        expected = None if answer == "unmapped" else int(answer, 16)
        page = space.at(address)
        readers = page and page.user + (page.supervisor if privileged else "")
        visible = page and (not architecture.asks_by_privilege or "r" in readers)
        found = page.physical + address - page.address if visible else None
        if found != expected:
            differences.append(f"{address:#x}: {page} instead of {answer}")
        compared += 1
    report.compare(f"QEMU translates alike ({'kernel' if privileged else 'user'})", compared, differences)


def _pages(report: Report, path: Path, space: Space) -> None:
    """
    Every leaf, both ways. The flags are the leaf's own: X no execution, P a large page, W write, U user. Of PAE's leaves QEMU
    takes the bit against execution for part of the address.
    """
    differences = []
    leaves = {}
    for line in path.read_text().splitlines():
        address, physical, flags = re.fullmatch(r"(\w+): (\w+) (\S+)", line).groups()
        leaves[int(address, 16)] = (int(physical, 16) & ~NO_EXECUTE, flags)
    pages = {p.address: p for p in space.pages}
    differences += [f"{a:#x} is missing" for a in leaves.keys() - pages.keys()]
    differences += [f"{a:#x} is invented" for a in pages.keys() - leaves.keys()]
    for address in leaves.keys() & pages.keys():
        physical, flags = leaves[address]
        page = pages[address]
        if page.physical != physical:
            differences.append(f"{address:#x}: {page.physical:#x} instead of {physical:#x}")
        if (page.page_size != 0x1000) != ("P" in flags):
            differences.append(f"{address:#x}: a page of {page.page_size:#x} with the flags {flags}")
        if ("x" in page.supervisor) == ("X" in flags):
            differences.append(f"{address:#x}: {page.supervisor} with the flags {flags}")
        if ("w" in page.supervisor and "W" not in flags) or (page.user != "---" and "U" not in flags):
            differences.append(f"{address:#x}: {page.user}, {page.supervisor} with the flags {flags}")
    report.compare("leaves are those of QEMU's info tlb", len(leaves), differences)


def _intel_runs(report: Report, path: Path, space: Space) -> None:
    """Rights over all levels."""
    lines = re.findall(r"^(\w+)-\w+ (\w+) ([u-]r[w-])$", path.read_text(), re.MULTILINE)
    expected = _fused((int(a, 16), int(s, 16), None, f) for a, s, f in lines)
    found = _fused((p.address, p.size, None, ("u" if p.user != "---" else "-") + "r" + ("w" if "w" in p.supervisor else "-"))
                   for p in space.pages)
    _runs(report, expected, found)


def _riscv_runs(report: Report, path: Path, space: Space) -> None:
    lines = re.findall(r"^(\w{16}) (\w{16}) (\w{16}) ([r-][w-][x-][u-])", path.read_text(), re.MULTILINE)
    expected = _fused((int(a, 16), int(s, 16), int(p, 16), f) for a, p, s, f in lines)
    found = _fused((p.address, p.size, p.physical, _riscv_rights(p)) for p in space.pages)
    _runs(report, expected, found)


def _riscv_rights(page: Mapping) -> str:
    return page.user + "u" if page.user != "---" else page.supervisor + "-"


def _fused(runs: Iterable[Run]) -> list[Run]:
    fused: list[Run] = []
    for address, size, physical, rights in runs:
        if fused:
            first, length, start, same = fused[-1]
            if first + length == address and same == rights and (physical is None or start + length == physical):
                fused[-1] = (first, length + size, start, rights)
                continue
        fused.append((address, size, physical, rights))
    return fused


def _runs(report: Report, expected: list[Run], found: list[Run]) -> None:
    differences = [f"{what} {run[0]:#x} +{run[1]:#x} {'' if run[2] is None else hex(run[2])} {run[3]}"
                   for what, runs in (("missing", set(expected) - set(found)), ("invented", set(found) - set(expected)))
                   for run in sorted(runs, key=lambda r: r[0])]
    report.compare("runs and rights are those of QEMU's info mem", len(expected), differences)
