"""What Linux itself says of its address spaces, read from a raw image: the mm_struct of each process, alive or freed, the tasks that
own it, and the kernel's own.

An mm_struct has the address of the process's top table right behind task_size, a number that an architecture fixes. The sampled
processes, whose roots are known, give the offset between physical addresses and the kernel's, and the places of the fields behind."""

import re
import struct

TASK_SIZES = {
    'ia64': (0x7ffffffff000,), 'ia64_la57': (0xfffffffffff000, 0x7ffffffff000), 'ia32': (0xc0000000,), 'pae': (0xc0000000,),
    'sv39': (1 << 38,), 'sv48': (1 << 47,), 'sv57': (1 << 56, 1 << 47), 'arm': (0xbf000000,)}


def task_sizes(dump):
    """The values task_size may have in a dump's guest."""
    if dump.architecture == 'aarch64':
        return 1 << 64 - (dump.registers['tcr_el1'] & 63), 1 << 48, 1 << 47
    return TASK_SIZES['arm' if dump.architecture == 'arm' else dump.mode]


class Processes:
    """The address spaces of a Linux guest.

    memory: the raw image; width: bytes of a pointer; sizes: values task_size may have; kernel: {id: root the kernel keeps of a
    sampled process}; pids: {id: pid}."""

    def __init__(self, memory, width, sizes, kernel, pids):
        self.memory = memory
        self.width = width
        self.code = 'Q' if width == 8 else 'I'
        found = list(self._behind(sizes))
        deltas = None
        for root in kernel.values():
            these = {pointer - root for _, pointer in found}
            deltas = these if deltas is None else deltas & these
        if not deltas:
            raise ValueError('no mm_struct of the sampled processes found')
        self.delta = min(deltas, key=lambda d: sum(not memory.base <= p - d < memory.end for _, p in found))
        sampled = {pointer - self.delta: offset for offset, pointer in found if pointer - self.delta in kernel.values()}
        # membarrier_state stands before mm_users where the kernel was built with it; nobody has called membarrier here
        self.users = width if any(self._u32(o + width) for o in sampled.values()) else width + 4
        self.start = self.pid = self.comm = None
        self._learn({i: sampled[root] for i, root in kernel.items()}, pids)
        self.spaces = [(offset, pointer - self.delta) for offset, pointer in found
                       if memory.base <= pointer - self.delta < memory.end]

    def _u32(self, offset):
        return struct.unpack_from('<I', self.memory.data, offset)[0]

    def _behind(self, sizes):
        data, width = self.memory.data, self.width
        for size in dict.fromkeys(sizes):
            for hit in re.finditer(re.escape(size.to_bytes(width, 'little')), data):
                offset = hit.start()
                if offset % width or offset + 32 * width > len(data):
                    continue
                pointer = struct.unpack_from('<' + self.code, data, offset + width)[0]
                if pointer % 32 == 0 and (pointer >> 56 == 0xff if width == 8 else pointer >= 0xb0000000):
                    yield offset + width, pointer

    def _pairs(self, low, high):
        """Places of two equal pointers in a row with low <= pointer <= high: task_struct's mm and active_mm."""
        data, width = self.memory.data, self.width
        for prefix in {p.to_bytes(width, 'little')[2:] for p in (low, high)}:
            for hit in re.finditer(b'(?=..' + re.escape(prefix) + b')', data, re.S):
                if hit.start() % width == 0 and hit.start() + 2 * width <= len(data):
                    a, b = struct.unpack_from('<2' + self.code, data, hit.start())
                    if a == b and low <= a <= high:
                        yield hit.start(), a

    def _learn(self, sampled, pids):
        """Where mm_struct begins, and where a task has its pid and its name behind its mm."""
        places, starts = {}, None
        for i, offset in sampled.items():
            va = offset + self.memory.base + self.delta
            places[i] = {}
            for place, pointer in self._pairs(va - 0x400, va):
                places[i].setdefault(va - pointer, []).append(place)
            starts = set(places[i]) if starts is None else starts & set(places[i])
        data = self.memory.data
        for start in sorted(starts):
            for pid in range(2 * self.width, 0x400, 4):
                tasks = [[p for p in places[i][start] if struct.unpack_from('<2I', data, p + pid) == (pids[i], pids[i])] for i in sampled]
                if all(tasks):
                    self.start, self.pid = start, pid
                    for comm in range(2 * self.width, 0x1000, 4):
                        if all(re.match(rb'(init|exe|pattern)\0', data[t[0] + comm:t[0] + comm + 16]) for t in tasks):
                            self.comm = comm
                            return
                    return

    def owners(self, offset):
        """The tasks whose mm this is, as 'pid 1 (init)'."""
        if self.start is None:
            return []
        data = self.memory.data
        pointer = (offset + self.memory.base + self.delta - self.start).to_bytes(self.width, 'little')
        tasks = []
        for hit in re.finditer(re.escape(pointer * 2), data):
            place = hit.start()
            if place % self.width == 0:
                pid, group = struct.unpack_from('<2I', data, place + self.pid)
                if 0 < group <= pid < 100000:
                    name = data[place + self.comm:place + self.comm + 16].split(b'\0')[0].decode('latin1') if self.comm else '?'
                    tasks.append('pid %d (%s)' % (pid, name))
        return tasks

    def address(self, offset):
        """Where the mm_struct begins whose pgd is at an offset."""
        return offset + self.memory.base - (self.start or 0)

    def mm_users(self, offset):
        return self._u32(offset + self.users)

    def without_task_size(self, pointers):
        """Places of fields that hold one of the `pointers` behind a zero, with mm_users in a small range: the mm_structs of the
        kernel's own spaces (init_mm, poking_mm), which have no task_size: (offset, pointer, mm_users)."""
        data, width = self.memory.data, self.width
        for pointer in pointers:
            for hit in re.finditer(re.escape(bytes(width) + pointer.to_bytes(width, 'little')), data):
                offset = hit.start() + width
                if offset % width == 0 and offset + 32 * width <= len(data):
                    users = self.mm_users(offset)
                    if users < 1000 and (self.users == width or self._u32(offset + width) == 0):
                        yield offset, pointer, users

    def references(self, pointer):
        """Physical addresses of pointers with this value."""
        return [h.start() + self.memory.base for h in re.finditer(re.escape(pointer.to_bytes(self.width, 'little')), self.memory.data)
                if h.start() % self.width == 0]
