using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Files that hold memory, or look as if they did, in formats that aren't read: taken for raw images they would give mappings that never were.
/// Each says what it is and what converts it. A raw image that happens to start like one opens when its place is given.
/// </summary>
internal sealed class ForeignReader : IDumpReader
{
    private const string Disk = "Give a dump of the machine's memory.";

    private const string Hibernation =
        "Convert it to a raw image with Volatility 3 (vol -f FILE layerwriter.LayerWriter), Hibr2Bin or hibernation-recon, and open that.";

    private const string Unpack = "Unpack it first; only gzip, zlib and zstd are unpacked here.";

    private const string XenState = "Restore the domain and dump it with xl dump-core, which opens here.";

    private static readonly ForeignFormat[] Formats =
    [
        new([.. "hibr"u8], "a hibernation file of Windows", Hibernation),
        new([.. "HIBR"u8], "a hibernation file of Windows", Hibernation),
        new([.. "wake"u8], "a hibernation file of Windows that was resumed from", Hibernation),
        new([.. "WAKE"u8], "a hibernation file of Windows that was resumed from", Hibernation),
        new([.. "RSTR"u8], "a hibernation file of Windows that was being resumed from", Hibernation),
        new([.. "MDMP"u8], "a minidump, which holds parts of one process of Windows", "Give a dump of the machine's memory."),
        new([.. "USERDUMP"u8], "the dump of one process of Windows", "Give a dump of the machine's memory."),
        new([.. "USERDU64"u8], "the dump of one process of Windows", "Give a dump of the machine's memory."),
        new([.. "LibvirtQemudPart"u8], "a machine that libvirt was saving and never finished", "Save it again; this file isn't whole."),
        new(
            [0x7f, .. "VirtualBox SavedState V"u8], "a state of VirtualBox (.sav)",
            "Resume the machine and write the memory with VBoxManage debugvm NAME dumpvmcore --filename=FILE, which opens here."),
        new(
            [0x14, 0x20, 0x28, 0x01], "a file of Hyper-V (.vmrs, .vmcx, .vsv)",
            "Read a .vmrs by Microsoft's saved state provider (LeechCore: hvsavedstate://FILE), or start the machine and take its memory with LiveKd; a .vmcx holds "
            + "no memory. The .bin of Hyper-V before 2016 is a raw image."),
        new([0xed, 0xeb, 0x0f, 0xf0], "a core of a Xen domain in the format before Xen 3.1", "Convert it with crash, or dump the domain again with xl dump-core."),
        new([0xee, 0xeb, 0x0f, 0xf0], "a core of a Xen domain in the format before Xen 3.1", "Convert it with crash, or dump the domain again with xl dump-core."),
        new([.. "LinuxGuestRecord"u8], "a Xen domain saved by xm save", XenState),
        new([.. "Xen saved domain"u8], "a Xen domain saved by xl save", XenState),
        new([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. "XENF"u8], "a migration stream of Xen", XenState),
        new([.. "HPAK"u8], "a dump of HBGary's FastDump", "Extract the memory with Volatility 2 (hpakextract), and open that."),
        new([.. "EVF\t\r\n"u8, 0xff, 0x00], "an image of EnCase (.E01)", "Export it raw with ewfexport, and open that."),
        new([.. "EVF2\r\n"u8, 0x81, 0x00], "an image of EnCase (.Ex01)", "Export it raw with ewfexport, and open that."),
        new([.. "AFF10\r\n"u8], "an image of AFF", "Convert it with affconvert to a raw image."),
        new([.. "QFI"u8, 0xfb], "a disk of QEMU (qcow2)", "If it holds snapshots with memory, load one into QEMU and write it with dump-guest-memory."),
        new([.. "KDMV"u8], "a disk of VMware (.vmdk)", "The memory of a VMware machine is in its .vmem, .vmss or .vmsn."),
        new([.. "# Disk DescriptorFile"u8], "the description of a disk of VMware (.vmdk)", "The memory of a VMware machine is in its .vmem, .vmss or .vmsn."),
        new([.. "vhdxfile"u8], "a disk of Hyper-V (.vhdx)", Disk),
        new([.. "conectix"u8], "a disk of Hyper-V (.vhd)", Disk),
        new([.. "<<< "u8], "a disk of VirtualBox (.vdi)", Disk),
        new([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], "packed with 7-Zip", Unpack),
        new([.. "PK"u8, 0x03, 0x04], "a ZIP file, or an image of AFF4", "Unpack it first; export an AFF4 image raw (WinPmem: winpmem -e, or aff4imager -e)."),
        new([.. "Rar!"u8, 0x1a, 0x07], "packed with RAR", Unpack),
        new([0xfd, .. "7zXZ"u8, 0x00], "packed with xz", Unpack),
        new([.. "BZh"u8], "packed with bzip2", Unpack),
        new([0x04, 0x22, 0x4d, 0x18], "packed with lz4", Unpack),
        new([0x89, .. "LZO"u8, 0x00, 0x0d, 0x0a, 0x1a, 0x0a], "packed with lzop", Unpack),
        new([0xed, 0x23, 0x8f, 0x61, 0x73, 0x01, 0x19, 0xa8], "a dump of LKCD", "Open it with crash."),
    ];

    public bool Matches(ReadOnlySpan<byte> head, string path) => Find(head) != null;

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        byte[] head = new byte[(int)Math.Min(source.Length, 64)];
        source.Read(0, head);
        ForeignFormat format = Find(head) ?? throw new InvalidOperationException("The format is known.");
        throw new ElfMmuException(
            "DumpUnsupported",
            ErrorKind.NotSupported,
            $"'{source.Name}' is {format.What}, which isn't read here. {format.Remedy} (If it is memory that only starts so, give the physical address of "
            + "its first byte: -RamBase or --ram-base.)")
        { Path = source.Name };
    }

    private static ForeignFormat? Find(ReadOnlySpan<byte> head)
    {
        foreach (ForeignFormat format in Formats)
        {
            if (head.StartsWith(format.Magic))
            {
                return format;
            }
        }

        return null;
    }
}
