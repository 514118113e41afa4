using System.Buffers.Binary;
using System.Globalization;

namespace ElfMmu.Images;

/// <summary>
/// What a PE image holds behind its headers, in one of the two readings of how it lies: each address relative to the image stands for
/// itself (loaded), or for a place in the file.
/// </summary>
/// <param name="view">The space.</param>
/// <param name="headers">The image.</param>
/// <param name="address">Where it starts.</param>
/// <param name="isLoaded">The reading.</param>
internal sealed class PeImageContent(SpaceView view, PeImageHeaders headers, ulong address, bool isLoaded)
{
    private const int ExportSize = 40;
    private const int ImportSize = 20;
    private const int DebugEntrySize = 28;
    private const int MostDebugEntries = 16;
    private const uint CodeView = 2;
    private const int CodeViewHeader = 24;
    private const int ClrHeaderSize = 72;

    /// <summary>Where an address relative to the image is in the space, in this reading; null if it isn't.</summary>
    public ulong? At(uint relative)
    {
        ulong? within = isLoaded ? relative < headers.ImageSize ? relative : null : headers.OffsetOf(relative);
        return within is { } w && w <= ulong.MaxValue - address ? address + w : null;
    }

    /// <summary>Whether a data directory is what it ought to be.</summary>
    public ImageProbe Look(int index)
    {
        PeDirectory directory = headers.Directory(index);
        if (directory.Address == 0 || directory.Size == 0 || At(directory.Address) is not { } place)
        {
            return ImageProbe.Silent;
        }

        return index switch
        {
            PeDirectory.Export => LookAtExports(place),
            PeDirectory.Import => LookAtImports(place),
            PeDirectory.Relocations => LookAtRelocations(place),
            PeDirectory.Debug => LookAtDebug(place, directory.Size),
            PeDirectory.ClrHeader => LookAtClrHeader(place),
            _ => ImageProbe.Silent,
        };
    }

    /// <summary>The name that the export directory says; null if there is none.</summary>
    public string? ExportName()
    {
        Span<byte> bytes = stackalloc byte[ExportSize];
        PeDirectory directory = headers.Directory(PeDirectory.Export);
        return directory.Size >= ExportSize
            && At(directory.Address) is { } place
            && view.TryRead(place, bytes)
            && IsExport(bytes)
            && At(BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..])) is { } name
            ? ImageText.Read(view, name)
            : null;
    }

    /// <summary>
    /// The PDB that belongs to the image: its GUID and age as symbol servers write them, and its path. They stand in the debug
    /// directory's entry of type CodeView, in a record that starts with <c>RSDS</c> (PE format, "Debug Directory").
    /// </summary>
    public (string Id, string? Path)? Pdb()
    {
        PeDirectory directory = headers.Directory(PeDirectory.Debug);
        if (directory.Size < DebugEntrySize || At(directory.Address) is not { } place)
        {
            return null;
        }

        Span<byte> entry = stackalloc byte[DebugEntrySize];
        Span<byte> record = stackalloc byte[CodeViewHeader];
        for (int i = 0; i < Math.Min(directory.Size / DebugEntrySize, MostDebugEntries); i++)
        {
            ulong at = place + ((ulong)i * DebugEntrySize);
            if (at < place || !view.TryRead(at, entry))
            {
                return null;
            }

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) == CodeView
                && size >= CodeViewHeader
                && Data(entry) is { } data
                && view.TryRead(data, record)
                && record.StartsWith("RSDS"u8))
            {
                var guid = new Guid(record.Slice(4, 16));
                uint age = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
                string? path = data <= ulong.MaxValue - CodeViewHeader
                    ? ImageText.Read(view, data + CodeViewHeader, size - CodeViewHeader)
                    : null;
                return (guid.ToString("N").ToUpperInvariant() + age.ToString("X", CultureInfo.InvariantCulture), path);
            }
        }

        return null;
    }

    private static bool IsExport(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) <= 1 << 20
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) <= 1 << 20;

    /// <summary>Where an entry's data is: the address is 0 for data that isn't loaded, which is in files alone.</summary>
    private ulong? Data(ReadOnlySpan<byte> entry)
    {
        uint relative = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        return isLoaded
            ? relative == 0 ? null : At(relative)
            : offset == 0 || offset > ulong.MaxValue - address ? null : address + offset;
    }

    private ImageProbe LookAtExports(ulong place)
    {
        Span<byte> bytes = stackalloc byte[ExportSize];
        return !view.TryRead(place, bytes) ? ImageProbe.Silent : IsExport(bytes) && ExportName() != null ? ImageProbe.Fits : ImageProbe.Differs;
    }

    /// <summary>The first descriptor names a library.</summary>
    private ImageProbe LookAtImports(ulong place)
    {
        Span<byte> bytes = stackalloc byte[ImportSize];
        if (!view.TryRead(place, bytes))
        {
            return ImageProbe.Silent;
        }

        uint name = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        return name != 0 && At(name) is { } text && ImageText.Read(view, text) is { Length: > 2 } ? ImageProbe.Fits : ImageProbe.Differs;
    }

    /// <summary>The first block is of a page, and its size is one there can be.</summary>
    private ImageProbe LookAtRelocations(ulong place)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (!view.TryRead(place, bytes))
        {
            return ImageProbe.Silent;
        }

        const uint MostBlock = 8 + (2 * 4096);
        uint page = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return page % 4096 == 0 && page < headers.ImageSize && size is >= 8 and <= MostBlock && size % 2 == 0
            ? ImageProbe.Fits
            : ImageProbe.Differs;
    }

    private ImageProbe LookAtDebug(ulong place, uint size)
    {
        const uint HighestType = 32;
        Span<byte> bytes = stackalloc byte[DebugEntrySize];
        if (size < DebugEntrySize || !view.TryRead(place, bytes))
        {
            return ImageProbe.Silent;
        }

        uint type = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0 && type is > 0 and <= HighestType ? ImageProbe.Fits : ImageProbe.Differs;
    }

    /// <summary>Its own size and a version there is (ECMA-335, II.25.3.3).</summary>
    private ImageProbe LookAtClrHeader(ulong place)
    {
        Span<byte> bytes = stackalloc byte[8];
        return !view.TryRead(place, bytes)
            ? ImageProbe.Silent
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes) == ClrHeaderSize
                && BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) is 1 or 2 or 3
            ? ImageProbe.Fits
            : ImageProbe.Differs;
    }
}
