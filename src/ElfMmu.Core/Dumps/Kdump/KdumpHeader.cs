using System.Text;

namespace ElfMmu.Dumps;

/// <summary>The main header of a kdump-compressed file (makedumpfile, struct disk_dump_header), in one of its layouts.</summary>
internal sealed class KdumpHeader
{
    /// <summary>What a page is compressed with, as bits of <see cref="Status"/> and of a page's flags.</summary>
    public const uint Zlib = 1;

    /// <summary>LZO1X.</summary>
    public const uint Lzo = 2;

    /// <summary>Snappy, without framing.</summary>
    public const uint Snappy = 4;

    /// <summary>Zstandard.</summary>
    public const uint Zstandard = 0x20;

    /// <summary>The largest header in bytes.</summary>
    public const int Size = 464;

    private const uint Incomplete = 8;
    private const uint WithoutVmemmap = 0x10;
    private const int NameSize = 65;
    private const uint LeastBlock = 4096;
    private const uint MostBlock = 1 << 20;
    private const int MostVersion = 99;

    private readonly string[] _names;

    /// <summary>Takes the numbers as they stand there in a layout.</summary>
    public KdumpHeader(ReadOnlySpan<byte> bytes, KdumpLayout layout)
    {
        Layout = layout;
        IsKdump = IsKdumpSignature(bytes);
        var fields = new KdumpFields(bytes, layout.IsBigEndian);
        Version = fields.Word(8);
        _names = new string[6];
        for (int i = 0; i < _names.Length; i++)
        {
            ReadOnlySpan<byte> name = bytes.Slice(12 + (i * NameSize), NameSize);
            int end = name.IndexOf((byte)0);
            _names[i] = Encoding.Latin1.GetString(end < 0 ? name : name[..end]).Trim();
        }

        Seconds = layout.TimeSize == 8 ? fields.Long(layout.TimeAt) : fields.Word(layout.TimeAt);
        int at = layout.StatusAt;
        Status = fields.Word(at);
        BlockSize = fields.Word(at + 4);
        SubHeaderBlocks = fields.Word(at + 8);
        BitmapBlocks = fields.Word(at + 12);
        PageCount = fields.Word(at + 16);
        CpuCount = fields.Word(at + 36);
    }

    /// <summary>How its bytes are laid out.</summary>
    public KdumpLayout Layout { get; }

    /// <summary>Whether kdump wrote it, and not diskdump, whose sub-header is another one.</summary>
    public bool IsKdump { get; }

    /// <summary>The version of the header; the sub-header grew with it.</summary>
    public uint Version { get; }

    /// <summary>When the kernel crashed, in seconds since 1970; 0 where it isn't said.</summary>
    public ulong Seconds { get; }

    /// <summary>Bits that say how it was compressed, and whether it is whole.</summary>
    public uint Status { get; }

    /// <summary>The size of a page, and the unit of what stands before the pages.</summary>
    public uint BlockSize { get; }

    /// <summary>How many blocks the sub-header takes.</summary>
    public uint SubHeaderBlocks { get; }

    /// <summary>How many blocks the bitmaps take.</summary>
    public uint BitmapBlocks { get; }

    /// <summary>The number behind that of the last page, as far as 32 bits can say it.</summary>
    public uint PageCount { get; }

    /// <summary>How many processors the machine had.</summary>
    public uint CpuCount { get; }

    /// <summary>The kernel's name, such as Linux.</summary>
    public string System => _names[0];

    /// <summary>The machine's name.</summary>
    public string Host => _names[1];

    /// <summary>The kernel's release.</summary>
    public string Release => _names[2];

    /// <summary>The kernel's version: number and time of its build.</summary>
    public string Build => _names[3];

    /// <summary>The architecture by the name the kernel gives it.</summary>
    public string Machine => _names[4];

    /// <summary>The machine's domain.</summary>
    public string Domain => _names[5];

    /// <summary>Whether whoever wrote it had no room for all of it.</summary>
    public bool IsIncomplete => IsKdump && (Status & Incomplete) != 0;

    /// <summary>Whether the kernel's own list of pages was thinned out.</summary>
    public bool IsWithoutVmemmap => IsKdump && (Status & WithoutVmemmap) != 0;

    /// <summary>Where the sub-header begins.</summary>
    public ulong SubHeaderAt => BlockSize;

    /// <summary>Where the bitmaps begin.</summary>
    public ulong BitmapAt => (1UL + SubHeaderBlocks) * BlockSize;

    /// <summary>The size of the bitmaps in bytes.</summary>
    public ulong BitmapSize => (ulong)BitmapBlocks * BlockSize;

    /// <summary>Where the descriptors of the pages begin.</summary>
    public ulong DescriptorsAt => BitmapAt + BitmapSize;

    /// <summary>Whether a file starts like one.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) =>
        head.Length >= Size && (IsKdumpSignature(head) || head.StartsWith("DISKDUMP"u8));

    /// <summary>Whether its numbers make sense in this layout.</summary>
    public bool IsPlausible =>
        Version <= MostVersion
        && BlockSize is >= LeastBlock and <= MostBlock
        && uint.IsPow2(BlockSize)
        && SubHeaderBlocks <= int.MaxValue
        && BitmapBlocks is > 0 and <= int.MaxValue
        && PageCount > 0;

    private static bool IsKdumpSignature(ReadOnlySpan<byte> head) => head.StartsWith("KDUMP   "u8);
}
