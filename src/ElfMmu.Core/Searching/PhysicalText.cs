using ElfMmu.Memory;

namespace ElfMmu.Searching;

/// <summary>The bytes of physical memory for searching, without touching the holes of sparse files. Safe to use from several threads.</summary>
internal sealed unsafe class PhysicalText
{
    // Data between holes is read by the system when there is less of it than this; through a mapping the system would read ahead.
    private const ulong IslandSize = 1 << 20;

    private readonly PhysicalMemory _memory;
    private readonly PhysicalRun[] _runs;
    private readonly bool[] _hasHoles;

    /// <summary>Asks where there are holes. O(runs).</summary>
    public PhysicalText(PhysicalMemory memory)
    {
        _memory = memory;
        _runs = [.. memory.Runs];
        _hasHoles = Array.ConvertAll(_runs, r => r.Source.IsHole(r.Offset, out ulong end) || end - r.Offset < r.Size);
    }

    /// <summary>Whether any of it is in holes.</summary>
    public bool HasHoles => _hasHoles.AsSpan().Contains(true);

    /// <summary>
    /// What comes at an address that the memory has: bytes in place, bytes that have to be copied, or zeros that nobody wrote.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="left">How many bytes are of that kind, in one run.</param>
    /// <param name="bytes">The bytes, where they can be had in place.</param>
    /// <returns>Whether it is a hole.</returns>
    public bool Look(ulong address, out ulong left, out byte* bytes)
    {
        int hint = 0;
        if (!_memory.TryFind(address, ref hint))
        {
            throw new ArgumentOutOfRangeException(nameof(address));
        }

        ref readonly PhysicalRun run = ref _runs[hint];
        ulong offset = run.Offset + (address - run.Start);
        left = run.Last - address + 1;
        bytes = run.Source.Pointer;
        if (!_hasHoles[hint])
        {
            run.Source.CheckLength();
            bytes = bytes == null ? null : bytes + offset;
            return false;
        }

        bool hole = run.Source.IsHole(offset, out ulong end);
        bool isIsland = end - offset < Math.Min(left, IslandSize);
        left = Math.Min(left, end - offset);
        bytes = bytes == null || hole || isIsland ? null : bytes + offset;
        return hole;
    }

    /// <summary>Copies bytes that the memory has, perhaps from several runs; what is damaged becomes zeros.</summary>
    public void Copy(ulong address, Span<byte> destination)
    {
        int hint = 0;
        while (!destination.IsEmpty)
        {
            if (!_memory.TryFind(address, ref hint))
            {
                throw new ArgumentOutOfRangeException(nameof(address));
            }

            ref readonly PhysicalRun run = ref _runs[hint];
            ulong offset = run.Offset + (address - run.Start);
            ulong left = Math.Min(run.Last - address + 1, (ulong)destination.Length);
            if (!_hasHoles[hint])
            {
                run.Source.ReadSound(offset, destination[..(int)left]);
            }
            else
            {
                bool hole = run.Source.IsHole(offset, out ulong end);
                left = Math.Min(left, end - offset);
                if (hole)
                {
                    destination[..(int)left].Clear();
                }
                else
                {
                    run.Source.ReadSoundIsland(offset, destination[..(int)left]);
                }
            }

            destination = destination[(int)left..];
            address += left;
        }
    }

    /// <summary>The end of the hole that an address lies in, or the address where it lies in none.</summary>
    public ulong HoleEnd(ulong address)
    {
        int hint = 0;
        if (!_memory.TryFind(address, ref hint) || !_hasHoles[hint])
        {
            return address;
        }

        ref readonly PhysicalRun run = ref _runs[hint];
        ulong offset = run.Offset + (address - run.Start);
        return run.Source.IsHole(offset, out ulong end) ? address + (Math.Min(end, run.Offset + run.Size) - offset - 1) : address;
    }
}
