"""
Searches a core by its program headers, with pyelftools: search_segments.py CORE PATTERN...

PATTERN is bytes in hexadecimal. Segments that touch are one stretch of memory. Prints a line for each pattern: the virtual addresses
of all occurrences, ascending.
"""
import sys

from elftools.elf.elffile import ELFFile


def stretches(core):
    """The first address and the bytes of everything that touches."""
    with open(core, "rb") as stream:
        loads = sorted((s["p_vaddr"], s["p_filesz"], s["p_offset"])
                       for s in ELFFile(stream).iter_segments() if s["p_type"] == "PT_LOAD")
        first, parts, end = None, [], None
        for start, size, offset in loads:
            if start != end:
                if parts:
                    yield first, b"".join(parts)
                first, parts = start, []
            stream.seek(offset)
            parts.append(stream.read(size))
            end = start + size
        if parts:
            yield first, b"".join(parts)


def main():
    core, *patterns = sys.argv[1:]
    needles = [bytes.fromhex(pattern) for pattern in patterns]
    found = [[] for _ in needles]
    for first, memory in stretches(core):
        for needle, addresses in zip(needles, found):
            at = memory.find(needle)
            while at >= 0:
                addresses.append(first + at)
                at = memory.find(needle, at + 1)
    for addresses in found:
        print(" ".join(f"{address:x}" for address in addresses))


main()
