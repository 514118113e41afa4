using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Collects the pages of a Windows crash dump in the order of the file, in which they stand one behind the other. What lies behind the file's
/// end is counted and left out, or read as zeros. Memory is O(runs), and each run that is kept has bytes in the file.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="offset">Where its first page is.</param>
/// <param name="zeroFill">Whether what isn't in the file is read as zeros.</param>
internal sealed class WindowsRuns(DataSource source, ulong offset, bool zeroFill)
{
    public const int PageShift = 12;

    // No processor that Windows runs on has more bits in a physical address.
    private const int MostAddressBits = 52;

    // What zeros are made for, beside what the file's length justifies: a damaged count mustn't fill the memory of whoever walks the dump.
    private const ulong MostZeros = 256UL << 30;
    private const ulong MostZerosPerByte = 64;
    private const int MostZeroRuns = 1 << 20;
    private const int MostNamed = 3;

    private readonly List<PhysicalRun> _runs = [];
    private readonly List<PhysicalRun> _zeroRuns = [];
    private readonly List<string> _named = [];
    private ZeroDataSource? _zeros;
    private ulong _offset = offset;
    private ulong _absentOffset;
    private ulong _absentRuns;
    private readonly ulong _mostZeros = MostZeros + (Math.Min(source.Length, 1UL << 56) * MostZerosPerByte);
    private ulong _zeroBytes;

    /// <summary>Whether the file holds not one page of them.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>How many pages were added, in the file or not.</summary>
    public ulong Pages { get; private set; }

    /// <summary>How many of their bytes aren't in the file, whether they are read as zeros or not.</summary>
    public ulong MissingSize { get; private set; }

    /// <summary>Adds consecutive pages.</summary>
    /// <param name="page">The number of the first.</param>
    /// <param name="count">How many; 0 adds nothing.</param>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>: there are no such pages; <c>DumpTooManyRuns</c>.</exception>
    public void Add(ulong page, ulong count)
    {
        const ulong Pages52 = 1UL << (MostAddressBits - PageShift);
        if (page > Pages52 || count > Pages52 - page)
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"'{source.Name}' says that 0x{count:x} pages from page 0x{page:x} on are in it, but physical addresses end at page "
                + $"0x{Pages52:x}. The dump's header is damaged.")
            { Path = source.Name };
        }

        if (count == 0)
        {
            return;
        }

        Pages += count;
        ulong start = page << PageShift;
        ulong size = count << PageShift;
        ulong held = _offset >= source.Length ? 0 : Math.Min(source.Length - _offset, size);
        if (held > 0)
        {
            Keep(new PhysicalRun(start, held, source, _offset));
        }

        if (held < size)
        {
            Miss(start + held, size - held, _offset + held);
        }

        // Page counts that are added up can't reach 2^64 bytes unless the file is nearly as long.
        _offset = size > ulong.MaxValue - _offset ? ulong.MaxValue : _offset + size;
    }

    /// <summary>
    /// The runs, in the order of the file; then zeros for what it doesn't hold at any other place either, where they were asked for.
    /// O(n log n).
    /// </summary>
    public IReadOnlyList<PhysicalRun> Finish() => _zeroRuns.Count == 0
        ? _runs
        : [.. _runs, .. OverlappingRuns.Rest(_zeroRuns, [.. _runs.OrderBy(r => r.Start)])];

    /// <summary>What isn't in the file, as a sentence; null where all is.</summary>
    public string? Absence()
    {
        if (MissingSize == 0)
        {
            return null;
        }

        string more = _absentRuns > (ulong)_named.Count ? $", and {_absentRuns - (ulong)_named.Count} more runs" : "";
        string fate = _zeroBytes == MissingSize ? "They are read as zeros."
            : _zeroBytes > 0 ? $"0x{_zeroBytes:x} of them are read as zeros, the others are absent: there are too many."
            : zeroFill ? "They are absent: there are too many of them to be read as zeros."
            : "They are absent.";
        return $"'{source.Name}' is cut off: it ends at offset 0x{source.Length:x}, and 0x{MissingSize:x} bytes of memory would stand from offset "
            + $"0x{_absentOffset:x} on ({string.Join(", ", _named)}{more}). {fate}";
    }

    private void Miss(ulong start, ulong size, ulong at)
    {
        if (MissingSize == 0)
        {
            _absentOffset = at;
        }

        MissingSize = size > ulong.MaxValue - MissingSize ? ulong.MaxValue : MissingSize + size;
        _absentRuns++;
        if (_named.Count < MostNamed)
        {
            _named.Add($"0x{size:x} at physical 0x{start:x}");
        }

        if (zeroFill && size <= _mostZeros - _zeroBytes && _zeroRuns.Count < MostZeroRuns)
        {
            _zeros ??= new ZeroDataSource(source.Name);
            _zeroBytes += size;
            _zeroRuns.Add(new PhysicalRun(start, size, _zeros, start));
        }
    }

    private void Keep(PhysicalRun run)
    {
        if (_runs.Count > 0
            && _runs[^1] is var last
            && last.Source == run.Source
            && last.Start + last.Size == run.Start
            && last.Offset + last.Size == run.Offset)
        {
            _runs[^1] = last with { Size = last.Size + run.Size };
        }
        else
        {
            RunLimit.Check(_runs.Count, source.Name);
            _runs.Add(run);
        }
    }
}
