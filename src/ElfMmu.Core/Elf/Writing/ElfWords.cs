using System.Buffers.Binary;

namespace ElfMmu.Elf.Writing;

/// <summary>Reads and writes numbers of a file at an offset, in its class and byte order.</summary>
internal readonly struct ElfWords(ElfClass elfClass, ElfData data)
{
    private readonly bool _big = data == ElfData.BigEndian;

    public bool Is64 { get; } = elfClass == ElfClass.Elf64;

    /// <summary>Bytes of an address: 4 or 8.</summary>
    public int NativeSize => Is64 ? 8 : 4;

    public ushort Half(ReadOnlySpan<byte> at) => _big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    public uint Word(ReadOnlySpan<byte> at) => _big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    public ulong Long(ReadOnlySpan<byte> at) => _big ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);

    public ulong Native(ReadOnlySpan<byte> at) => Is64 ? Long(at) : Word(at);

    public void Half(Span<byte> at, ushort value)
    {
        var fields = new ElfFieldWriter(at, elfClass, data);
        fields.Half(ref value);
    }

    public void Word(Span<byte> at, uint value)
    {
        var fields = new ElfFieldWriter(at, elfClass, data);
        fields.Word(ref value);
    }

    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: it doesn't fit a 32-bit file.</exception>
    public void Native(Span<byte> at, ulong value, string name)
    {
        var fields = new ElfFieldWriter(at, elfClass, data);
        fields.Native(ref value, name);
    }
}
