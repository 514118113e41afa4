"""Checks with pyelftools that patterned pages of a core read back.

Usage: check_core.py CORE EXPECTED PAGESIZE
EXPECTED has a line for each page: address tag tag-address, all hexadecimal, or: address absent.
"""
import array
import sys

from elftools.elf.elffile import ELFFile


def main():
    core, expected = sys.argv[1:3]
    page = int(sys.argv[3])
    with open(core, "rb") as stream:
        loads = sorted(
            (s["p_vaddr"], s["p_memsz"], s["p_filesz"], s["p_offset"])
            for s in ELFFile(stream).iter_segments()
            if s["p_type"] == "PT_LOAD"
        )
        words = 0
        for line in open(expected, encoding="ascii"):
            parts = line.split()
            address = int(parts[0], 16)
            hits = [l for l in loads if l[0] <= address < l[0] + l[1]]
            if parts[1] == "absent":
                if hits:
                    sys.exit(f"{address:#x} should not be there")
                continue
            if len(hits) != 1:
                sys.exit(f"{address:#x} is in {len(hits)} segments")
            start, _, filesz, offset = hits[0]
            if address - start + page > filesz:
                sys.exit(f"{address:#x} has no bytes in the file")
            stream.seek(offset + address - start)
            found = array.array("Q", stream.read(page))
            tag, base = int(parts[1], 16), int(parts[2], 16)
            wanted = array.array(
                "Q", [((base + o) & 0xFFFFFFFFFFFF) ^ (tag << 48) if tag else 0 for o in range(0, page, 8)])
            if found != wanted:
                sys.exit(f"{address:#x} has other content")
            words += len(found)
    print(words)


main()
