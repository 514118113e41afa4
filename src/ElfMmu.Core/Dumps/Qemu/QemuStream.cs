using System.Buffers.Binary;
using System.Text;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Reads the sections of a migration stream of QEMU's up to the end of the RAM. All numbers are big-endian. O(pages).
/// </summary>
/// <remarks>QEMU, migration/savevm.c, migration/ram.c and scripts/analyze-migration.py; docs/devel/migration.</remarks>
internal sealed class QemuStream
{
    private const uint Magic = 0x5145564d;
    private const uint Version = 3;
    private const uint RamVersion = 4;
    private const int MostBlocks = 4096;
    private const int MostCapabilities = 256;

    // What 52 bits of physical address reach.
    private const ulong MostRam = 1UL << 52;

    private const byte EndOfFile = 0;
    private const byte SectionStart = 1;
    private const byte SectionPart = 2;
    private const byte SectionEnd = 3;
    private const byte Subsection = 5;
    private const byte Configuration = 7;
    private const byte Command = 8;
    private const byte Footer = 0x7e;

    private const ulong Zero = 2;
    private const ulong Sizes = 4;
    private const ulong Page = 8;
    private const ulong EndOfSection = 0x10;
    private const ulong SameBlock = 0x20;
    private const ulong Delta = 0x40;
    private const ulong Compressed = 0x100;
    private const ulong Flush = 0x200;

    private readonly DataSource _source;
    private readonly List<string> _capabilities = [];
    private readonly Dictionary<string, QemuBlock> _byName = new(StringComparer.Ordinal);
    private ulong _at;
    private QemuBlock? _block;

    private QemuStream(DataSource source, ulong start)
    {
        _source = source;
        _at = start + 8;
    }

    /// <summary>The blocks of RAM, in the order of the stream.</summary>
    public List<QemuBlock> Blocks { get; } = [];

    /// <summary>The machine type, such as <c>pc-i440fx-7.2</c>; empty when the stream doesn't say.</summary>
    public string MachineType { get; private set; } = "";

    /// <summary>The size of a page in bytes.</summary>
    public int PageSize { get; private set; } = 4096;

    /// <summary>Where the RAM ends in the file, and the state of the devices begins.</summary>
    public ulong End => _at;

    /// <summary>Why the RAM isn't whole; null if it is.</summary>
    public string? Cut { get; private set; }

    /// <summary>Whether a stream begins at an offset.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(head) == Magic;

    /// <summary>Reads a stream.</summary>
    /// <param name="source">The file.</param>
    /// <param name="start">Where the stream begins.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ElfMmuException"><c>DumpUnsupported</c>, <c>DumpInconsistent</c>.</exception>
    public static QemuStream Read(DataSource source, ulong start, CancellationToken cancellation)
    {
        var stream = new QemuStream(source, start);
        try
        {
            stream._at = start + 4;
            if (stream.Word() is var version && version != Version)
            {
                throw stream.Unsupported($"is in version {version} of QEMU's stream");
            }

            stream.ReadSections(cancellation);
        }
        catch (EndOfStreamException)
        {
            stream.Cut = $"'{source.Name}' ends at 0x{source.Length:x}, before all of the RAM was sent";
        }

        return stream;
    }

    private void ReadSections(CancellationToken cancellation)
    {
        uint? ram = null;
        for (; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            ulong at = _at;
            byte type = Byte();
            switch (type)
            {
                case Configuration:
                    ReadConfiguration(cancellation);
                    break;
                case Command:
                    _at += 2;
                    _at += Half();
                    break;
                case SectionStart:
                    uint id = Word();
                    string name = Name();
                    _at += 4;
                    uint version = Word();
                    if (name != "ram" || ram != null)
                    {
                        throw Unsupported($"sends '{name}' beside the RAM");
                    }

                    if (version != RamVersion)
                    {
                        throw Unsupported($"has the RAM in version {version}");
                    }

                    ram = id;
                    ReadRam(cancellation);
                    SkipFooter();
                    break;
                case SectionPart or SectionEnd when ram != null && Word() == ram:
                    ReadRam(cancellation);
                    SkipFooter();
                    if (type == SectionEnd)
                    {
                        return;
                    }

                    break;
                case EndOfFile when ram == null:
                    throw Inconsistent("has no RAM in it", at);
                default:
                    throw Inconsistent($"has a section of type {type}, where RAM ought to follow", at);
            }
        }
    }

