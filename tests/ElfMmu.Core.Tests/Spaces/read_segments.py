"""
Reads a core by its program headers, with pyelftools: read_segments.py CORE REQUESTS

REQUESTS has "address length" a line, the address in hexadecimal. Prints the bytes, or "-" where not all of them are in segments.
"""
import bisect
import sys

from elftools.elf.elffile import ELFFile


def main():
    core, requests = sys.argv[1:]
    with open(core, "rb") as stream:
        loads = sorted((s["p_vaddr"], s["p_filesz"], s["p_offset"])
                       for s in ELFFile(stream).iter_segments() if s["p_type"] == "PT_LOAD")
        starts = [start for start, _, _ in loads]

        def read(address, length):
            found = bytearray()
            while len(found) < length:
                at = address + len(found)
                start, size, offset = loads[bisect.bisect_right(starts, at) - 1]
                if not start <= at < start + size:
                    return "-"
                stream.seek(offset + at - start)
                found += stream.read(min(length - len(found), start + size - at))
            return found.hex()

        for line in open(requests, encoding="ascii"):
            address, length = line.split()
            print(read(int(address, 16), int(length)))


main()
