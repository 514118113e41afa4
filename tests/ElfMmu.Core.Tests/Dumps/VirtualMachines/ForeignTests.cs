using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Files of formats that aren't read: they say what they are and what to do, instead of passing for memory.</summary>
public sealed class ForeignTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Cases => new()
    {
        { "hibr", "layerwriter" },
        { "HIBR", "layerwriter" },
        { "wake", "layerwriter" },
        { "WAKE", "layerwriter" },
        { "RSTR", "layerwriter" },
        { "MDMP", "process" },
        { "LibvirtQemudPart", "again" },
        { "\u007fVirtualBox SavedState V2.0\n", "dumpvmcore" },
        { "LinuxGuestRecord", "xl dump-core" },
        { "Xen saved domain, xl format\n", "xl dump-core" },
        { "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffXENF", "xl dump-core" },
        { "\u00ed\u00eb\u000f\u00f0", "xl dump-core" },
        { "\u00ee\u00eb\u000f\u00f0", "xl dump-core" },
        { "HPAK", "hpakextract" },
        { "EVF\t\r\n\u00ff\u0000", "ewfexport" },
        { "EVF2\r\n\u0081\u0000", "ewfexport" },
        { "AFF10\r\n", "affconvert" },
        { "QFI\u00fb", "dump-guest-memory" },
        { "KDMV", ".vmem" },
        { "vhdxfile", "memory" },
        { "conectix", "memory" },
        { "<<< Oracle VM VirtualBox Disk Image >>>", "memory" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void ItSaysWhatToDo(string start, string remedy)
    {
        byte[] bytes = new byte[8192];
        Encoding.Latin1.GetBytes(start, bytes);
        string path = _folder.Write("file", bytes);
        ElfMmuException e = Throws.Error("DumpUnsupported", () => MemoryDump.Open(path));
        Assert.Equal(ErrorKind.NotSupported, e.Kind);
        Assert.Equal(path, e.Path);
        Assert.Contains(remedy, e.Message, StringComparison.OrdinalIgnoreCase);

        // Memory may start with anything; who says where it was knows what it is.
        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0x1000 });
        Assert.Equal("raw image", dump.Container);
    }
}
