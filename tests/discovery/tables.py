"""Page tables, read without the engine: what one virtual address translates to from one root, and which tables a root leads to.

It knows no more of a mode than is needed to tell a table from a page, and takes no interest in rights."""

import re
import struct


class Memory:
    """A raw image that begins at a physical address."""

    def __init__(self, data, base):
        self.data = data
        self.base = base
        self.end = base + len(data)

    def word(self, address, width):
        offset = address - self.base
        if offset < 0 or offset + width > len(self.data):
            return None
        return int.from_bytes(self.data[offset:offset + width], 'little')

    def words(self, address, width, count):
        offset = address - self.base
        if offset < 0 or offset + width * count > len(self.data):
            return None
        return struct.unpack_from('<%d%s' % (count, 'Q' if width == 8 else 'I'), self.data, offset)


class Tables:
    """A mode: (shift, index bits) of each level from the top, the width of an entry, and what an entry says.

    `decode(entry, level, depth)` gives None, ('table', address) or ('page', address)."""

    def __init__(self, name, levels, width, decode, alignment):
        self.name = name
        self.levels = levels
        self.width = width
        self.decode = decode
        self.alignment = alignment

    @property
    def top_entries(self):
        return 1 << self.levels[0][1]

    def index(self, va):
        shift, bits = self.levels[0]
        return (va >> shift) & ((1 << bits) - 1)

    def translate(self, memory, root, va):
        """The physical address of `va`, or None."""
        table = root
        for depth, (shift, bits) in enumerate(self.levels):
            entry = memory.word(table + ((va >> shift) & ((1 << bits) - 1)) * self.width, self.width)
            if not entry:
                return None
            what = self.decode(entry, depth, len(self.levels))
            if what is None:
                return None
            kind, address = what
            if kind == 'page':
                mask = (1 << shift) - 1
                if address & mask and self.name.startswith('sv'):
                    return None
                return (address & ~mask) | (va & mask)
            table = address
        return None

    def places(self, memory, va):
        """Where a top table that translates `va` can begin at all."""
        if self.levels[0][1] > 2:
            return range(memory.base, memory.end, self.alignment)
        within = self.index(va) * self.width
        entries = re.finditer(rb'(?=[\x01\x03\x21][\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0]..[\x00-\x0f]\0[\0\x80]\0)',
                              memory.data, re.S)
        return (memory.base + e.start() - within for e in entries if e.start() % self.alignment == within)

    def plausible_top(self, memory, root):
        """Whether every entry that isn't zero is a page, or a table in memory."""
        entries = memory.words(root, self.width, self.top_entries)
        for entry in filter(None, entries or (1,)):
            what = self.decode(entry, 0, len(self.levels))
            if what is None or what[0] == 'table' and not memory.words(what[1], 4, 1):
                return False
            if self.levels[0][1] == 2 and entry & 0xfff not in (1, 3, 0x21):  # PAE and LPAE: Linux sets nothing else there
                return False
        return True

    def lower(self, memory, root):
        """Every table below `root`: {address: depth}. Stops at tables outside memory."""
        seen = {}
        todo = [(root, 0)]
        while todo:
            table, depth = todo.pop()
            entries = memory.words(table, self.width, 1 << self.levels[depth][1])
            for entry in entries or ():
                what = self.decode(entry, depth, len(self.levels)) if entry else None
                if what and what[0] == 'table' and (what[1], depth + 1) not in seen and memory.words(what[1], 4, 1):
                    seen[what[1], depth + 1] = True
                    todo.append((what[1], depth + 1))
        return {address: depth for address, depth in seen}


def _x86(entry, depth, depths, pages, mask):
    if not entry & 1:
        return None
    if depth == depths - 1 or entry & 0x80 and depth in pages:
        return 'page', entry & mask
    return 'table', entry & mask


def _riscv(entry, depth, depths, mask):
    if not entry & 1 or entry & 6 == 4:
        return None
    address = (entry >> 10 << 12) & mask
    if entry & 0xe:
        return 'page', address
    return ('table', address) if depth < depths - 1 and not entry & 0xd0 else None


def _arm64(entry, depth, depths, mask, wide, blocks):
    if not entry & 1:
        return None
    address = entry & mask
    if wide:
        address |= (entry >> 8 & 3) << 50
    if depth == depths - 1:
        return ('page', address) if entry & 2 else None
    return ('table', address) if entry & 2 else ('page', address) if depth >= depths - blocks else None


def _short(entry, depth, depths):
    if depth == 0:
        if entry & 3 == 1:
            return 'table', entry & 0xfffffc00
        return ('page', entry & (0xff000000 if entry & 0x40000 else 0xfff00000)) if entry & 2 else None
    if entry & 3 == 1:
        return 'page', entry & 0xffff0000
    return ('page', entry & 0xfffff000) if entry & 2 else None


def of(mode, registers):
    """The tables of a mode by the name a machine's description gives it; `registers` are those of the processor, where they decide."""
    base = 0xffffffffff000
    if mode == 'ia64':
        return Tables(mode, [(39, 9), (30, 9), (21, 9), (12, 9)], 8, lambda e, d, n: _x86(e, d, n, (1, 2), base), 4096)
    if mode == 'ia64_la57':
        return Tables(mode, [(48, 9), (39, 9), (30, 9), (21, 9), (12, 9)], 8, lambda e, d, n: _x86(e, d, n, (2, 3), base), 4096)
    if mode == 'ia32':
        return Tables(mode, [(22, 10), (12, 10)], 4, lambda e, d, n: _x86(e, d, n, (0,), 0xfffff000), 4096)
    if mode == 'pae':
        return Tables(mode, [(30, 2), (21, 9), (12, 9)], 8, lambda e, d, n: _x86(e, d, n, (1,), base), 32)
    if mode in ('sv39', 'sv48', 'sv57'):
        n = {'sv39': 3, 'sv48': 4, 'sv57': 5}[mode]
        return Tables(mode, [(12 + 9 * i, 9) for i in reversed(range(n))], 8, lambda e, d, n: _riscv(e, d, n, (1 << 56) - 1), 4096)
    if mode == 'sv32':
        return Tables(mode, [(22, 10), (12, 10)], 4, lambda e, d, n: _riscv(e, d, n, (1 << 34) - 1), 4096)
    if mode == 'short':
        return Tables(mode, [(20, 12), (12, 8)], 4, _short, 16384)
    if mode == 'long' and 'tcr_el1' not in registers:
        return Tables('lpae', [(30, 2), (21, 9), (12, 9)], 8, lambda e, d, n: _arm64(e, d, n, 0xfffffff000, False, 2), 32)
    if mode == 'hash' or 'sdr1' in registers:
        return None
    tcr = registers['tcr_el1']
    granule = {0: 12, 1: 16, 2: 14}[tcr >> 14 & 3]
    va_bits, wide = 64 - (tcr & 63), bool(tcr >> 59 & 1)
    step = granule - 3
    count = -(-(va_bits - granule) // step)
    levels = [(granule + step * i, step) for i in reversed(range(count))]
    levels[0] = (levels[0][0], va_bits - levels[0][0])
    blocks = 1 + (2 if granule == 12 else 1) + (wide and granule == 12)
    mask = ((1 << (50 if wide else 48)) - 1) & ~((1 << granule) - 1)
    return Tables('aarch64', levels, 8, lambda e, d, n: _arm64(e, d, n, mask, wide, blocks), min(1 << granule, max(64, 8 << levels[0][1])))
