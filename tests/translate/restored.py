"""A QEMU with the memory and the paging registers of a dump, of which not one instruction of the guest runs."""
import mmap
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from description import Machine
from processors import FIRMWARE, PROCESSORS, Processor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))
from gdbstub import GdbStub  # noqa: E402
from problem import Problem  # noqa: E402

START_LIMIT = 30


class Restored:
    """From QEMU's start to its end."""

    def __init__(self, machine: Machine):
        self._machine = machine
        self._processor: Processor = PROCESSORS[machine.architecture, machine.mode]
        self._registers = self._processor.complete(machine.registers)

    def __enter__(self) -> "Restored":
        self._folder = tempfile.TemporaryDirectory(prefix="elfmmu-translate-")
        folder = Path(self._folder.name)
        self._ram, gdb, log = folder / "ram", folder / "gdb", folder / "log"
        size = len(self._machine.ram)
        with open(self._ram, "wb") as file:
            file.truncate(size)
        (folder / FIRMWARE).write_bytes(bytes(4))
        processor = self._processor
        with open(log, "w") as out:
            self._process = subprocess.Popen(
                [processor.qemu, "-S", "-accel", "tcg", "-nodefaults", "-display", "none", "-cpu", processor.cpu,
                 "-machine", f"{processor.machine},memory-backend=ram", "-m", f"{size}B",
                 "-object", f"memory-backend-file,id=ram,size={size}B,mem-path={self._ram},share=on",
                 "-gdb", f"unix:{gdb},server=on,wait=off", *processor.options],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            self._stub = self._connect(gdb, log)
            self._run_writes()
            for name in processor.sets:
                if name in self._registers:
                    self._set(name, self._registers[name])
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    @property
    def privileges(self) -> list[str]:
        return list(self._processor.privileges)

    def translate(self, addresses: list[int], privilege: str) -> list[int | None]:
        """QEMU's own translations; None where it finds none."""
        if setting := self._processor.privileges[privilege]:
            self._set(*setting)
        answers = []
        for address, answer in zip(addresses, self._stub.say_all([f"gva2gpa {a:#x}" for a in addresses])):
            if not answer.startswith("gpa: ") and answer != "Unmapped":
                raise Problem(f"QEMU answers for {address:#x}: {answer}")
            answers.append(int(answer[5:], 16) if answer.startswith("gpa: ") else None)
        return answers

    def _connect(self, path: Path, log: Path) -> GdbStub:
        limit = time.monotonic() + START_LIMIT
        while True:
            try:
                return GdbStub(path, self._processor.byte_order)
            except OSError:
                if self._process.poll() is not None or time.monotonic() > limit:
                    raise Problem(f"QEMU doesn't start: {log.read_text().strip()}") from None
                time.sleep(0.02)

    def _run_writes(self) -> None:
        """
        System registers that the gdb stub can't write are written by instructions of ours, one step each. They stand where RAM
        begins, and the dump's memory comes over them.
        """
        writes = [w for w in self._processor.writes if w.register in self._registers]
        if not writes:
            return
        with open(self._ram, "r+b") as file:
            file.write(b"".join(w.instruction.to_bytes(4, self._processor.byte_order) for w in writes))
        self._set("pc", self._machine.ram_start)
        for write in writes:
            value, word = self._registers[write.register], self._processor.word
            for register, shift in zip(self._processor.general, range(0, write.words * word, word)):
                self._set(register, value >> shift & ((1 << word) - 1))
            self._stub.step()
        reached = self._stub.register("pc")
        if reached != self._machine.ram_start + 4 * len(writes):
            raise Problem(f"The instructions that write the paging registers ended at {reached:#x}.")

    def _set(self, name: str, value: int) -> None:
        if not self._stub.set_register(name, value):
            raise Problem(f"QEMU's gdb stub doesn't set {name}.")

    def _fill(self) -> None:
        """The file is QEMU's RAM: what is written to it is there at once."""
        with open(self._ram, "r+b") as file, mmap.mmap(file.fileno(), len(self._machine.ram)) as ram:
            ram[:] = self._machine.ram
