"""
Reads a core's program headers backwards, with pyelftools: reverse_segments.py CORE ADDRESSES

ADDRESSES has a hexadecimal physical address a line. Prints for each the virtual addresses of all segments that hold it, ascending.
"""
import bisect
import sys

from elftools.elf.elffile import ELFFile


def main():
    core, requests = sys.argv[1:]
    asked = [int(line, 16) for line in open(requests, encoding="ascii")]
    ascending = sorted(set(asked))
    found = {address: [] for address in ascending}
    with open(core, "rb") as stream:
        for segment in ELFFile(stream).iter_segments():
            if segment["p_type"] != "PT_LOAD":
                continue
            start, size, virtual = segment["p_paddr"], segment["p_memsz"], segment["p_vaddr"]
            for at in range(bisect.bisect_left(ascending, start), bisect.bisect_left(ascending, start + size)):
                found[ascending[at]].append(virtual + ascending[at] - start)
    for address in asked:
        print(" ".join(f"{virtual:x}" for virtual in sorted(found[address])))


main()
