"""Stops the guest where something is to be seen: in each process, in a guest's guest, at the kernel's first instruction."""
import random

import nested
from architectures import Architecture
from gdbstub import GdbStub
from guestlog import PATTERN_PROCESS, GuestLog, Nested
from problem import Problem

ID_MAGIC = 0x1DC0FFEE
SAMPLES = 2000


def sample(stub: GdbStub, architecture: Architecture, log: GuestLog) -> dict[str, dict[str, int | None]]:
    """The paging registers of every process, stopped where the pattern process is the one that runs, or its own guest does."""
    roots = {}
    for _ in range(SAMPLES):
        number = _running(stub, architecture)
        if number in log.processes and str(number) not in roots:
            roots[str(number)] = {name: register(stub, architecture, name) for name in architecture.paging_registers}
        arrived = _guests_guest(stub, architecture, log.nested) if log.nested else number == PATTERN_PROCESS
        if arrived and len(roots) == len(log.processes):
            return roots
        stub.resume_for(random.uniform(0.002, 0.02))
    raise Problem(f"Of the processes {sorted(log.processes)} only {sorted(roots)} were seen in user mode"
                  + (", and never the guest's guest." if log.nested else "."))


def register(stub: GdbStub, architecture: Architecture, name: str) -> int | None:
    """A register by our name for it."""
    return stub.register(architecture.aliases.get(name, name))


def enter_kernel(stub: GdbStub, architecture: Architecture, root: int) -> None:
    """
    Puts the processor into privileged mode with the tables of the process. Where only the guest itself can do that, it is left to
    run until an interrupt, of which not one instruction has run.
    """
    if architecture.privileged:
        if not stub.set_register(*architecture.privileged):
            raise Problem(f"QEMU's gdb stub doesn't set {architecture.privileged[0]}.")
        return
    for _ in range(SAMPLES):
        stub.run_to(architecture.interrupt_vector)
        if register(stub, architecture, architecture.root) == root:
            return
    raise Problem("The pattern process was never interrupted.")


def _running(stub: GdbStub, architecture: Architecture) -> int | None:
    """The id of the process in user mode; None in the kernel or in init."""
    if not architecture.in_user_mode(_Registers(stub)):
        return None
    page = stub.memory(architecture.id_page, 8)
    words = [int.from_bytes(page[i:i + 4], architecture.byte_order) for i in (0, 4)] if page else [0, 0]
    return words[1] if words[0] == ID_MAGIC else None


def _guests_guest(stub: GdbStub, architecture: Architecture, machine: Nested) -> bool:
    """Whether the guest's guest runs: with its tables, in its code."""
    root = register(stub, architecture, architecture.root)
    return root == machine.root and stub.register(architecture.program_counter) in nested.CODE


class _Registers:
    """Registers by name, asked for when they are looked at."""

    def __init__(self, stub: GdbStub):
        self._stub = stub

    def __getitem__(self, name: str) -> int:
        value = self._stub.register(name)
        if value is None:
            raise Problem(f"QEMU's gdb stub has no register {name}.")
        return value
