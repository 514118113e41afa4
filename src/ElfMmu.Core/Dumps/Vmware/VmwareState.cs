using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The state of a suspended VMware machine (.vmss) or of a snapshot (.vmsn): groups of named values. Little-endian throughout.
/// </summary>
/// <remarks>
/// The layout is known by crash's vmware_vmss.h, Volatility's addrspaces/vmware.py and LeechCore's device_file.c. A header of 12 bytes
/// {magic, version, groups}; groups of 80 {name, 64 bytes; position; size}; at a group's position values up to a tag of 0. A tag has 16 bits:
/// length of the name, number of indices, size of the value; 63 and 62 as size stand for a block and a compressed one, which begin with their
/// size in the file, the size in memory and a padding.
/// </remarks>
internal sealed class VmwareState
{
    private const int HeaderSize = 12;
    private const int GroupSize = 80;
    private const int NameSize = 64;

    // Real ones have about a hundred groups, and a few thousand values in the largest of them.
    private const uint MostGroups = 4096;
    private const int MostTags = 1 << 18;

    private const int BlockSize = 63;
    private const int PackedBlockSize = 62;

    private readonly Dictionary<string, ulong> _groups = new(StringComparer.Ordinal);
    private readonly int _sizeBytes;

    private VmwareState(DataSource source, uint magic, ulong groups)
    {
        Source = source;

        // The last digit of the magic is the format's version; 0 is that of 32-bit hosts.
        _sizeBytes = (magic & 0xf) == 0 ? 4 : 8;
        byte[] table = new byte[groups * GroupSize];
        source.Read(HeaderSize, table);
        for (int at = 0; at < table.Length; at += GroupSize)
        {
            ReadOnlySpan<byte> name = table.AsSpan(at, NameSize);
            int end = name.IndexOf((byte)0);
            _groups.TryAdd(Encoding.Latin1.GetString(end < 0 ? name : name[..end]), BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at + NameSize)));
        }
    }

    /// <summary>The file.</summary>
    public DataSource Source { get; }

    /// <summary>Whether it is of a 32-bit host.</summary>
    public bool Is32Bit => _sizeBytes == 4;

    /// <summary>The sizes and counts that were wrong, in words.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Whether a file starts like a state.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= HeaderSize && IsMagic(BinaryPrimitives.ReadUInt32LittleEndian(head));

    /// <summary>Whether a file starts like a state.</summary>
    public static bool Matches(DataSource source)
    {
        Span<byte> head = stackalloc byte[HeaderSize];
        if (source.Length < HeaderSize)
        {
            return false;
        }

        source.Read(0, head);
        return Matches(head);
    }

    /// <summary>Reads the table of groups. O(groups), of which there are at most 4096.</summary>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c> or <c>DumpTruncated</c>.</exception>
    public static VmwareState Open(DataSource source)
    {
        Span<byte> head = stackalloc byte[HeaderSize];
        source.Read(0, head);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (count is 0 or > MostGroups)
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"The VMware state '{source.Name}' says that it has {count} groups of values, which is no number that VMware writes (1 to "
                + $"{MostGroups}). It is damaged, or isn't one.")
            { Path = source.Name, Offset = 8 };
        }

        ulong held = (source.Length - HeaderSize) / GroupSize;
        return held >= count
            ? new VmwareState(source, BinaryPrimitives.ReadUInt32LittleEndian(head), count)
            : throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"The VMware state '{source.Name}' ends at 0x{source.Length:x}, within its table of {count} groups. It is cut off; fetch it again.")
            { Path = source.Name, Offset = HeaderSize };
    }

    /// <summary>
    /// The values of a group, in the order of the file; what follows a damaged one is left out with a warning. O(values), of which at most
    /// 262,144 are read.
    /// </summary>
    public IEnumerable<VmwareTag> Tags(string group)
    {
        const int LongestTag = 2 + 255 + 12 + 18;
        if (!_groups.TryGetValue(group, out ulong at))
        {
            yield break;
        }

        byte[] buffer = new byte[LongestTag];
        for (int i = 0; i < MostTags; i++)
        {
            int held = at < Source.Length ? (int)Math.Min(Source.Length - at, LongestTag) : 0;
            Source.Read(held == 0 ? 0 : at, buffer.AsSpan(0, held));
            if (held >= 2 && buffer[0] == 0 && buffer[1] == 0)
            {
                yield break;
            }

            if (!TryParse(buffer.AsSpan(0, held), at, out VmwareTag tag))
            {
                Warnings.Add($"Group '{group}' of the VMware state '{Source.Name}' is damaged or cut off at 0x{at:x}; what follows there is left out.");
                yield break;
            }

            yield return tag;
            at = tag.Offset + tag.Size;
        }

        Warnings.Add($"Group '{group}' of the VMware state '{Source.Name}' has more than {MostTags} values; the rest of them is left out.");
    }

    /// <summary>A value of up to 8 bytes as a number; null when it is larger or isn't in the file.</summary>
    public ulong? Number(in VmwareTag tag)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (tag.Size is 0 or > 8 || tag.IsPacked || !Holds(tag))
        {
            return null;
        }

        Source.Read(tag.Offset, bytes[..(int)tag.Size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A value's bytes, unpacked; null when it is larger than asked for, or isn't whole.</summary>
    /// <param name="tag">The value.</param>
    /// <param name="most">The most bytes it may have, packed or not.</param>
    public byte[]? Bytes(in VmwareTag tag, int most)
    {
        if (tag.Size > (ulong)most || tag.MemorySize > (ulong)most || !Holds(tag))
        {
            return null;
        }

        byte[] bytes = new byte[tag.Size];
        Source.Read(tag.Offset, bytes);
        return tag.IsPacked ? Unpack(bytes, (int)tag.MemorySize) : bytes;
    }

    private static byte[]? Unpack(byte[] packed, int size)
    {
        byte[] bytes = new byte[size];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            return zlib.ReadAtLeast(bytes, size, throwOnEndOfStream: false) == size ? bytes : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static bool IsMagic(uint magic) => magic is 0xbed0bed0 or 0xbed2bed0 or 0xbed2bed2 or 0xbed3bed3 or 0xbad1bad1 or 0xbad2bad2;

    private bool Holds(in VmwareTag tag) => tag.Offset <= Source.Length && tag.Size <= Source.Length - tag.Offset;

    private bool TryParse(ReadOnlySpan<byte> bytes, ulong at, out VmwareTag tag)
    {
        tag = default;
        if (bytes.Length < 2)
        {
            return false;
        }

        int size = bytes[0] & 0x3f;
        int indices = bytes[0] >> 6;
        int name = 2;
        int index = name + bytes[1];
        int value = index + (indices * 4);
        bool isBlock = size is BlockSize or PackedBlockSize;
        int data = value + (isBlock ? (_sizeBytes * 2) + 2 : 0);
        if (data > bytes.Length)
        {
            return false;
        }

        ulong length = (ulong)size;
        ulong memory = length;
        ulong offset = at + (ulong)data;
        if (isBlock)
        {
            length = Size(bytes[value..]);
            memory = Size(bytes[(value + _sizeBytes)..]);
            offset += BinaryPrimitives.ReadUInt16LittleEndian(bytes[(data - 2)..]);

            // A block that is cut off is the last value there is; nothing may be added to an offset that wraps.
            if (length > long.MaxValue - offset)
            {
                return false;
            }
        }

        tag = new VmwareTag(
            Encoding.Latin1.GetString(bytes[name..index]),
            indices,
            indices > 0 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[index..]) : 0,
            indices > 1 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(index + 4)..]) : 0,
            offset,
            length,
            size == PackedBlockSize ? memory : length,
            size == PackedBlockSize);
        return true;
    }

    private ulong Size(ReadOnlySpan<byte> bytes) =>
        Is32Bit ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
