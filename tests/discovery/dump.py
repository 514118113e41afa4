"""A dump's folder: its image, its registers and what its guest said."""

import json
import mmap
import os
import re

import tables as page_tables


def number(value):
    return int(value, 0) if isinstance(value, str) else value


class Dump:
    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(os.path.normpath(folder))
        self.meta = json.loads(self.text('meta.json'))
        description = self.text('machine.yaml')
        self.mode = re.search(r'^\s*mode:\s*(\S+)', description, re.M).group(1)
        self.architecture = re.search(r'^\s*architecture:\s*(\S+)', description, re.M).group(1)
        self.x86 = self.architecture == 'intel'
        with open(os.path.join(folder, self.meta['rams'][0][2]), 'rb') as image:
            self.memory = page_tables.Memory(mmap.mmap(image.fileno(), 0, access=mmap.ACCESS_READ), self.meta['rams'][0][0])
        self.registers = {k: number(v) for k, v in self.meta.get('regs', {}).items() if v is not None}
        for name, value in re.findall(r'^\s*(\w+)\s*=\s*(0x[0-9a-f]+)\s*$', self.text('registers.txt'), re.M | re.I):
            self.registers.setdefault(name.lower(), int(value, 16))
        log = self.text('serial.log')
        self.symbols = {n: int(a, 16) for a, n in re.findall(r'^KSYM (\w+) (\S+)', log, re.M)}
        code = re.search(r'^IOMEM\s+(\w+)-\w+ : Kernel code', log, re.M)
        self.code = int(code.group(1), 16) if code else None
        self.pids = {int(i): int(p) for i, p in re.findall(r'^(?:PATTERN|WORKER) id=(\d+) pid=(\d+)', log, re.M)}
        self.tables = page_tables.of(self.mode, self.registers)
        self.granule = 1 << {0: 12, 1: 16, 2: 14}[self.registers['tcr_el1'] >> 14 & 3] if self.architecture == 'aarch64' else 4096
        self.width = 8 if self.mode in ('ia64', 'ia64_la57', 'sv39', 'sv48', 'sv57') or self.architecture == 'aarch64' else 4

    def text(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return ''
        with open(path, errors='replace') as file:
            return file.read()

    @property
    def engine_mode(self):
        """The mode as the engine calls it."""
        if self.architecture == 'aarch64':
            return 'aarch64-%dk' % (self.granule >> 10)
        return {'ia64': 'ia32e', 'ia64_la57': 'la57', 'short': 'arm-short', 'long': 'arm-lpae'}.get(self.mode, self.mode)

    def root(self, registers, upper=False):
        """The address of the top table in a register, without what else stands there; None where there is no such register."""
        if 'cr3' in registers:
            return None if upper else number(registers['cr3']) & (~0x1f if self.mode == 'pae' else ~0xfff)
        if 'satp' in registers:
            value = number(registers['satp'])
            return None if upper else (value & 0x3fffff) << 12 if self.mode == 'sv32' else (value & (1 << 44) - 1) << 12
        half = 'ttbr1' if upper else 'ttbr0'
        value = registers.get(half + '_el1') or registers.get(half)
        if value is None:
            return None
        value = number(value) & (1 << 48) - 1
        if self.architecture == 'aarch64':
            value &= ~1
            return (value & ~0x3f) | (value >> 2 & 15) << 48 if self.registers['tcr_el1'] >> 59 & 1 else value
        return value & (~0x3fff if self.mode == 'short' else ~0x1f)

    @property
    def text_symbol(self):
        return self.symbols['_stext'] if self.architecture == 'arm' else self.symbols.get('_text', self.symbols['_stext'])

    def image_offset(self, linux):
        """Physical minus virtual, in the kernel's image."""
        return self.code - self.text_symbol if self.width == 8 else -linux.delta

    def in_image(self, root):
        return self.code - 0x10000 <= root < self.code + (64 << 20)

    def swapper(self, linux):
        """swapper_pg_dir and who names it; None where nothing does."""
        symbol = self.symbols.get('swapper_pg_dir') or self.symbols.get('init_top_pgt')
        if symbol:
            return symbol + self.image_offset(linux), ' (kallsyms)'
        note = re.search(rb'SYMBOL\(swapper_pg_dir\)=([0-9a-f]+)\n', self.memory.data)
        return (int(note.group(1), 16) + self.image_offset(linux), ' (VMCOREINFO)') if note else (None, '')

    def tables_of_the_kernel(self):
        """Every table from which the kernel's code is where /proc/iomem says ('text'), or at its own physical address ('identity')."""
        goal = self.text_symbol - 0xc0000000 + self.memory.base if self.architecture == 'arm' else self.code
        found = {}
        for root in self.tables.places(self.memory, self.text_symbol):
            if self.tables.translate(self.memory, root, self.text_symbol) == goal:
                how = 'text'
            elif self.architecture in ('intel', 'arm') and self.tables.translate(self.memory, root, goal) == goal:
                how = 'identity'
            else:
                continue
            if self.tables.plausible_top(self.memory, root):
                found[root] = how
        return found
