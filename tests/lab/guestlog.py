"""What a guest said of itself over its console."""
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Region:
    """Memory that a process filled with the pattern."""

    id: int
    address: int
    size: int
    protection: str
    tag: int
    tag_address: int
    kind: str

    def word(self, address: int) -> int:
        return ((self.tag_address + address - self.address) & 0xFFFF_FFFF_FFFF) ^ (self.tag << 48) if self.tag else 0

    def protection_of(self, address: int, page_size: int) -> str:
        """The rights that the processor gives to one page."""
        odd = (address - self.address) // page_size % 2 == 1
        match self.kind:
            case "zeropage-read-touched":
                return "r--"
            case "holes-odd-pages-unmapped" if odd:
                return "---"
            case "alternating-perm-odd-ro":
                return "r--" if odd else "rw-"
        return self.protection


# The id of the process that ran at the dump.
PATTERN_PROCESS = 1
# Pages that the kernel lends to every process; pagemap passes over them.
GATES = ("[vectors]", "[vsyscall]")


@dataclass(frozen=True)
class Area:
    """A line of the kernel's maps, and what smaps says of its huge pages in bytes."""

    first: int
    end: int
    rights: str
    name: str
    page_size: int
    huge: int

    @property
    def is_gate(self) -> bool:
        return self.name in GATES


@dataclass(frozen=True)
class Process:
    id: int
    pid: int
    regions: tuple[Region, ...]
    areas: tuple[Area, ...]
    pages: dict[int, int]             # present pages and their physical addresses, as pagemap says

    def area_of(self, address: int) -> Area | None:
        return next((a for a in self.areas if a.first <= address < a.end), None)


@dataclass(frozen=True)
class Nested:
    """The pattern process's own guest."""

    root: int
    slots: tuple[tuple[int, int, int, str], ...]          # guest-physical address, size, address in the process, ro or rw
    maps: tuple[tuple[int, int, int, int, str], ...]      # address, guest-physical address, size, page size, rights

    def pages(self, process: Process, page_size: int):
        """Guest-physical pages, where they are in the machine, and whether they can be written."""
        for first, size, address, flags in self.slots:
            for offset in range(0, size, page_size):
                if address + offset in process.pages:
                    yield first + offset, process.pages[address + offset], flags == "rw"


@dataclass(frozen=True)
class GuestLog:
    page_size: int
    processes: dict[int, Process]
    kernel: tuple[tuple[int, int], ...]   # the kernel's image and its vmalloc areas
    failures: tuple[str, ...]
    nested: Nested | None


def read(path: Path) -> GuestLog:
    lines = [line.rstrip() for line in path.read_text(errors="replace").splitlines()]

    def rows(prefix: str) -> list[list[str]]:
        return [line.split() for line in lines if line.startswith(prefix + " ")]

    def fields(row: list[str]) -> dict[str, str]:
        return dict(word.split("=", 1) for word in row[1:])

    def numbers(found: dict[str, str], *names: str) -> tuple[int, ...]:
        return tuple(int(found[name], 16) for name in names)

    page_size = int(next(fields(r[1:])["pagesize"] for r in rows("GUEST")), 16)
    regions = [Region(int(f["id"]), *numbers(f, "va", "len"), f["prot"], *numbers(f, "tag", "tagva"), f["kind"])
               for f in map(fields, rows("REGION"))]
    smaps = {}
    for _, pid, span, what, kib in rows("SMAPS"):
        smaps.setdefault((pid, span), {})[what] = int(kib) * 1024
    processes = {}
    for f in map(fields, rows("PROC")):
        pid, number = f["pid"], int(f["id"])
        areas = []
        for row in (r for r in rows("MAPS") if r[1] == pid):
            big = dict(smaps.get((pid, row[2]), {}))
            areas.append(Area(*(int(a, 16) for a in row[2].split("-")), row[3], row[7] if len(row) > 7 else "",
                              big.pop("KernelPageSize", page_size), sum(big.values())))
        pages = {int(va, 16) + i * page_size: (int(frame, 16) + i) * page_size
                 for _, owner, va, count, frame, _ in rows("PM") if owner == pid for i in range(int(count))}
        processes[number] = Process(number, int(pid), tuple(r for r in regions if r.id == number), tuple(areas), pages)
    symbols = {name: int(address, 16) for _, address, name in rows("KSYM")}
    image = [(symbols["_text"], symbols["_end"])] if {"_text", "_end"} <= symbols.keys() else []
    areas = [tuple(int(a, 16) for a in row[1].split("-")) for row in rows("VMALLOC")]
    failures = tuple(line for line in lines if line.startswith("FAILED "))
    return GuestLog(page_size, processes, tuple(image + areas), failures, _nested(rows, fields, numbers))


def _nested(rows, fields, numbers) -> Nested | None:
    if not rows("VMROOT"):
        return None
    return Nested(int(rows("VMROOT")[0][1], 16),
                  tuple((*numbers(f, "gpa", "len", "va"), f["flags"]) for f in map(fields, rows("VMSLOT"))),
                  tuple((*numbers(f, "va", "gpa", "len", "page"), f["rights"]) for f in map(fields, rows("VMMAP"))))
