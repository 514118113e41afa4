#!/bin/bash
# Makes qemu-*.core.gz: programs that put 0x100 + N into register N and crash, run by qemu-user 7.2, which writes the cores; their memory is
# left out. Needs bash, python3, qemu-user, llvm-mc and llvm-objcopy of LLVM 14:   tests/data/process-cores/foreign.sh
set -euo pipefail
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# make NAME TRIPLE e_machine CLASS BYTE_ORDER e_flags: assembles standard input, runs it and keeps the notes of its core.
make() {
    llvm-mc -triple="$2" -filetype=obj -o code.o
    llvm-objcopy -O binary -j .text code.o code.bin
    python3 - "$@" <<'PYTHON'
import os, struct, sys
name, _, machine, width, order, flags = sys.argv[1:]
code = open("code.bin", "rb").read()
e, size = "<>"[order == "big"], 0x100 + len(code)
ident = b"\x7fELF" + bytes([1 + (width == "64"), 1 + (order == "big"), 1]) + bytes(9)
w, h, p = ("Q", 64, 56) if width == "64" else ("I", 52, 32)
header = ident + struct.pack(f"{e}HHI3{w}I6H", 2, int(machine), 1, 0x10000100, h, 0, int(flags, 0), h, p, 1, 0, 0, 0)
program = struct.pack(f"{e}IIQQQQQQ", 1, 7, 0, 0x10000000, 0x10000000, size, size, 0x10000) if width == "64" else \
    struct.pack(f"{e}8I", 1, 0, 0x10000000, 0x10000000, size, size, 7, 0x10000)
open(name, "wb").write((header + program).ljust(0x100, b"\0") + code)
os.chmod(name, 0o755)
PYTHON
    (ulimit -c unlimited; env -i "$(command -v "qemu-$1")" "./$1" segv two) || true
    python3 - "$1" <<'PYTHON'
import glob, struct, sys
core = open(glob.glob(f"qemu_{sys.argv[1]}_*.core")[0], "rb").read()
e, wide = "<>"[core[5] == 2], core[4] == 2
at, h, p, count = (struct.unpack_from(e + "Q", core, 32)[0], 64, 56, 52) if wide else (struct.unpack_from(e + "I", core, 28)[0], 52, 32, 40)
header, note = bytearray(core[:h]), bytearray(core[at:at + p])
form, field = (e + "Q", 8) if wide else (e + "I", 4)
offset, = struct.unpack_from(form, note, field)
length, = struct.unpack_from(form, note, 32 if wide else 16)
struct.pack_into(form, header, 32 if wide else 28, h)
struct.pack_into(e + "6H", header, count, h, p, 1, 0, 0, 0)
struct.pack_into(form, note, field, h + p)
open(f"qemu-{sys.argv[1]}.core", "wb").write(header + note + core[offset:offset + length])
PYTHON
    gzip -9n "qemu-$1.core"
    mv "qemu-$1.core.gz" "$out"
}

each() { for i in $(seq "$1" "$2"); do printf "$3\n" "$i" $((0x100 + i)); done; }

power() { each 2 31 'li %d, %d'; echo 'mtctr 30; mtlr 31; li 0, 0; stw 5, 16(0)'; }
mips() {
    echo '.set noat; .set noreorder'
    each 1 28 'ori $%d, $0, %d'; each 30 31 'ori $%d, $0, %d'
    echo 'mtlo $2; mthi $3; sw $5, 16($0)'
}

{ each 1 30 'mov x%d, #%d'; echo 'mov x0, #16; str x0, [x0]'; } | make aarch64 aarch64-linux 183 64 little 0
{ each 1 12 'mov r%d, #%d' | sed 's/mov/movw/'; each 14 14 'movw r%d, #%d'; echo 'mov r0, #16; str r0, [r0]'; } | make arm armv7-linux 40 32 little 0x5000400
echo 'movl $0x101, %eax; movl $0x102, %ebx; movl $0x103, %ecx; movl $0x104, %edx; movl $0x105, %esi; movl $0x106, %edi; movl $0x107, %ebp; movl %eax, 16' |
    make i386 i386-linux 3 32 little 0
power | make ppc powerpc-linux 20 32 big 0
power | make ppc64 powerpc64-linux 21 64 big 2
power | make ppc64le powerpc64le-linux 21 64 little 2
{ each 0 14 'lghi %%r%d, %d'; echo 'sar %a2, %r5; sar %a15, %r6; lghi %r1, 0; .long 0'; } | make s390x s390x-linux 22 64 big 0
mips | make mips mips-linux 8 32 big 0x50001000
mips | make mips64 mips64-linux 8 64 big 0x60000006
mips | make mips64el mips64el-linux 8 64 little 0x60000006
mips | make mipsn32 mips64-linux 8 32 big 0x60000026
