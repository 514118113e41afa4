#!/bin/sh
# make.sh FOLDER: makes the seeds of the fuzz tests in an empty folder, and FOLDER.zip of them: small files of each kind, class and byte
# order. Needs gcc, gdb, python3 and the GNU cross compilers for i686, AArch64, ARM, RISC-V and MIPS (binutils alone), as Debian packs them.
set -u
out=$(realpath "$1"); work=$(mktemp -d); cd "$work" || exit 1
cat > unit.c <<'C'
struct node { struct node *next; int value; };
static struct node last = { 0, 3 };
struct node first = { &last, 2 };
_Thread_local int per_thread = 4;
int zeroes[64];
__attribute__((weak)) int weak_function(int a) { return a + 1; }
static inline int helper(int a) { return weak_function(a) * zeroes[a & 63]; }
int (*table[8])(int) = { weak_function, weak_function, weak_function, weak_function };
int function(int a) { return helper(a) + per_thread + first.next->value; }
C
cat > start.c <<'C'
int function(int);
void _start(void) { volatile int *p = 0; *p = function(1); for (;;) { } }
C
cat > version.c <<'C'
int old(void) { return 1; } int current(void) { return 2; } int other(void) { return old() + current(); }
__asm__(".symver old,both@V1"); __asm__(".symver current,both@@V2");
C
printf 'V1 { global: other; local: *; };\nV2 { global: both; } V1;\n' > version.map
cat > group.s <<'C'
.section .text.f,"axG",%progbits,signature,comdat
.globl signature
signature: .long 1
.section .text.g,"axG",%progbits,signature,comdat
.long signature
.section .note.own,"a",%note
.long 4, 8, 1
.asciz "OWN"
.long 1, 2
C
cat > mips.s <<'C'
.text
.globl f
.ent f
f: lui $4,%hi(x)
 addiu $4,$4,%lo(x)
 jal g
 nop
.end f
.data
x: .word f
C
small="-fdebug-prefix-map=$work=. -O1 -fno-stack-protector -fno-asynchronous-unwind-tables"
for target in x86_64 i686 aarch64 riscv64 arm; do
  case $target in arm) cc=arm-linux-gnueabihf-gcc;; *) cc=$target-linux-gnu-gcc;; esac
  command -v $cc >/dev/null || continue
  $cc $small -gno-record-gcc-switches -g -c unit.c -o "$out/$target-debug.o"
  $cc $small -ffunction-sections -c unit.c -o unit.o
  $cc -c group.s -o "$out/$target-group.o"
  $cc $small -c start.c -o start.o
  pages="-Wl,-z,max-page-size=4096,-z,noseparate-code"
  $cc -static -nostdlib $pages start.o unit.o -o "$out/$target-static"
  $cc $small -fPIC -shared -nostdlib $pages -Wl,--hash-style=both,--version-script=version.map,-soname,lib.so.1,-rpath,/x,-z,now version.c -o "$out/$target-versions.so"
  $cc $small -fPIC -pie -nostdlib $pages start.o unit.o "$out/$target-versions.so" -Wl,--emit-relocs -o "$out/$target-pie" 2>/dev/null
done
gcc $small -fPIC -shared -nostdlib -Wl,-z,noseparate-code,-z,pack-relative-relocs unit.c -o "$out/x86_64-relr.so"
gcc $small -g -gz=zlib -c unit.c -o "$out/x86_64-zlib.o"
gcc $small -g -nostdlib -static -Wl,-z,noseparate-code,--compress-debug-sections=zstd unit.c start.c -o "$out/x86_64-zstd"
gcc $small -mx32 -c start.c -o "$out/x86_64-x32.o"
aarch64-linux-gnu-gcc $small -mbig-endian -c unit.c -o "$out/aarch64_be.o"
arm-linux-gnueabihf-gcc $small -mbig-endian -c unit.c -o "$out/armeb.o"
for how in "-EB -mips32" "-EL -mips32" "-EB -mips64 -64" "-EL -mips64r2 -64" "-EB -n32 -mips3"; do
  mips-linux-gnu-as $how mips.s -o "$out/mips$(echo "$how" | tr -d ' ').o"
done
mips-linux-gnu-ld -EB "$out/mips-EB-mips32.o" --unresolved-symbols=ignore-all -e f -o "$out/mips-exe"
for machine in x86_64 i686; do
  cp "$out/$machine-static" /tmp/seed; gdb -nx -batch -ex 'set confirm off' -ex run -ex 'shell true' -ex "python import os; open('/proc/%d/coredump_filter' % gdb.selected_inferior().pid, 'w').write('0x0')" \
    -ex "generate-core-file $out/$machine-core" /tmp/seed >/dev/null 2>&1
done
# What the kernel maps into every process is the kernel's, not ours.
python3 - "$out"/*-core <<'P'
import struct, sys
for path in sys.argv[1:]:
    b = bytearray(open(path, 'rb').read())
    wide = b[4] == 2
    at = struct.unpack_from('<Q' if wide else '<I', b, 32 if wide else 28)[0]
    size, count = struct.unpack_from('<HH', b, 54 if wide else 42)
    for i in range(count):
        h = struct.unpack_from('<IIQQQQ' if wide else '<IIIII', b, at + i * size)
        offset, length = (h[2], h[5]) if wide else (h[1], h[4])
        if h[0] == 1:
            b[offset:offset + length] = bytes(length)
    open(path, 'wb').write(b)
P
( cd "$out" && ar rcs "$work/lib.a" x86_64-group.o x86_64-x32.o && cp "$work/lib.a" "$out/x86_64.a" )
cd / && rm -r "$work" /tmp/seed
python3 - "$out" <<'P'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '.zip', 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name in sorted(os.listdir(sys.argv[1])):
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(entry, open(os.path.join(sys.argv[1], name), 'rb').read())
P
