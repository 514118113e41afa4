"""Debian's packages: those the lab itself needs, and kernels of any architecture, which are unpacked but not installed."""
import lzma
import os
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

from problem import Problem

MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def install(packages: set[str]) -> None:
    """Installs what is missing, if it may."""
    missing = sorted(p for p in packages if not _installed(p))
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Problem(f"This isn't Debian; install what it has in {' '.join(missing)}.")
    if os.geteuid() != 0:
        raise Problem(f"Missing packages, run as root: apt-get install --no-install-recommends {' '.join(missing)}")
    print(f"installing {' '.join(missing)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True, env=environment,
                   stdout=subprocess.DEVNULL)


def package(suite: str, architecture: str, name: str, cache: Path) -> Path:
    """A kernel's package from Debian's archive; the one that is there already, if there is one."""
    kept = cache / f"{suite}-{architecture}" / f"{name}.deb"
    if not kept.exists():
        apt = _Apt(suite, architecture, kept.parent)
        apt.download(apt.newest(name)).rename(kept)
    return kept


def kernel(archive: Path) -> bytes:
    """The kernel of a package, as QEMU can load it."""
    return _bare(_content(archive, "./boot/vmlinu[xz]-*"))


def modules(archive: Path, names: list[str]) -> dict[str, bytes]:
    """Modules by their file names."""
    return {f"{name}.ko": _unpacked(_content(archive, f"*/modules/*/{name}.ko*")) for name in names}


def _unpacked(module: bytes) -> bytes:
    return lzma.decompress(module) if module.startswith(b"\xfd7zXZ") else module


class _Apt:
    """An apt of its own for one foreign release: signatures and checksums are its business, the host's lists stay as they are."""

    def __init__(self, suite: str, architecture: str, folder: Path):
        if not Path(KEYRING).exists():
            raise Problem(f"{KEYRING} is missing; install debian-archive-keyring.")
        self._folder = folder.resolve()
        for part in ("state/lists/partial", "cache/archives/partial", "etc"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "state/status").touch()
        (self._folder / "etc/sources.list").write_text(f"deb [signed-by={KEYRING}] {MIRROR} {suite} main\n")
        settings = {
            "Dir::State": self._folder / "state",
            "Dir::State::Status": self._folder / "state/status",
            "Dir::Cache": self._folder / "cache",
            "Dir::Etc": self._folder / "etc",
            "APT::Architecture": architecture,
            "APT::Architectures": architecture,
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
        }
        self._options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        self._run("apt-get", "update", "-qq")

    def newest(self, package: str) -> str:
        """The package with the kernel behind one that only names it."""
        depends = re.search(r"^\s+Depends: (linux-image-\d\S+)", self._run("apt-cache", "depends", package), re.MULTILINE)
        return depends[1] if depends else package

    def download(self, package: str) -> Path:
        self._run("apt-get", "download", "-qq", package)
        return next(self._folder.glob(f"{package}_*.deb"))

    def _run(self, tool: str, *arguments: str) -> str:
        done = subprocess.run([tool, *self._options, *arguments], cwd=self._folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(f"{tool} {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


def _installed(package: str) -> bool:
    status = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package], capture_output=True, text=True)
    return status.stdout == "installed"


def _content(archive: Path, pattern: str) -> bytes:
    unpacking = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE)
    found = subprocess.run(["tar", "-xO", "--wildcards", pattern], stdin=unpacking.stdout, capture_output=True)
    unpacking.stdout.close()
    unpacking.wait()
    if not found.stdout:
        raise Problem(f"{archive.name} has no {pattern}: {found.stderr.decode().strip()}")
    return found.stdout


def _bare(image: bytes) -> bytes:
    """Takes off the wrappings that QEMU 7.2 doesn't know: gzip, and the EFI program that unpacks itself."""
    if image[:2] == b"MZ" and image[4:8] == b"zimg":
        offset, size = struct.unpack_from("<II", image, 8)
        method = image[24:56].split(b"\0")[0].decode()
        image = image[offset:offset + size]
        if method == "zstd":
            return subprocess.run(["zstd", "-dcq"], input=image, capture_output=True, check=True).stdout
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(image) if image[:2] == b"\x1f\x8b" else image
