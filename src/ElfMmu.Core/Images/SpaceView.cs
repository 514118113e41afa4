using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Images;

/// <summary>
/// Reads an address space by its map, and says how much of a range is there without going through it: a range comes from a header
/// that may claim anything. Building is O(mappings); for one thread.
/// </summary>
internal sealed class SpaceView : IImageBytes
{
    private const int CacheLine = 64;

    private readonly SpaceMap _map;
    private readonly PhysicalMemory _memory;

    // How many bytes of RAM the mappings before each one map, and where the unbroken stretch of RAM that each one is in ends.
    private readonly ulong[] _before;
    private readonly ulong[] _lasts;
    private int _hint;

    /// <summary>Makes a view.</summary>
    /// <param name="map">The space's mappings.</param>
    /// <param name="memory">The memory they lead to.</param>
    public SpaceView(SpaceMap map, PhysicalMemory memory)
    {
        _map = map;
        _memory = memory;
        ReadOnlySpan<Mapping> mappings = map.Mappings;
        _before = new ulong[mappings.Length];
        _lasts = new ulong[mappings.Length];
        for (int i = 0; i < mappings.Length; i++)
        {
            _before[i] = i == 0 ? 0 : _before[i - 1] + (IsThere(mappings[i - 1]) ? mappings[i - 1].Size : 0);
            MappingAttributes attributes = mappings[i].Attributes;
            UserExecutes |= (attributes.User & Rights.Execute) != 0;
            WithholdsExecution |= ((attributes.User | attributes.Supervisor) & Rights.Execute) == 0;
        }

        for (int i = mappings.Length - 1; i >= 0; i--)
        {
            bool goesOn = i + 1 < mappings.Length && IsThere(mappings[i + 1])
                && mappings[i + 1].VirtualAddress - mappings[i].VirtualAddress == mappings[i].Size;
            _lasts[i] = goesOn ? _lasts[i + 1] : mappings[i].LastAddress;
        }
    }

    /// <summary>
    /// How much was asked of the view so far, one for what takes some ten nanoseconds: looking up an address, copying a cache line. It is the
    /// measure of the work that headers make, which may have been written to make much of it.
    /// </summary>
    public long Work { get; private set; }

    /// <summary>Which space it is.</summary>
    public SpaceIdentity Space => _map.Space;

    /// <summary>The size of the space's smallest pages in bytes.</summary>
    public ulong PageSize => _map.Space.Mode.Granule;

    /// <summary>
    /// Whether user mode may execute anything. It may nothing in tables that only the kernel uses (page-table isolation), and then the
    /// right says nothing of what is user mode's.
    /// </summary>
    public bool UserExecutes { get; }

    /// <summary>
    /// Whether there is anything that can't be executed. Where there isn't, as in 32-bit x86 without PAE, the right says nothing.
    /// </summary>
    public bool WithholdsExecution { get; }

    /// <summary>Counts work that is done with what was read.</summary>
    /// <param name="amount">How much; see <see cref="Work"/>.</param>
    public void Spend(int amount) => Work += amount;

    /// <summary>Finds the mapping of an address. O(log mappings).</summary>
    public bool TryFind(ulong address, out Mapping mapping)
    {
        Work++;
        int index = At(address);
        mapping = index < 0 ? default : _map.Mappings[index];
        return index >= 0 && address <= mapping.LastAddress;
    }

    /// <summary>Reads as many bytes as there are without a gap.</summary>
    /// <returns>How many were read.</returns>
    public int Read(ulong address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryFind(address + (ulong)done, out Mapping mapping) && IsThere(mapping))
        {
            ulong within = address + (ulong)done - mapping.VirtualAddress;
            int part = (int)Math.Min(mapping.Size - within, (ulong)(destination.Length - done));
            if (!_memory.TryRead(mapping.PhysicalAddress + within, destination.Slice(done, part)))
            {
                break;
            }

            done += part;
            Work += part / CacheLine;
            if (address + (ulong)done < address)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Reads all bytes or says that not all are there.</summary>
    public bool TryRead(ulong address, Span<byte> destination) => Read(address, destination) == destination.Length;

    /// <summary>How many bytes of a range are mapped and in the dump; what wraps past 2^64 doesn't count. O(log mappings).</summary>
    public ulong Present(ulong address, ulong size)
    {
        if (size == 0)
        {
            return 0;
        }

        Work += 2;
        ulong last = size - 1 > ulong.MaxValue - address ? ulong.MaxValue : address + (size - 1);
        return UpTo(last) - (address == 0 ? 0 : UpTo(address - 1));
    }

    /// <summary>How many bytes from an address on are there without a gap. O(log mappings).</summary>
    public ulong Unbroken(ulong address)
    {
        Work++;
        int index = At(address);
        return index >= 0 && IsThere(_map.Mappings[index]) && address <= _map.Mappings[index].LastAddress
            ? Math.Max(_lasts[index] - address + 1, 1)
            : 0;
    }

    /// <summary>The mappings that overlap a range, ascending, at most so many of them.</summary>
    public IEnumerable<Mapping> Overlapping(ulong address, ulong size, int most)
    {
        if (size == 0)
        {
            yield break;
        }

        ulong last = size - 1 > ulong.MaxValue - address ? ulong.MaxValue : address + (size - 1);
        Work++;
        int index = At(address);
        if (index < 0 || _map.Mappings[index].LastAddress < address)
        {
            index++;
        }

        for (; most > 0 && index < _map.Mappings.Length && _map.Mappings[index].VirtualAddress <= last; index++, most--)
        {
            Work++;
            yield return _map.Mappings[index];
        }
    }

    private static bool IsThere(in Mapping mapping) => mapping.Kind == RegionKind.Ram;

    /// <summary>The last mapping that starts at an address or below it; -1 if none does.</summary>
    private int At(ulong address)
    {
        ReadOnlySpan<Mapping> mappings = _map.Mappings;
        if ((uint)_hint < (uint)mappings.Length
            && address - mappings[_hint].VirtualAddress < mappings[_hint].Size)
        {
            return _hint;
        }

        int low = 0;
        int high = mappings.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = mappings[middle].VirtualAddress <= address ? (middle + 1, high) : (low, middle);
        }

        return _hint = low - 1;
    }

    /// <summary>How many bytes of RAM are mapped at addresses up to one.</summary>
    private ulong UpTo(ulong last)
    {
        int index = At(last);
        if (index < 0)
        {
            return 0;
        }

        Mapping mapping = _map.Mappings[index];
        return _before[index] + (IsThere(mapping) ? Math.Min(last, mapping.LastAddress) - mapping.VirtualAddress + 1 : 0);
    }
}
