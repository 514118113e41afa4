"""
Reads memory in GDB, which has a core opened: sys.argv is a file of requests, "address length" a line, the address in hexadecimal.
Prints the bytes, or "-" where GDB can't read.
"""
import sys

import gdb


def main():
    inferior = gdb.selected_inferior()
    answers = []
    for line in open(sys.argv[0], encoding="ascii"):
        address, length = line.split()
        try:
            answers.append(bytes(inferior.read_memory(int(address, 16), int(length))).hex())
        except gdb.MemoryError:
            answers.append("-")
    print("\n".join(answers))


main()
