using System.Buffers.Binary;
using System.Text;

namespace ElfMmu.Elf.Notes;

/// <summary>A note's description, read in the file's byte order and width.</summary>
internal readonly ref struct NoteBytes(ReadOnlySpan<byte> bytes, ElfClass elfClass, ElfData data)
{
    private readonly bool _big = data == ElfData.BigEndian;

    public ReadOnlySpan<byte> All { get; } = bytes;

    public int Length => All.Length;

    /// <summary>Bytes of a long or an address: 4 or 8.</summary>
    public int WordSize { get; } = elfClass == ElfClass.Elf64 ? 8 : 4;

    public bool Is64 => WordSize == 8;

    public ElfData Data => _big ? ElfData.BigEndian : ElfData.LittleEndian;

    public byte U8(int at) => All[at];

    public ushort U16(int at) => _big ? BinaryPrimitives.ReadUInt16BigEndian(All[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(All[at..]);

    public uint U32(int at) => _big ? BinaryPrimitives.ReadUInt32BigEndian(All[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(All[at..]);

    public ulong U64(int at) => _big ? BinaryPrimitives.ReadUInt64BigEndian(All[at..]) : BinaryPrimitives.ReadUInt64LittleEndian(All[at..]);

    public int I32(int at) => (int)U32(at);

    /// <summary>An unsigned long or an address.</summary>
    public ulong Word(int at) => Is64 ? U64(at) : U32(at);

    /// <summary>A signed long.</summary>
    public long SignedWord(int at) => Is64 ? (long)U64(at) : I32(at);

    /// <summary>The text up to a NUL or to the end of a field.</summary>
    public string Text(int at, int size) => Text(All.Slice(at, size));

    /// <summary>The text up to a NUL or to the end.</summary>
    public string Text(int at) => Text(All[at..]);

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
