"""A running QEMU: its command line and its two consoles."""
import json
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from architectures import Architecture
from gdbstub import GdbStub
from problem import Problem

READY = b"GUEST-READY"
BOOT_LIMIT = 600


class Qemu:
    """A guest from its boot to its end."""

    def __init__(self, architecture: Architecture, guest: dict, kernel: Path, initramfs: Path, folder: Path):
        self._architecture = architecture
        self._folder = folder
        # A socket's path may have no more than 107 characters.
        self._sockets = tempfile.TemporaryDirectory(prefix="elfmmu-lab-")
        self._gdb, self._qmp = (Path(self._sockets.name) / name for name in ("gdb", "qmp"))
        self._serial = folder / "serial.log"
        self._serial.unlink(missing_ok=True)
        append = " ".join(filter(None, (
            f"console={architecture.console} quiet panic=-1 hugepages=2", architecture.append, guest.get("append", ""))))
        self._command = [
            architecture.qemu, "-accel", "tcg", "-machine", guest.get("machine", architecture.machine), "-cpu", guest["cpu"],
            "-m", str(guest["memory"]), "-nodefaults", "-display", "none", "-no-reboot",
            "-serial", f"file:{self._serial}",
            "-qmp", f"unix:{self._qmp},server=on,wait=off", "-gdb", f"unix:{self._gdb},server=on,wait=off",
            "-kernel", str(kernel), "-initrd", str(initramfs), "-append", append, *guest.get("options", [])]

    def __enter__(self) -> "Qemu":
        with open(self._folder / "qemu.log", "w") as log:
            self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=log, stderr=log)
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()
        self._sockets.cleanup()

    def wait_until_ready(self) -> None:
        limit = time.monotonic() + BOOT_LIMIT
        while time.monotonic() < limit:
            if self._serial.exists() and READY in self._serial.read_bytes():
                return
            if self._process.poll() is not None:
                raise Problem(f"QEMU ended: {(self._folder / 'qemu.log').read_text().strip() or 'the guest gave up'}"
                              f" (see {self._serial})")
            time.sleep(0.5)
        raise Problem(f"The guest wasn't ready after {BOOT_LIMIT} s; see {self._serial}.")

    def connect(self) -> tuple[GdbStub, "Monitor"]:
        """Stops the guest."""
        return GdbStub(self._gdb, self._architecture.byte_order), Monitor(self._qmp)


class Monitor:
    """QMP, and the human monitor through it."""

    def __init__(self, path: Path):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(path))
        self._stream = connection.makefile("rw")
        self._stream.readline()
        self.execute("qmp_capabilities")

    def execute(self, command: str, **arguments):
        self._stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._stream.flush()
        while True:
            answer = json.loads(self._stream.readline() or '{"error": {"desc": "QEMU closed its monitor"}}')
            if "error" in answer:
                raise Problem(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def say(self, line: str) -> str:
        """A command of the human monitor."""
        return self.execute("human-monitor-command", **{"command-line": line}).replace("\r\n", "\n")

    def translate(self, address: int) -> int | None:
        """QEMU's own translation of a virtual address."""
        answer = self.say(f"gva2gpa {address:#x}").strip()
        return int(answer.removeprefix("gpa: "), 16) if answer.startswith("gpa: ") else None
