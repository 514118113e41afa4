"""The command line of the engine under test."""
import csv
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from problem import Problem

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mapping:
    """A page, or a run of them, as the engine sees it."""

    address: int
    size: int
    physical: int
    page_size: int
    supervisor: str
    user: str

    @property
    def end(self) -> int:
        return self.address + self.size

    def __str__(self) -> str:
        return f"{self.address:#x}+{self.size:#x} at {self.physical:#x}, {self.supervisor} and {self.user} of user mode"


class Engine:
    """A built elfmmu."""

    def __init__(self):
        self._program = REPOSITORY / "src/ElfMmu.Cli/bin/Release/net10.0/elfmmu.dll"

    def build(self) -> None:
        if not shutil.which("dotnet"):
            raise Problem("The .NET SDK is missing; the repository's README says which and where from.")
        done = subprocess.run(["dotnet", "build", REPOSITORY / "src/ElfMmu.Cli", "-c", "Release", "-v", "quiet"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(f"The engine doesn't build:\n{done.stdout}")

    def pages(self, folder: Path, root: int | None = None, *options: str) -> list[Mapping]:
        """Every page of an address space; of the one that ran, if no root is given."""
        output = self._run("map", *_dump(folder, root), *options, "--per-page", "--include-absent", "--format", "csv", "--quiet")
        return [Mapping(*(int(row[n], 16) for n in ("VirtualAddress", "Size", "PhysicalAddress", "PageSize")),
                        row["SupervisorRights"], row["UserRights"]) for row in csv.DictReader(output.splitlines())]

    def pages_of_guest(self, folder: Path, mode: str, nested_mode: str, root: int, nested_root: int,
                       registers: dict[str, int | None]) -> tuple[list[Mapping], list[Mapping]]:
        """Of a hypervisor's guest: what its physical addresses lead to, and its virtual addresses through both stages."""
        state = [word for name, value in registers.items() if value is not None for word in ("--register", f"{name}={value:#x}")]
        return (self.pages(folder, nested_root, "--mode", nested_mode, *state),
                self.pages(folder, root, "--mode", mode, "--nested-mode", nested_mode, "--nested-root", hex(nested_root), *state))

    def export(self, folder: Path, root: int | None, core: Path) -> None:
        """The core of what user mode sees."""
        self._run("export", folder / "phys.elf", core, *_dump(folder, root)[1:], "--privilege", "user", "--quiet")

    def _run(self, *arguments) -> str:
        done = subprocess.run(["dotnet", self._program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(done.stderr.strip())
        return done.stdout


def _dump(folder: Path, root: int | None) -> list:
    return [folder / "phys.elf", "--machine", folder / "machine.yaml", *(["--root", f"{root:#x}"] if root is not None else [])]
