#!/bin/sh
# Makes the dumps here anew: QEMU writes them of a small machine (guest.asm). Needs nasm, qemu-system-x86_64 7.1 or later (the first with DUMP32), gzip.
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for wide in 1 0; do
    name=dump$((32 + 32 * wide))
    nasm -f bin -DWIDE=$wide guest.asm -o "$work/guest"
    (
        sleep 4
        echo stop
        sleep 1
        echo 'info registers -a'
        echo "dump-guest-memory -w $work/$name.dmp"
        echo "dump-guest-memory $work/$name.elf 0x100000 0x700000"
        sleep 2
        echo quit
    ) | qemu-system-x86_64 -M pc -m 8 -smp 2 -cpu max -accel tcg -display none -nodefaults -device vmcoreinfo -kernel "$work/guest" \
        -monitor stdio | sed 's/\x1b\[[A-Z]//g' | grep -a '^[CER][A-Z0-9]*[= ]' > "$work/registers"
    tr -d '\r' < "$work/registers" > $name.registers.txt
    for kind in dmp elf; do
        gzip -9nc "$work/$name.$kind" > $name.$kind.gz
    done
done
