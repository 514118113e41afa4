using System.Buffers.Binary;
using System.Text;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The header of a Windows crash dump, of either width. Windows fills it with <c>PAGE</c> before it sets fields, so what still holds
/// that says nothing.
/// </summary>
internal sealed class WindowsHeader
{
    private const uint Unset = 0x4547_4150;
    private const ulong WideUnset = 0x4547_4150_4547_4150;
    private const int SignatureSize = 8;

    private readonly byte[] _bytes;

    private WindowsHeader(byte[] bytes, WindowsLayout layout)
    {
        _bytes = bytes;
        Layout = layout;
    }

    public WindowsLayout Layout { get; }

    public bool IsWide => Layout.PointerSize == 8;

    public ushort MachineType => (ushort)(Number(Layout.Machine) ?? 0);

    public WindowsDumpType DumpType => (WindowsDumpType)(Number(Layout.DumpType) ?? 0);

    public ulong? DirectoryTable => Pointer(WindowsLayout.DirectoryTable);

    public ulong? DebuggerData => Pointer(Layout.DebuggerData);

    public uint? Processors => Number(Layout.Processors);

    public uint? RunCount => Number(Layout.RunCount);

    /// <summary>PaeEnabled; null where there is no such field or nobody has set it.</summary>
    public bool? PhysicalAddressExtension => Layout.PhysicalAddressExtension == 0 ? null : _bytes[Layout.PhysicalAddressExtension] switch
    {
        0 => false,
        1 => true,
        _ => null,
    };

    /// <summary>Addresses of the kernel that are set.</summary>
    public IEnumerable<ulong> KernelPointers =>
        new[] { Layout.PfnDatabase, Layout.LoadedModules, Layout.ActiveProcesses, Layout.DebuggerData }.Select(Pointer).OfType<ulong>();

    public ReadOnlySpan<byte> Context => _bytes.AsSpan(Layout.Context, Layout.ContextSize);

    /// <summary>Whether a file starts like a crash dump.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => LayoutOf(head) != null;

    /// <summary>Reads the header of a file that starts like a crash dump.</summary>
    /// <exception cref="ElfMmuException"><c>DumpTruncated</c>.</exception>
    public static WindowsHeader Read(DataSource source)
    {
        Span<byte> signature = stackalloc byte[SignatureSize];
        source.Read(0, signature);
        WindowsLayout layout = LayoutOf(signature)!;
        if (source.Length < (ulong)layout.Size)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' is the beginning of a Windows crash dump: its header has 0x{layout.Size:x} bytes, the file 0x{source.Length:x}. "
                + "None of its memory is there; get the whole file.")
            { Path = source.Name, Offset = source.Length };
        }

        byte[] bytes = new byte[layout.Size];
        source.Read(0, bytes);
        return new WindowsHeader(bytes, layout);
    }

    /// <summary>A field of 32 bits; null where nobody has set it.</summary>
    public uint? Number(int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset)) is var value && value != Unset ? value : null;

    /// <summary>A field of 64 bits; null where nobody has set it.</summary>
    public ulong? Long(int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(offset)) is var value && value != WideUnset ? value : null;

    /// <summary>A field of the width of a pointer; null where nobody has set it, or it is 0.</summary>
    public ulong? Pointer(int offset) => Word(offset) is > 0 and var value ? value : null;

    /// <summary>A field of the width of a pointer; null where nobody has set it.</summary>
    public ulong? Word(int offset) => IsWide ? Long(offset) : Number(offset);

    /// <summary>A field of text that ends with a NUL; null where nobody has set it, or it is empty.</summary>
    public string? Text(int offset, int size)
    {
        ReadOnlySpan<byte> text = _bytes.AsSpan(offset, size);
        if (text.StartsWith("PAGE"u8))
        {
            return null;
        }

        int end = text.IndexOf((byte)0);
        string read = Encoding.Latin1.GetString(end < 0 ? text : text[..end]).Trim();
        return read.Length == 0 || read.Any(char.IsControl) ? null : read;
    }

    /// <summary>A run of the header's table.</summary>
    public (ulong Page, ulong Count) Run(int index)
    {
        ReadOnlySpan<byte> run = _bytes.AsSpan(Layout.Runs + (index * 2 * Layout.PointerSize));
        return IsWide
            ? (BinaryPrimitives.ReadUInt64LittleEndian(run), BinaryPrimitives.ReadUInt64LittleEndian(run[8..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(run), BinaryPrimitives.ReadUInt32LittleEndian(run[4..]));
    }

    private static WindowsLayout? LayoutOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("PAGEDU64"u8) ? WindowsLayout.Wide : head.StartsWith("PAGEDUMP"u8) ? WindowsLayout.Narrow : null;
}
