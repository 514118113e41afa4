"""QEMU's gdb stub: runs and stops the guest, and reads registers that no monitor shows."""
import re
import socket
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from problem import Problem

TIMEOUT = 60

# So many questions are sent before the answers are read: few enough for the socket to hold them.
MONITOR_BATCH = 100


class GdbStub:
    """One connection; the guest stops with it."""

    def __init__(self, path: Path, byte_order: str):
        self._order = byte_order
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT)
        self._socket.connect(str(path))
        self._pending = b""
        self.ask("qSupported:xmlRegisters=i386")
        self._registers = self._describe()

    def ask(self, command: str) -> str:
        """Sends a packet and returns the answer's text. That the guest stopped may still be said in between."""
        self._send(command)
        while (answer := self._receive()).startswith("T"):
            pass
        return answer

    def resume_for(self, seconds: float) -> None:
        """Lets the guest run and stops it again."""
        self._send("c")
        time.sleep(seconds)
        self._socket.sendall(b"\x03")
        while not self._receive().startswith("T"):
            pass

    def run_to(self, address: int) -> None:
        """Lets the guest run until it comes to an instruction."""
        self.ask(f"Z1,{address:x},4")
        self._send("c")
        while not self._receive().startswith("T"):
            pass
        self.ask(f"z1,{address:x},4")

    def step(self) -> None:
        """Lets the guest run one instruction."""
        self._send("s")
        while not self._receive().startswith("T"):
            pass

    def say_all(self, lines: list[str]) -> list[str]:
        """The answers to commands of the human monitor, which take some 15 microseconds each this way."""
        answers = []
        for first in range(0, len(lines), MONITOR_BATCH):
            batch = lines[first:first + MONITOR_BATCH]
            self._send(*("qRcmd," + line.encode().hex() for line in batch))
            for _ in batch:
                answer = ""
                while (packet := self._receive()).startswith("O") and packet != "OK":
                    answer += bytes.fromhex(packet[1:]).decode()
                if packet != "OK":
                    raise Problem(f"QEMU's gdb stub takes no commands for the monitor: {packet}")
                answers.append(answer.strip())
        return answers

    def register(self, name: str) -> int | None:
        """A register's value; None where the stub has none."""
        number = self._registers.get(name)
        answer = "" if number is None else self.ask(f"p{number:x}")
        return None if not answer or answer.startswith("E") else int.from_bytes(bytes.fromhex(answer), self._order)

    def set_register(self, name: str, value: int) -> bool:
        number = self._registers[name]
        size = len(self.ask(f"p{number:x}")) // 2
        return self.ask(f"P{number:x}={value.to_bytes(size, self._order).hex()}") == "OK"

    def registers(self) -> dict[str, int]:
        """All registers of up to 64 bits."""
        values = {name: self.register(name) for name in self._registers}
        return {name: value for name, value in values.items() if value is not None and value < 1 << 64}

    def memory(self, address: int, size: int) -> bytes | None:
        """Memory at a virtual address as the processor sees it now."""
        answer = self.ask(f"m{address:x},{size:x}")
        return None if answer.startswith("E") else bytes.fromhex(answer)

    def _describe(self) -> dict[str, int]:
        """Names and numbers of the registers: counted on from one description to the next unless one says otherwise."""
        numbers, number = {}, 0
        for part in re.findall(r'<xi:include href="([^"]+)"', self._document("target.xml")):
            for register in ElementTree.fromstring(self._document(part)).iter("reg"):
                number = int(register.get("regnum", number))
                numbers.setdefault(register.get("name").lower(), number)
                number += 1
        return numbers

    def _document(self, name: str) -> str:
        text = ""
        while True:
            answer = self.ask(f"qXfer:features:read:{name}:{len(text):x},ffb")
            if answer[:1] not in ("l", "m"):
                raise Problem(f"QEMU's gdb stub doesn't describe its registers: {name} {answer}")
            text += answer[1:]
            if answer[0] == "l":
                return text

    def _send(self, *commands: str) -> None:
        """Several in one piece: QEMU reads on while its answers wait, but waits itself when they are too many."""
        bodies = [command.encode() for command in commands]
        self._socket.sendall(b"".join(b"$%s#%02x" % (body, sum(body) & 0xFF) for body in bodies))

    def _receive(self) -> str:
        while True:
            if match := re.search(rb"\$([^#]*)#..", self._pending, re.DOTALL):
                self._pending = self._pending[match.end():]
                self._socket.sendall(b"+")
                return re.sub(rb"\}(.)", lambda m: bytes([m[1][0] ^ 0x20]), match[1], flags=re.DOTALL).decode("latin-1")
            data = self._socket.recv(1 << 16)
            if not data:
                raise Problem("QEMU closed its gdb stub.")
            self._pending += data
