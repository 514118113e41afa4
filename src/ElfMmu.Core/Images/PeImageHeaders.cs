using System.Buffers.Binary;

namespace ElfMmu.Images;

/// <summary>
/// The headers of a PE image as the space has them (Microsoft, "PE Format": "MS-DOS Stub", "COFF File Header", "Optional Header",
/// "Section Table"). PE is little-endian on every machine.
/// </summary>
internal sealed class PeImageHeaders
{
    /// <summary>The most bytes that the headers up to the section table are read in, from <c>PE\0\0</c> on.</summary>
    private const int FixedSize = 4 + CoffSize + MostOptional;

    private const int NewHeaderField = 0x3c;
    private const uint FarthestHeader = 1 << 20;
    private const int CoffSize = 20;
    private const int SectionSize = 40;
    private const int MostOptional = 112 + (PeDirectory.Most * 8);
    private const ushort Magic32 = 0x10b;
    private const ushort Magic64 = 0x20b;

    private PeImageHeaders()
    {
    }

    /// <summary>The largest buffer that reading takes.</summary>
    public static int BufferSize => ImageFinder.MostSegments * SectionSize;

    public bool Is64 { get; private init; }

    public ushort Machine { get; private init; }

    public ushort Characteristics { get; private init; }

    public ushort Subsystem { get; private init; }

    /// <summary>AddressOfEntryPoint, relative to the image; 0 for none.</summary>
    public uint Entry { get; private init; }

    /// <summary>Where it wants to be loaded; loaders write where it is.</summary>
    public ulong ImageBase { get; private init; }

    public uint SectionAlignment { get; private init; }

    public uint ImageSize { get; private init; }

    public uint HeaderSize { get; private init; }

    public PeDirectory[] Directories { get; private init; } = [];

    public PeSection[] Sections { get; private set; } = [];

    public List<string> Doubts { get; } = [];

    /// <summary>Reads the headers.</summary>
    /// <param name="view">The space, or the file.</param>
    /// <param name="address">Where the MS-DOS stub is.</param>
    /// <param name="buffer">At least <see cref="BufferSize"/> bytes.</param>
    /// <returns>Null if it is none: no <c>PE\0\0</c> where e_lfanew points, or no optional header of an image behind it.</returns>
    public static PeImageHeaders? Read(IImageBytes view, ulong address, byte[] buffer)
    {
        Span<byte> stub = stackalloc byte[NewHeaderField + 4];
        if (!view.TryRead(address, stub) || !stub.StartsWith("MZ"u8))
        {
            return null;
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(stub[NewHeaderField..]);
        if (offset is < 4 or > FarthestHeader || offset > ulong.MaxValue - address)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[FixedSize];
        bytes = bytes[..view.Read(address + offset, bytes)];
        if (bytes.Length < 4 + CoffSize + 2 || !bytes.StartsWith("PE\0\0"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> coff = bytes.Slice(4, CoffSize);
        ReadOnlySpan<byte> optional = bytes[(4 + CoffSize)..];
        ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(optional);
        bool is64 = magic == Magic64;
        int directories = is64 ? 112 : 96;
        ushort optionalSize = BinaryPrimitives.ReadUInt16LittleEndian(coff[16..]);
        if (magic is not (Magic32 or Magic64) || optionalSize < directories || optional.Length < directories)
        {
            return null;
        }

        // NumberOfRvaAndSizes; what SizeOfOptionalHeader or the space doesn't have room for isn't there.
        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(optional[(directories - 4)..]);
        int room = Math.Min(optionalSize, optional.Length) - directories;
        int count = (int)Math.Min(Math.Min(claimed, PeDirectory.Most), (uint)room / 8);
        var listed = new PeDirectory[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = optional[(directories + (i * 8))..];
            listed[i] = new PeDirectory(
                BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
        }

        var headers = new PeImageHeaders
        {
            Is64 = is64,
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(coff),
            Characteristics = BinaryPrimitives.ReadUInt16LittleEndian(coff[18..]),
            Entry = BinaryPrimitives.ReadUInt32LittleEndian(optional[16..]),
            ImageBase = is64
                ? BinaryPrimitives.ReadUInt64LittleEndian(optional[24..])
                : BinaryPrimitives.ReadUInt32LittleEndian(optional[28..]),
            SectionAlignment = BinaryPrimitives.ReadUInt32LittleEndian(optional[32..]),
            ImageSize = BinaryPrimitives.ReadUInt32LittleEndian(optional[56..]),
            HeaderSize = BinaryPrimitives.ReadUInt32LittleEndian(optional[60..]),
            Subsystem = BinaryPrimitives.ReadUInt16LittleEndian(optional[68..]),
            Directories = listed,
        };
        headers.ReadSections(
            view, address, (ulong)offset + 4 + CoffSize + optionalSize, BinaryPrimitives.ReadUInt16LittleEndian(coff[2..]), buffer);
        return headers;
    }

    /// <summary>A directory; nothing if there is none of that number.</summary>
    public PeDirectory Directory(int index) => index < Directories.Length ? Directories[index] : default;

    /// <summary>The place in the file of an address relative to the image; null if no section, nor the headers, bring it from there.</summary>
    public uint? OffsetOf(uint relative)
    {
        foreach (PeSection section in Sections)
        {
            if (relative >= section.VirtualAddress && relative - section.VirtualAddress < section.RawSize)
            {
                ulong offset = (ulong)section.RawOffset + (relative - section.VirtualAddress);
                return offset <= uint.MaxValue ? (uint)offset : null;
            }
        }

        return relative < HeaderSize ? relative : null;
    }

    private void ReadSections(IImageBytes view, ulong address, ulong offset, int count, byte[] buffer)
    {
        if (count > ImageFinder.MostSegments)
        {
            Doubts.Add($"NumberOfSections is {count}; the first {ImageFinder.MostSegments} are used");
            count = ImageFinder.MostSegments;
        }

        int there = offset > ulong.MaxValue - address
            ? 0
            : view.Read(address + offset, buffer.AsSpan(0, count * SectionSize)) / SectionSize;
        if (there < count)
        {
            Doubts.Add($"{count - there} of {count} section headers aren't there");
        }

        var sections = new PeSection[there];
        for (int i = 0; i < there; i++)
        {
            ReadOnlySpan<byte> entry = buffer.AsSpan(i * SectionSize, SectionSize);
            sections[i] = new PeSection(
                ImageText.Clean(entry[..8].TrimEnd((byte)0)) ?? "",
                BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[36..]));
        }

        Sections = sections;
    }
}
