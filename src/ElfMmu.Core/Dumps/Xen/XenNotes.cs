using System.Buffers.Binary;
using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Dumps;

/// <summary>The notes of a Xen core: how many processors and pages, how large a page is, and which Xen it was.</summary>
/// <remarks>Xen, tools/libs/ctrl/xc_core.h and xen/include/public/version.h.</remarks>
internal sealed class XenNotes
{
    /// <summary>The name of the notes.</summary>
    public const string Name = "Xen";

    private const uint Header = 0x200_0001;
    private const uint Version = 0x200_0002;
    private const int HeaderSize = 32;

    // {major, minor: u64}, then texts of fixed size: 16 of the rest of the version, 64 + 16 + 32 + 32 of the compilation, 1024 capabilities.
    private const int ExtraAt = 16;
    private const int ExtraSize = 16;
    private const int CapabilitiesAt = ExtraAt + ExtraSize + 64 + 16 + 32 + 32;
    private const int CapabilitiesSize = 1024;

    private readonly List<KeyValuePair<string, object>> _details = [];

    /// <summary>How many processors there are; null when no note says.</summary>
    public ulong? VcpuCount { get; private set; }

    /// <summary>The size of a page in bytes; null when no note says.</summary>
    public ulong? PageSize { get; private set; }

    /// <summary>Takes a note.</summary>
    public void Add(ElfNote note)
    {
        ReadOnlySpan<byte> bytes = note.Description.Span;
        switch (note.Type)
        {
            case Header when bytes.Length >= HeaderSize:
                VcpuCount = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
                PageSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
                break;
            case Version when bytes.Length >= CapabilitiesAt + CapabilitiesSize:
                _details.Add(KeyValuePair.Create<string, object>(
                    "XenVersion",
                    $"{BinaryPrimitives.ReadUInt64LittleEndian(bytes)}.{BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])}"
                    + Text(bytes.Slice(ExtraAt, ExtraSize))));
                _details.Add(KeyValuePair.Create<string, object>("XenCapabilities", Text(bytes.Slice(CapabilitiesAt, CapabilitiesSize))));
                break;
        }
    }

    /// <summary>What they say.</summary>
    public DumpFacts Facts(bool isPara) => new()
    {
        Details = [KeyValuePair.Create<string, object>("Virtualisation", isPara ? "paravirtualised" : "fully virtualised"), .. _details],
    };

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).Trim();
        return string.Concat(text.Where(c => !char.IsControl(c)));
    }
}
