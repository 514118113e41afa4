#!/usr/bin/env python3
"""
Asks QEMU for translations of a dump: ask.py MACHINE_YAML ADDRESSES

ADDRESSES has a hexadecimal address a line. Prints "# address" and the privileges that make a difference, then a line for each
address with what QEMU translates it to at each of them: a hexadecimal physical address, or "unmapped". README.md says how.
"""
import sys
from pathlib import Path

import description
from restored import Problem, Restored


def main() -> int:
    machine, addresses = Path(sys.argv[1]), [int(line, 16) for line in Path(sys.argv[2]).read_text().split()]
    try:
        with Restored(description.read(machine)) as restored:
            answers = [restored.translate(addresses, privilege) for privilege in restored.privileges]
            print("# address", *restored.privileges)
    except Problem as problem:
        print(f"{machine}: {problem}", file=sys.stderr)
        return 1
    for address, *found in zip(addresses, *answers):
        print(f"{address:x}", *("unmapped" if physical is None else f"{physical:x}" for physical in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
