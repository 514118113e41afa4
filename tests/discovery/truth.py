#!/usr/bin/env python3
"""Every root of a dump, found without the engine: README.md says how.

    truth.py FOLDER...                      a table of roots as JSON, for every dump
    truth.py --say FOLDER ADDRESS...        what stands at some addresses
"""

import json
import re
import sys

from dump import Dump
from processes import Processes, task_sizes

REAL = ('sampled', 'process', 'kernel', 'upper', 'poking', 'trampoline', 'idmap', 'initial', 'kernel half', 'user half', 'nested', 'hypervisor')


def roots_of(dump):
    """{address: (kind, evidence)}; kinds in REAL are in use, 'boot' and 'freed' are left over."""
    if not dump.meta['roots']:
        return _bare(dump)
    roots = {}
    sampled = {int(i): dump.root(registers) for i, registers in dump.meta['roots'].items()}
    isolated = dump.x86 and all(root & 0x1000 for root in sampled.values())
    kernel = {i: root & ~0x1000 if isolated else root for i, root in sampled.items()}
    for i, root in sorted(sampled.items()):
        roots[root] = 'sampled', "process pid %d, whose register held it while it ran%s" % (
            dump.pids[i], "; user's half of a pair (KPTI)" if isolated else '')
        if isolated:
            roots[kernel[i]] = 'kernel half', "process pid %d, kernel's half of a pair (KPTI)" % dump.pids[i]
    linux = Processes(dump.memory, dump.width, task_sizes(dump), kernel, dump.pids)
    _processes(dump, linux, roots, isolated)
    _kernel(dump, linux, roots, isolated)
    for registers in dump.meta['roots'].values():
        upper = dump.root(registers, True)
        if upper is not None and upper not in roots:
            roots[upper] = 'upper', 'in TTBR1 while the sampled processes ran'
    if dump.registers.get('ttbr0_el2'):
        roots[dump.registers['ttbr0_el2'] & (1 << 48) - 2] = 'hypervisor', 'TTBR0_EL2: the hypervisor\'s own'
    nested = dump.meta.get('nested')
    if nested:
        second = nested['second']
        second = (second & (1 << 44) - 1) << 12 if dump.architecture == 'riscv' else second & (1 << 48) - 1 & ~0xfff
        roots[second] = 'nested', "second stage of the guest's guest: no mode of a processor's own"
    return roots


def _processes(dump, linux, roots, isolated):
    for offset, root in linux.spaces:
        if root % dump.tables.alignment:
            continue
        users, owners = linux.mm_users(offset), linux.owners(offset)
        evidence = 'mm_struct at %#x, mm_users %d' % (linux.address(offset), users)
        alive = 0 < users < 1000
        if root in roots and (alive or roots[root][0] != 'freed'):
            continue
        if alive:
            who = 'process %s; %s' % (', '.join(owners) or 'without a task', evidence)
            roots[root] = 'process', who
            if isolated:
                roots[root | 0x1000] = 'user half', who
        else:
            roots[root] = 'freed', 'a process that has ended: ' + evidence


