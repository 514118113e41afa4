using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>Where an image's segments would be if it were loaded such that its header is at an address.</summary>
internal readonly struct ElfImageLayout
{
    private readonly ElfProgramHeader[] _loads;

    private ElfImageLayout(ElfProgramHeader[] loads, ulong bias)
    {
        _loads = loads;
        Bias = bias;
    }

    /// <summary>What is added to p_vaddr, modulo 2^64.</summary>
    public ulong Bias { get; }

    /// <summary>The segments to load, ascending and disjoint; there is at least one.</summary>
    public ReadOnlySpan<ElfProgramHeader> Loads => _loads;

    /// <summary>The first linked address.</summary>
    public ulong Start => _loads[0].VirtualAddress;

    /// <summary>The last linked address.</summary>
    public ulong Last => _loads[^1].VirtualAddress + (_loads[^1].MemorySize - 1);

    /// <summary>
    /// Lays an image out (gABI, "Program Loading"): the segment that starts in the file's first page brings the header along.
    /// </summary>
    /// <returns>Null if its segments can't be loaded, or not with the header.</returns>
    public static ElfImageLayout? Of(ElfImageHeaders headers, ulong address, ulong pageSize)
    {
        ElfProgramHeader[] loads = [.. headers.Segments.Where(s => s.Type == ElfSegmentType.Load && s.MemorySize > 0)];
        if (loads.Length == 0)
        {
            return null;
        }

        for (int i = 0; i < loads.Length; i++)
        {
            ElfProgramHeader load = loads[i];
            if (load.FileSize > load.MemorySize
                || load.MemorySize - 1 > headers.Highest - load.VirtualAddress
                || (i > 0 && load.VirtualAddress <= loads[i - 1].VirtualAddress + (loads[i - 1].MemorySize - 1)))
            {
                return null;
            }
        }

        ElfProgramHeader? first = loads.Where(l => l.Offset < pageSize && l.FileSize > 0).Select(l => (ElfProgramHeader?)l).FirstOrDefault();
        return first is { } f && f.VirtualAddress >= f.Offset && (f.VirtualAddress - f.Offset) % ImageHeads.PageSize == 0
            ? new ElfImageLayout(loads, address - (f.VirtualAddress - f.Offset))
            : null;
    }

    /// <summary>Whether all of it stays within the address space, above the header.</summary>
    public bool FitsAbove(ulong address) => Start + Bias <= address && Last - (address - Bias) <= ulong.MaxValue - address;

    /// <summary>Whether a stretch of linked addresses lies in one of the segments. O(log segments).</summary>
    public bool Holds(ulong linked, ulong size)
    {
        int low = 0;
        for (int high = _loads.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _loads[middle].VirtualAddress <= linked ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && linked - _loads[low - 1].VirtualAddress is var within
            && within < _loads[low - 1].MemorySize && size <= _loads[low - 1].MemorySize - within;
    }
}