    private void ReadConfiguration(CancellationToken cancellation)
    {
        MachineType = Text(Word());
        while (Peek() == Subsection)
        {
            cancellation.ThrowIfCancellationRequested();
            _at++;
            string name = Name();
            _at += 4;
            switch (name)
            {
                case "configuration/capabilities":
                    uint count = Word();
                    if (count > MostCapabilities - _capabilities.Count)
                    {
                        throw Inconsistent($"lists {count} capabilities, of which QEMU has some dozens", _at - 4);
                    }

                    for (; count > 0; count--)
                    {
                        _capabilities.Add(Name());
                    }

                    break;
                case "configuration/target-page-bits":
                    uint bits = Word();
                    PageSize = bits is >= 10 and <= 16 ? 1 << (int)bits : throw Inconsistent($"has pages of 2^{bits} bytes", _at);
                    break;
                case "configuration/uuid":
                    _at += 16;
                    break;
                default:
                    throw Unsupported($"has '{name}' in its configuration");
            }
        }

        if (_capabilities.Find(c => c is "mapped-ram" or "x-ignore-shared" or "multifd" or "compress") is { } capability)
        {
            throw Unsupported($"was written with the capability '{capability}'");
        }
    }

    private void ReadRam(CancellationToken cancellation)
    {
        for (uint count = 0; ; count++)
        {
            if ((count & 0xffff) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            ulong at = _at;
            ulong word = Long();
            ulong flags = word & (ulong)(PageSize - 1);
            ulong address = word & ~(ulong)(PageSize - 1);
            if ((flags & Sizes) != 0)
            {
                ReadSizes(address);
                flags &= ~Sizes;
            }

            switch (flags & ~SameBlock)
            {
                case Zero:
                    QemuBlock zeros = Block(flags, address, at);
                    if (Byte() is var fill and not 0)
                    {
                        throw Inconsistent($"fills a page with 0x{fill:x}, which QEMU hasn't done since 2013", at);
                    }

                    zeros.Add(address, 0);
                    break;
                case Page:
                    QemuBlock block = Block(flags, address, at);
                    ulong data = _at;
                    Skip((ulong)PageSize);
                    block.Add(address, data);
                    break;
                case 0 or Flush:
                    break;
                case EndOfSection:
                    return;
                case Delta:
                    throw Unsupported("sends differences of pages (capability 'xbzrle')");
                case Compressed:
                    throw Unsupported("sends compressed pages (capability 'compress')");
                default:
                    throw Inconsistent($"has a page with the flags 0x{flags:x}", at);
            }
        }
    }

    private void ReadSizes(ulong total)
    {
        while (total > 0)
        {
            ulong at = _at;
            string name = Name();
            ulong length = Long();
            if (length is 0 or > MostRam || length > total || Blocks.Count >= MostBlocks || _byName.ContainsKey(name))
            {
                throw Inconsistent($"lists the block '{name}' with 0x{length:x} of the 0x{total:x} bytes that are left", at);
            }

            var block = new QemuBlock(name, length, PageSize);
            Blocks.Add(block);
            _byName.Add(name, block);
            total -= length;
        }
    }

    private QemuBlock Block(ulong flags, ulong address, ulong at)
    {
        if ((flags & SameBlock) == 0)
        {
            string name = Name();
            _block = _byName.GetValueOrDefault(name) ?? throw Inconsistent($"has a page of the block '{name}', which it doesn't list", at);
        }

        return _block is { } block && address < block.Length
            ? block
            : throw Inconsistent($"has a page at 0x{address:x} of a block that is smaller, or of none", at);
    }

    private void SkipFooter()
    {
        if (Peek() == Footer)
        {
            Skip(5);
        }
    }

    private string Name() => Text(Byte());

    private string Text(uint length)
    {
        if (length > 255)
        {
            throw Inconsistent($"has a name of {length} bytes", _at);
        }

        byte[] bytes = new byte[length];
        Take(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private byte Peek()
    {
        byte value = Byte();
        _at--;
        return value;
    }

    private byte Byte()
    {
        Span<byte> bytes = stackalloc byte[1];
        Take(bytes);
        return bytes[0];
    }

    private ushort Half()
    {
        Span<byte> bytes = stackalloc byte[2];
        Take(bytes);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    private uint Word()
    {
        Span<byte> bytes = stackalloc byte[4];
        Take(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private ulong Long()
    {
        Span<byte> bytes = stackalloc byte[8];
        Take(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private void Take(Span<byte> bytes)
    {
        ulong at = _at;
        Skip((ulong)bytes.Length);
        _source.Read(at, bytes);
    }

    private void Skip(ulong count)
    {
        if (_at > _source.Length || count > _source.Length - _at)
        {
            throw new EndOfStreamException();
        }

        _at += count;
    }

    private ElfMmuException Unsupported(string what) => new(
        "DumpUnsupported",
        ErrorKind.NotSupported,
        $"'{_source.Name}' {what}, which isn't read here. Load it into QEMU (-incoming) and write the memory with dump-guest-memory, which opens here.")
    { Path = _source.Name, Offset = _at };

    private ElfMmuException Inconsistent(string what, ulong at) => new(
        "DumpInconsistent",
        ErrorKind.InvalidData,
        $"'{_source.Name}' {what}, at offset 0x{at:x}. The stream of QEMU's is damaged, or of a version that isn't known.")
    { Path = _source.Name, Offset = at };
}
