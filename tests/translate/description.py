"""What a dump's folder says of the machine: machine.yaml, and the registers of meta.json where there is one."""
import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """The machine as far as translation needs it."""

    architecture: str
    mode: str
    registers: dict[str, int]
    ram_start: int
    ram: bytes


def read(description: Path) -> Machine:
    """Of the YAML only the shape that mmushell's format has."""
    text = description.read_text()
    start, end, file = re.search(r"ram:\s+- start: (\S+)\s+end: (\S+)\s+dumpfile: (\S+)", text).groups()
    packed = description.with_name(file)
    ram = gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes()
    if len(ram) != int(end, 16) + 1 - int(start, 16):
        raise SystemExit(f"{packed} isn't as long as {description} says.")
    named = re.search(r"registers_values:\n((?:    .*\n)+)", text)[1]
    registers = {name: int(value, 16) for name, value in re.findall(r"(\w+): (\w+)", named)}
    meta = description.with_name("meta.json")
    if meta.exists():
        known = json.loads(meta.read_text())["regs"]
        registers = {name: value for name, value in known.items() if isinstance(value, int)} | registers
    return Machine(
        re.search(r"architecture: (\w+)", text)[1], re.search(r"mode: (\w+)", text)[1], registers, int(start, 16), ram)