def _kernel(dump, linux, roots, isolated):
    memory, tables = dump.memory, dump.tables
    maps = dump.tables_of_the_kernel()
    pointers = {}
    for root in maps:
        for pointer in (root + linux.delta, root - dump.image_offset(linux)):
            pointers[pointer & (1 << 8 * dump.width) - 1] = root
    spaces = {}
    for offset, pointer, users in linux.without_task_size(pointers):
        spaces.setdefault(pointers[pointer], []).append((offset, users))
    swapper, where = dump.swapper(linux)
    if swapper is None:
        swapper = next(r for r, s in spaces.items() if dump.in_image(r) and any(u >= 2 for _, u in s))
    if isolated:
        roots[swapper | 0x1000] = 'user half', "swapper_pg_dir's, user's half (KPTI)"
    below = set()
    for root in [r for r in roots if roots[r][0] in REAL] + [swapper]:
        below.update(a & ~4095 for a in tables.lower(memory, root))
    for root, how in sorted(maps.items()):
        if root in roots and roots[root][0] != 'freed' or root & ~4095 in below and root != swapper:
            continue
        mms = spaces.get(root, [])
        references = [x for p, r in pointers.items() if r == root for x in linux.references(p)]
        count = sum(map(bool, memory.words(root, tables.width, tables.top_entries)))
        evidence = '%s, %d entries%s' % ("maps the kernel's code" if how == 'text' else 'maps RAM on itself', count,
                                         ', referred to at ' + ' '.join(map(hex, references[:4])) if references else '')
        mm = ''.join('; mm_struct at %#x, mm_users %d' % (linux.address(o), u) for o, u in mms[-1:])
        if root == swapper:
            roots[root] = 'kernel', "swapper_pg_dir%s%s; %s" % (where, mm, evidence)
        elif dump.x86 and any(u == 1 for _, u in mms):
            roots[root] = 'poking', "poking_mm's%s; %s" % (mm, evidence)
            if isolated:
                roots[root | 0x1000] = 'user half', "poking_mm's, user's half (KPTI)"
        elif dump.x86 and root < 1 << 20 and how == 'text':
            roots[root] = 'trampoline', "real mode's: below 1 MiB; " + evidence
        elif dump.x86 and dump.width == 4 and dump.in_image(root) and root % 4096 == 0:
            roots[root] = 'initial', "initial_page_table, in the kernel's image; " + evidence
        elif dump.architecture == 'riscv' and root + 4096 == swapper:
            roots[root] = 'trampoline', 'trampoline_pg_dir, right before swapper_pg_dir; ' + evidence
        elif dump.architecture == 'arm' and references:
            roots[root] = 'idmap', 'idmap_pgd; ' + evidence
        elif dump.architecture == 'aarch64' and dump.in_image(root) and count < 3:
            roots[root] = 'boot', "init_pg_dir, the kernel's first, in memory that it has freed; " + evidence
        elif dump.x86 and how == 'identity' and count < 9 and tables.top_entries > 4:
            roots[root] = 'boot', "the decompressor's or the firmware's, in memory that the kernel took over; " + evidence
        elif tables.top_entries > 4 or references:  # four entries in a row are found in any lower table
            roots.setdefault(root, ('unexplained', evidence))
    for root in [r for r in roots if roots[r][0] == 'boot']:
        for lower in tables.lower(memory, root):
            if roots.get(lower, ' ')[0] == 'boot':
                del roots[lower]
    if dump.architecture == 'aarch64':
        _beside_swapper(dump, swapper, roots)


def _beside_swapper(dump, swapper, roots):
    """idmap_pg_dir, tramp_pg_dir and reserved_pg_dir stand right before swapper_pg_dir, in this order; the middle one is optional."""
    for i in (3, 2):
        root = swapper - i * dump.granule
        entries = [n for n, e in enumerate(dump.memory.words(root, 8, dump.granule // 8)) if e]
        if len(entries) == 1:
            low = entries[0] < 16
            roots[root] = ('idmap', 'idmap_pg_dir, %d tables before swapper_pg_dir' % i) if low \
                else ('trampoline', 'tramp_pg_dir, %d tables before swapper_pg_dir' % i)


def _bare(dump):
    registers = dump.registers
    if 'sdr1' in registers:
        return {registers['sdr1']: ('sampled', 'SDR1')}
    control = re.search(r'CR3=([0-9a-f]+)', dump.text('registers.txt'))
    roots = {dump.root({'cr3': int(control.group(1), 16)} if control else registers): ('sampled', 'the register')}
    upper = dump.root(registers, True)
    if upper is not None:
        roots[upper] = 'upper', 'in TTBR1'
    return roots


def say(dump, roots, address):
    """What stands at an address, in words."""
    if address in roots:
        return '%s: %s' % roots[address]
    for root, (kind, _) in roots.items():
        depth = dump.tables.lower(dump.memory, root).get(address) if dump.tables else None
        if depth:
            return 'part: level %d below %#x (%s)' % (depth, root, kind)
    page = address & ~4095
    for root, (kind, _) in roots.items():
        depth = dump.tables.lower(dump.memory, root).get(page) if dump.tables else None
        if depth:
            return 'inside of a table: level %d below %#x (%s)' % (depth, root, kind)
    return 'no root that is known of'


def main(arguments):
    if arguments[:1] == ['--say']:
        dump = Dump(arguments[1])
        roots = roots_of(dump)
        for address in arguments[2:]:
            print(address, say(dump, roots, int(address, 0)))
        return
    everything = {}
    for folder in arguments:
        dump = Dump(folder)
        roots = roots_of(dump)
        everything[dump.name] = {
            'mode': dump.engine_mode, 'ramBase': hex(dump.memory.base),
            'roots': {hex(r): {'kind': k, 'evidence': e} for r, (k, e) in sorted(roots.items())}}
    json.dump(everything, sys.stdout, indent=1)
    print()


if __name__ == '__main__':
    main(sys.argv[1:])
