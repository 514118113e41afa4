using System.Runtime.CompilerServices;

namespace ElfMmu.Memory;

/// <summary>
/// The physical memory in a dump: sorted, disjoint runs. Looking an address up is O(log runs), O(1) when it lies in the run of
/// the last look-up; the caller keeps that hint, so several threads can read at once.
/// </summary>
public sealed unsafe class PhysicalMemory : IDisposable
{
    private readonly PhysicalRun[] _runs;
    private readonly ulong[] _pageIndexes;
    private readonly byte*[] _pointers;
    private readonly DataSource[] _sources;
    private readonly List<WeakReference<PhysicalMemory>> _views = [];

    /// <summary>Makes a memory of runs in any order and takes over their sources.</summary>
    /// <param name="runs">
    /// The runs. Two may overlap only if the shared part is the same bytes of the same source; O(n log n) in their number.
    /// </param>
    /// <exception cref="ElfMmuException">
    /// <c>DumpInconsistent</c>: a run leaves its source or the address space, or two runs give different bytes for an address.
    /// </exception>
    public PhysicalMemory(IEnumerable<PhysicalRun> runs)
    {
        _runs = Normalize(runs);
        _sources = [.. _runs.Select(r => r.Source).Distinct()];
        _pointers = Pointers(_runs);
        _pageIndexes = new ulong[_runs.Length];
        ulong pages = 0;
        for (int i = 0; i < _runs.Length; i++)
        {
            _pageIndexes[i] = pages;
            pages += (_runs[i].Last >> PageShift) - (_runs[i].Start >> PageShift) + 1;
            Size += _runs[i].Size;
        }

        PageCount = pages;
    }

    /// <summary>
    /// Makes a view that shows parts of a memory at other addresses. However often a part is shown, its frames are numbered as in
    /// the memory: what is kept for each frame stays bounded by the dump.
    /// </summary>
    /// <param name="memory">The memory, which keeps its sources and must outlive the view.</param>
    /// <param name="pieces">
    /// What is shown and where, ascending and disjoint in the view and displaced by whole frames; what the memory doesn't hold
    /// is left out.
    /// </param>
    internal PhysicalMemory(PhysicalMemory memory, IEnumerable<(ulong Start, ulong Size, ulong Shown)> pieces)
    {
        var runs = new List<PhysicalRun>();
        var pageIndexes = new List<ulong>();
        int hint = 0;
        foreach ((ulong start, ulong size, ulong shown) in pieces)
        {
            for (ulong done = 0; done < size && memory.TryFind(shown + done, ref hint);)
            {
                ref readonly PhysicalRun run = ref memory._runs[hint];
                ulong within = shown + done - run.Start;
                var part = new PhysicalRun(start + done, Math.Min(run.Size - within, size - done), run.Source, run.Offset + within);
                runs.Add(part);
                pageIndexes.Add(memory.PageIndex(shown + done, hint));
                Size += part.Size;
                done += part.Size;
            }
        }

        _runs = [.. runs];
        _pageIndexes = [.. pageIndexes];
        _sources = [];
        _pointers = Pointers(_runs);
        PageCount = memory.PageCount;
        lock (memory._views)
        {
            memory._views.RemoveAll(v => !v.TryGetTarget(out _));
            memory._views.Add(new(this));
        }
    }

    /// <summary>The runs, ascending and disjoint.</summary>
    public IReadOnlyList<PhysicalRun> Runs => _runs;

    /// <summary>How many bytes the dump holds.</summary>
    public ulong Size { get; }

    /// <summary>What turned out to be damaged while it was read, by source.</summary>
    internal IEnumerable<DamageLog> Damage => _runs.Select(r => r.Source).Distinct().Select(s => s.Damage).OfType<DamageLog>();

    /// <summary>How many 4 KiB frames hold at least one byte of the dump, counted per run; <see cref="PageIndex"/> is below it.</summary>
    internal ulong PageCount { get; }

    private const int PageShift = 12;

