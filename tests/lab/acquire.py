#!/usr/bin/env python3
"""Has LiME, AVML and a crash kernel take the memory of a running guest, between two dumps by QEMU.

    tests/lab/acquire.py OUTPUT [--avml PROGRAM] [--memory MIB]

As root on Debian 12 on x86-64, with the packages linux-headers-cloud-amd64, kexec-tools, e2fsprogs, cpio and gcc: LiME's source
(lime-forensics-dkms), the kernel of the same version and busybox-static are fetched from Debian's archive and unpacked, not installed. AVML
isn't in Debian: --avml names a static build that takes `acquire FILE [--compress]`. It took four minutes
on two processors with much else to do.

OUTPUT then has before.elf and after.elf (QEMU's dump-guest-memory), lime.lime, padded.lime, raw.lime and deflated.lime (LiME's formats, and
compress=1), packed.avml and plain.avml, vmcore (/proc/vmcore of the crash kernel), iomem and serial.log. RealAcquisitionTests compares them:

    ELFMMU_ACQUISITIONS=OUTPUT dotnet test tests/ElfMmu.Core.Tests --filter RealAcquisition
"""
import argparse
import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

MODULES = ("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk")
TAKEN = ("lime.lime", "padded.lime", "raw.lime", "deflated.lime", "packed.avml", "plain.avml", "vmcore", "iomem")
KEXEC = "/usr/sbin/kexec"
INIT = r"""#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev
for module in /modules/*.ko; do insmod $module; done
until [ -b /dev/vda ]; do sleep 0.2; done
mount -t ext4 /dev/vda /mnt
if [ -e /proc/vmcore ]; then cp /proc/vmcore /mnt/vmcore; umount /mnt; echo DONE; poweroff -f; fi
cat /proc/iomem > /mnt/iomem
echo READY; read go
for format in lime padded raw; do insmod /lime.ko "path=/mnt/$format.lime format=$format"; rmmod lime; sync; done
insmod /lime.ko "path=/mnt/deflated.lime format=lime compress=1"; rmmod lime; sync
if [ -e /bin/avml ]; then avml acquire /mnt/packed.avml --compress; avml acquire /mnt/plain.avml; sync; fi
umount /mnt; echo ACQUIRED; read go
mount -t ext4 /dev/vda /mnt
kexec -p /mnt/vmlinuz --initrd=/mnt/initrd --append="console=ttyS0 maxcpus=1 irqpoll reset_devices"
umount /mnt; echo c > /proc/sysrq-trigger
"""


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def fetch(work: Path) -> tuple[Path, str]:
    """Unpacks the kernel whose headers are installed, LiME's source and busybox; says where and which version."""
    headers = sorted(Path("/usr/src").glob("linux-headers-*-cloud-amd64"))
    if not headers:
        raise SystemExit("There is no linux-headers-*-cloud-amd64 in /usr/src: install linux-headers-cloud-amd64.")
    version = headers[-1].name.removeprefix("linux-headers-")
    run("apt-get", "download", f"linux-image-{version}", "lime-forensics-dkms", "busybox-static", cwd=work)
    root = work / "packages"
    for package in work.glob("*.deb"):
        run("dpkg", "-x", package, root)
    return root, version


def build_module(packages: Path, version: str, target: Path):
    source = next((packages / "usr/src").glob("lime-forensics-*"))
    run("make", "-C", f"/usr/src/linux-headers-{version}", f"M={source}", "modules")
    run("strip", "-g", "-o", target, next(source.rglob("lime.ko")))


def build_root(packages: Path, version: str, avml: Path | None, work: Path) -> Path:
    root = work / "root"
    for folder in ("bin", "dev", "proc", "sys", "mnt", "modules"):
        (root / folder).mkdir(parents=True)
    shutil.copy(packages / "bin/busybox", root / "bin")
    for number, name in enumerate(MODULES):
        shutil.copy(next((packages / "lib/modules").rglob(f"{name}.ko")), root / f"modules/{number}-{name}.ko")
    build_module(packages, version, root / "lime.ko")
    shutil.copy(KEXEC, root / "bin")
    for library in re.findall(r"(/\S+) \(", run("ldd", KEXEC)):
        (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, root / library[1:])
    if avml:
        shutil.copy(avml, root / "bin/avml")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    archive = work / "initrd"
    with archive.open("wb") as out:
        names = "\n".join(str(p.relative_to(root)) for p in sorted(root.rglob("*")))
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=names.encode(), stdout=out, cwd=root, check=True)
    return archive


class Guest:
    def __init__(self, kernel: Path, initrd: Path, disk: Path, memory: int, work: Path, output: Path):
        self.log, self.output = "", output
        self.process = subprocess.Popen([
            "qemu-system-x86_64", "-cpu", "max", "-m", str(memory), "-nographic", "-no-reboot", "-net", "none", "-kernel", kernel, "-initrd", initrd,
            "-append", "console=ttyS0 crashkernel=128M panic=5", "-drive", f"file={disk},format=raw,if=virtio,cache=unsafe",
            "-serial", f"unix:{work}/serial,server=on,wait=off", "-monitor", "none", "-qmp", f"unix:{work}/qmp,server=on,wait=off"])
        self.serial = self._connect(work / "serial")
        self.serial.settimeout(5)
        self.monitor = self._connect(work / "qmp").makefile("rw")
        self.monitor.readline()
        self._command("qmp_capabilities")

    def wait(self, word: str, seconds: int = 300):
        end, seen = time.monotonic() + seconds, ""
        while word not in seen:
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"The guest never said {word}:\n{self.log[-2000:]}")
            try:
                part = self.serial.recv(4096).decode(errors="replace")
            except TimeoutError:
                continue
            seen, self.log = seen + part, self.log + part

    def dump_and_go(self, name: str):
        time.sleep(0.5)
        self._command("stop")
        self._command("dump-guest-memory", paging=False, protocol=f"file:{self.output / name}")
        self._command("cont")
        self.serial.send(b"go\n")

    def end(self):
        (self.output / "serial.log").write_text(self.log)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _command(self, name: str, **arguments):
        self.monitor.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.monitor.flush()
        while "return" not in (answer := json.loads(self.monitor.readline())):
            if "error" in answer:
                raise SystemExit(f"{name}: {answer['error']}")

    @staticmethod
    def _connect(path: Path) -> socket.socket:
        for _ in range(100):
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(str(path))
                return connection
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"QEMU never opened {path}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--avml", type=Path)
    parser.add_argument("--memory", type=int, default=320, help="MiB; 128 of them are the crash kernel's")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    output = options.output.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        packages, version = fetch(work)
        initrd = build_root(packages, version, options.avml, work)
        kernel = packages / f"boot/vmlinuz-{version}"
        files, disk = work / "files", work / "disk.img"
        files.mkdir()
        shutil.copy(kernel, files / "vmlinuz")
        shutil.copy(initrd, files / "initrd")
        with disk.open("wb") as image:
            image.truncate((options.memory * 8 + 256) << 20)
        run("mkfs.ext4", "-q", "-O", "^metadata_csum,^64bit", "-d", files, disk)
        guest = Guest(kernel, initrd, disk, options.memory, work, output)
        try:
            guest.wait("READY")
            guest.dump_and_go("before.elf")
            guest.wait("ACQUIRED", seconds=1800)
            guest.dump_and_go("after.elf")
            guest.wait("DONE")
        finally:
            guest.end()
        for name in TAKEN:
            if options.avml or not name.endswith(".avml"):
                run("debugfs", "-R", f"dump /{name} {output / name}", disk)


if __name__ == "__main__":
    main()
