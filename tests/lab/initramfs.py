"""The guest's file system: the pattern program as init, and a console."""
import subprocess
from pathlib import Path

SOURCES = sorted((Path(__file__).parent / "guest").glob("*.c"))
TRAILER = "TRAILER!!!"
DIRECTORY, FILE, DEVICE = 0o040755, 0o100755, 0o020600


def build(compiler: str, modules: dict[str, bytes], folder: Path) -> Path:
    """Compiles the program and packs it the way the kernel unpacks it: cpio, newc."""
    program = folder / "init"
    subprocess.run([f"{compiler}gcc", "-O2", "-static", "-Wall", "-Wextra", "-Werror", "-o", program, *SOURCES], check=True)
    archive = folder / "initramfs.cpio"
    archive.write_bytes(b"".join((
        _entry("dev", DIRECTORY),
        _entry("dev/console", DEVICE, device=(5, 1)),
        _entry("init", FILE, program.read_bytes()),
        _entry("modules", DIRECTORY),
        *(_entry(f"modules/{i}-{name}", FILE, content) for i, (name, content) in enumerate(modules.items())),
        _entry(TRAILER, 0))))
    return archive


def _entry(name: str, mode: int, content: bytes = b"", device: tuple[int, int] = (0, 0)) -> bytes:
    encoded = name.encode() + b"\0"
    fields = (0, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(encoded), 0)
    header = b"070701" + b"".join(b"%08x" % f for f in fields)
    return _padded(header + encoded) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