    /// <summary>Reads bytes that may cross runs.</summary>
    /// <returns>False when any of them is not in the dump, or is damaged; the destination's content is undefined then.</returns>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        int hint = 0;
        while (!destination.IsEmpty)
        {
            if (!TryFind(address, ref hint))
            {
                return false;
            }

            ref readonly PhysicalRun run = ref _runs[hint];
            ulong within = address - run.Start;
            int part = (int)Math.Min(run.Size - within, (ulong)destination.Length);
            if (!run.Source.TryRead(run.Offset + within, destination[..part]))
            {
                return false;
            }

            address += (ulong)part;
            destination = destination[part..];
        }

        return true;
    }

    /// <summary>The bytes at an address in place, or copied to a buffer where they can't be had in place.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">How many bytes, at most the buffer's length.</param>
    /// <param name="buffer">At least <paramref name="size"/> bytes that stay where they are.</param>
    /// <param name="hint">The caller's last hit; starts at 0.</param>
    /// <returns>The bytes, or null when the dump doesn't hold all of them.</returns>
    internal byte* Fetch(ulong address, int size, byte* buffer, ref int hint)
    {
        if (!TryFind(address, ref hint))
        {
            return null;
        }

        ulong within = address - _runs[hint].Start;
        if ((ulong)size <= _runs[hint].Size - within && _pointers[hint] != null)
        {
            return _pointers[hint] + within;
        }

        return TryRead(address, new Span<byte>(buffer, size)) ? buffer : null;
    }

    /// <summary>The bytes at an address in place; null where they can't be had so, or the dump doesn't hold all of them.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">How many bytes.</param>
    /// <param name="hint">The caller's last hit; starts at 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* InPlace(ulong address, int size, ref int hint)
    {
        if (!TryFind(address, ref hint))
        {
            return null;
        }

        ulong within = address - _runs[hint].Start;
        byte* pointer = _pointers[hint];
        return pointer != null && (ulong)size <= _runs[hint].Size - within ? pointer + within : null;
    }

    /// <summary>
    /// What the dump has of a stretch that isn't all there; the rest of the buffer is zeros, which no mode takes for an entry. O(log
    /// runs), and the bytes.
    /// </summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">How many bytes, at most the buffer's length.</param>
    /// <param name="buffer">At least <paramref name="size"/> bytes.</param>
    /// <param name="hint">The caller's last hit, left at the first run of the stretch.</param>
    /// <returns>False when the dump has none of it.</returns>
    internal bool FetchPart(ulong address, int size, byte* buffer, ref int hint)
    {
        int first = 0;
        for (int end = _runs.Length; first < end;)
        {
            int middle = (first + end) >>> 1;
            (first, end) = _runs[middle].Last < address ? (middle + 1, end) : (first, middle);
        }

        if (first == _runs.Length || (_runs[first].Start > address && _runs[first].Start - address >= (ulong)size))
        {
            return false;
        }

        hint = first;
        var bytes = new Span<byte>(buffer, size);
        bytes.Clear();
        for (; first < _runs.Length; first++)
        {
            ref readonly PhysicalRun run = ref _runs[first];
            ulong from = Math.Max(run.Start, address);
            ulong within = from - address;
            if (within >= (ulong)size)
            {
                break;
            }

            int part = (int)Math.Min(run.Last - from + 1, (ulong)size - within);
            run.Source.ReadSound(run.Offset + (from - run.Start), bytes.Slice((int)within, part));
        }

        return true;
    }

    /// <summary>The number of an address's 4 KiB frame among the dump's frames, for bitmaps of one bit a frame.</summary>
    /// <param name="address">An address that lies in the run <paramref name="hint"/> points at, or before it.</param>
    /// <param name="hint">The hint that <see cref="Fetch"/> or <see cref="FetchPart"/> left.</param>
    internal ulong PageIndex(ulong address, int hint) =>
        _pageIndexes[hint] + ((Math.Max(address, _runs[hint].Start) >> PageShift) - (_runs[hint].Start >> PageShift));

    /// <summary>The run that holds an address that is in the memory.</summary>
    internal PhysicalRun RunOf(ulong address)
    {
        int hint = 0;
        return TryFind(address, ref hint) ? _runs[hint] : throw new ArgumentOutOfRangeException(nameof(address));
    }

    /// <summary>Finds the run that holds an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryFind(ulong address, ref int hint)
    {
        PhysicalRun[] runs = _runs;
        if ((uint)hint < (uint)runs.Length && address - runs[hint].Start < runs[hint].Size)
        {
            return true;
        }

        return Search(address, ref hint);
    }

    private bool Search(ulong address, ref int hint)
    {
        int low = 0;
        int high = _runs.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ref readonly PhysicalRun run = ref _runs[middle];
            if (address < run.Start)
            {
                high = middle - 1;
            }
            else if (address - run.Start >= run.Size)
            {
                low = middle + 1;
            }
            else
            {
                hint = middle;
                return true;
            }
        }

        return false;
    }

    /// <summary>Where each run's bytes are in our own address space; null where they have to be read.</summary>
    private static byte*[] Pointers(PhysicalRun[] runs)
    {
        var pointers = new byte*[runs.Length];
        for (int i = 0; i < runs.Length; i++)
        {
            byte* pointer = runs[i].Source.Pointer;
            pointers[i] = pointer == null ? null : pointer + runs[i].Offset;
        }

        return pointers;
    }

    private static PhysicalRun[] Normalize(IEnumerable<PhysicalRun> runs)
    {
        var sorted = new List<PhysicalRun>();
        foreach (PhysicalRun run in runs.Where(r => r.Size > 0).OrderBy(r => r.Start))
        {
            if (run.Offset > run.Source.Length || run.Size > run.Source.Length - run.Offset || run.Last < run.Start)
            {
                throw Inconsistent(run, $"asks for {run.Size} bytes at offset 0x{run.Offset:x}, but the file has {run.Source.Length}");
            }

            PhysicalRun rest = run;
            if (sorted.Count > 0 && sorted[^1] is var previous && run.Start <= previous.Last)
            {
                if (run.Source != previous.Source || run.Start - previous.Start != run.Offset - previous.Offset)
                {
                    throw Inconsistent(run, $"overlaps the run at 0x{previous.Start:x}, and the two take their bytes from different places");
                }

                if (run.Last <= previous.Last)
                {
                    continue;
                }

                ulong cut = previous.Last - run.Start + 1;
                rest = new PhysicalRun(run.Start + cut, run.Size - cut, run.Source, run.Offset + cut);
            }

            sorted.Add(rest);
        }

        return [.. sorted];
    }

    private static ElfMmuException Inconsistent(in PhysicalRun run, string what) => new(
        "DumpInconsistent",
        ErrorKind.InvalidData,
        $"'{run.Source.Name}' contradicts itself: the physical run at 0x{run.Start:x} {what}. The dump is damaged or isn't one.")
    { Path = run.Source.Name, Offset = run.Offset };

    /// <summary>The first runs in words, for messages.</summary>
    internal string Describe()
    {
        string listed = string.Join(", ", _runs.Take(4).Select(r => $"0x{r.Start:x}-0x{r.Last:x}"));
        return _runs.Length > 4 ? $"{listed}, and {_runs.Length - 4} more runs" : listed.Length == 0 ? "which is empty" : listed;
    }

    /// <summary>
    /// Closes the sources. Who reads on through this memory, or through a view of it, gets an exception; not so who is reading at that
    /// moment on another thread, or keeps a pointer from here, as translators keep those of tables: they have a lease on the dump as
    /// long.
    /// </summary>
    public void Dispose()
    {
        Array.Clear(_pointers);
        lock (_views)
        {
            foreach (WeakReference<PhysicalMemory> reference in _views)
            {
                if (reference.TryGetTarget(out PhysicalMemory? view))
                {
                    view.Dispose();
                }
            }

            _views.Clear();
        }

        foreach (DataSource source in _sources)
        {
            source.Dispose();
        }
    }
}
