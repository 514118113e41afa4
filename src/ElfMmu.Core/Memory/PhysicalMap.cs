using System.Runtime.CompilerServices;

namespace ElfMmu.Memory;

/// <summary>
/// What stands behind each physical address: RAM, a device, or nothing. RAM wins over a device that claims the same addresses,
/// because the dump holds its bytes. Neighbouring runs of RAM count as one.
/// </summary>
public sealed class PhysicalMap
{
    private readonly ulong[] _starts;
    private readonly ulong[] _lasts;
    private readonly RegionKind[] _kinds;
    private readonly ulong[] _knownBefore;

    /// <summary>Makes a map; O(n log n) in the number of runs and devices.</summary>
    public PhysicalMap(PhysicalMemory memory, IEnumerable<PhysicalRegion> devices)
    {
        var starts = new List<ulong>();
        var lasts = new List<ulong>();
        var kinds = new List<RegionKind>();
        PhysicalRegion[] sortedDevices = [.. devices.Where(d => d.Size > 0).OrderBy(d => d.Start)];
        IReadOnlyList<PhysicalRun> runs = memory.Runs;
        int nextRun = 0;
        int nextDevice = 0;
        ulong position = 0;
        bool atEnd = false;

        // One sweep over the address space: at each position the next thing is a run, a device, or a gap before one of them.
        while (!atEnd && (nextRun < runs.Count || nextDevice < sortedDevices.Length))
        {
            if (nextRun < runs.Count && runs[nextRun].Start <= position)
            {
                Append(RegionKind.Ram, position, runs[nextRun++].Last);
            }
            else if (nextDevice < sortedDevices.Length && sortedDevices[nextDevice].Last < position)
            {
                nextDevice++;
            }
            else if (nextDevice < sortedDevices.Length && sortedDevices[nextDevice].Start <= position)
            {
                ulong last = sortedDevices[nextDevice].Last;
                Append(RegionKind.Device, position, nextRun < runs.Count ? Math.Min(last, runs[nextRun].Start - 1) : last);
            }
            else
            {
                ulong run = nextRun < runs.Count ? runs[nextRun].Start : ulong.MaxValue;
                ulong device = nextDevice < sortedDevices.Length ? sortedDevices[nextDevice].Start : ulong.MaxValue;
                position = Math.Min(run, device);
            }
        }

        _knownBefore = new ulong[starts.Count];
        for (int i = 1; i < starts.Count; i++)
        {
            _knownBefore[i] = _knownBefore[i - 1] + (lasts[i - 1] - starts[i - 1] + 1);
        }

        _starts = [.. starts];
        _lasts = [.. lasts];
        _kinds = [.. kinds];

        void Append(RegionKind kind, ulong start, ulong last)
        {
            if (kinds.Count > 0 && kinds[^1] == kind && lasts[^1] + 1 == start)
            {
                lasts[^1] = last;
            }
            else
            {
                starts.Add(start);
                lasts.Add(last);
                kinds.Add(kind);
            }

            atEnd = last == ulong.MaxValue;
            position = last + 1;
        }
    }

    /// <summary>What stands at an address, and up to where that is so. O(log regions), O(1) near the last hit.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="hint">The caller's last hit; starts at 0.</param>
    /// <param name="last">The last address of the region, or of the gap.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RegionKind Lookup(ulong address, ref int hint, out ulong last)
    {
        if ((uint)hint < (uint)_starts.Length && address >= _starts[hint] && address <= _lasts[hint])
        {
            last = _lasts[hint];
            return _kinds[hint];
        }

        return Search(address, ref hint, out last);
    }

    /// <summary>How many bytes of a range are RAM or a device. O(log regions).</summary>
    /// <param name="start">The first address.</param>
    /// <param name="size">The size in bytes; the range doesn't pass 2^64.</param>
    internal ulong KnownBytes(ulong start, ulong size) => size == 0 ? 0 : KnownUpTo(start + (size - 1)) - (start == 0 ? 0 : KnownUpTo(start - 1));

    private ulong KnownUpTo(ulong last)
    {
        int found = Array.BinarySearch(_starts, last);
        int below = found >= 0 ? found : ~found - 1;
        return below < 0 ? 0 : _knownBefore[below] + (Math.Min(last, _lasts[below]) - _starts[below]) + 1;
    }

    private RegionKind Search(ulong address, ref int hint, out ulong last)
    {
        int found = Array.BinarySearch(_starts, address);
        int below = found >= 0 ? found : ~found - 1;
        if (below < 0 || address > _lasts[below])
        {
            last = below + 1 < _starts.Length ? _starts[below + 1] - 1 : ulong.MaxValue;
            return RegionKind.Absent;
        }

        hint = below;
        last = _lasts[below];
        return _kinds[below];
    }
}
