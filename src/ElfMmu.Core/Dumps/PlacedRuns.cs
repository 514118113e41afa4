using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Collects stretches of physical memory as a container's tables name them: neighbours are fused, what the file doesn't hold is left out, and
/// of an address that comes twice the first bytes count; zeros for what is missing never take the place of bytes. What is lost is counted and said once. O(stretches) memory, O(n log n) time.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="zeroFill">Whether what the file doesn't hold is read as zeros.</param>
internal sealed class PlacedRuns(DataSource source, bool zeroFill)
{
    private const int MostListed = 3;

    private readonly List<PhysicalRun> _runs = [];
    private readonly List<PhysicalRun> _zeroRuns = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _twice = [];
    private ZeroDataSource? _zeros;
    private PhysicalRun _last;
    private ulong _missingCount;
    private ulong _filled;
    private ulong _twiceCount;

    /// <summary>How many bytes were promised that the file doesn't hold; right once all is finished.</summary>
    public ulong MissingSize { get; private set; }

    /// <summary>
    /// Whether so many zeros may take the place of what a file doesn't hold. A size that is damaged asks for terabytes, and whoever keeps a bit for
    /// each page would need as much memory as that takes.
    /// </summary>
    /// <param name="size">All zeros together, in bytes.</param>
    /// <param name="fileLength">The length of the file.</param>
    public static bool MayFill(ulong size, ulong fileLength) => size <= 1UL << 30 || size >> 10 <= fileLength;

    /// <summary>Adds a stretch.</summary>
    /// <param name="address">Its first physical address; <c>address + size - 1</c> must not pass 2^64.</param>
    /// <param name="size">Its bytes; 0 adds nothing.</param>
    /// <param name="offset">Where its bytes are to be in the file.</param>
    /// <exception cref="ElfMmuException"><c>DumpTooManyRuns</c>.</exception>
    public void Add(ulong address, ulong size, ulong offset)
    {
        if (size == 0)
        {
            return;
        }

        if (_last.Size > 0 && address == _last.Start + _last.Size && offset == _last.Offset + _last.Size)
        {
            _last = _last with { Size = _last.Size + size };
            return;
        }

        Flush();
        _last = new PhysicalRun(address, size, source, offset);
    }

    /// <summary>The runs, ascending and disjoint.</summary>
    /// <param name="warnings">Takes what is lost.</param>
    public IReadOnlyList<PhysicalRun> Finish(List<string> warnings)
    {
        Flush();
        var runs = new List<PhysicalRun>(_runs.Count);
        foreach (PhysicalRun run in _runs.OrderBy(r => r.Start))
        {
            PhysicalRun rest = run;
            if (runs.Count > 0 && runs[^1] is var previous && run.Start <= previous.Last)
            {
                Note(_twice, ref _twiceCount, $"0x{run.Start:x}");
                if (run.Last <= previous.Last)
                {
                    continue;
                }

                ulong cut = previous.Last - run.Start + 1;
                rest = run with { Start = run.Start + cut, Size = run.Size - cut, Offset = run.Offset + cut };
            }

            runs.Add(rest);
        }

        if (_missingCount > 0)
        {
            warnings.Add($"'{source.Name}' ends at 0x{source.Length:x}: {ByteSize.Rounded(MissingSize)} of the memory it promises "
                + $"{(_filled == MissingSize ? "are read as zeros" : "aren't there")} ({Listed(_missing, _missingCount)}). It is cut off; fetch it again if you can.");
        }

        if (_twiceCount > 0)
        {
            warnings.Add($"'{source.Name}' gives bytes twice for some physical addresses, and the first ones that it gives count "
                + $"({Listed(_twice, _twiceCount)}).");
        }

        return _zeroRuns.Count == 0 ? runs : [.. runs.Concat(OverlappingRuns.Rest(_zeroRuns, runs)).OrderBy(r => r.Start)];
    }

    private static string Listed(List<string> first, ulong count) =>
        string.Join(", ", first) + (count > (ulong)first.Count ? $", and {count - (ulong)first.Count} more" : "");

    private static void Note(List<string> list, ref ulong count, string text)
    {
        count++;
        if (list.Count < MostListed)
        {
            list.Add(text);
        }
    }

    private void Flush()
    {
        if (_last.Size == 0)
        {
            return;
        }

        ulong held = _last.Offset >= source.Length ? 0 : Math.Min(source.Length - _last.Offset, _last.Size);
        if (held > 0)
        {
            RunLimit.Check(_runs.Count, source.Name);
            _runs.Add(_last with { Size = held });
        }

        if (held < _last.Size)
        {
            ulong lost = _last.Size - held;
            MissingSize += lost;
            Note(_missing, ref _missingCount, $"0x{lost:x} bytes of offset 0x{_last.Offset + held:x} at physical 0x{_last.Start + held:x}");
            if (zeroFill && MayFill(_filled + lost, source.Length))
            {
                RunLimit.Check(_zeroRuns.Count, source.Name);
                _filled += lost;
                _zeros ??= new ZeroDataSource(source.Name);
                _zeroRuns.Add(new PhysicalRun(_last.Start + held, lost, _zeros, 0));
            }
        }

        _last = default;
    }
}
