using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>
/// Cuts the whole frames of a memory into pieces: what a file has no bytes for, large stretches of data, and islands of data between
/// holes. O(pieces).
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="alignment">
/// A power of two from 4 KiB on: pieces start and end at multiples of it, but at the ends of runs, so that no table reaches beyond one.
/// </param>
internal sealed class FramePieces(PhysicalMemory memory, ulong alignment)
{
    /// <summary>The most bytes an island has. What is larger is read in place.</summary>
    public const int IslandSize = 256 << TableScan.FrameShift;

    private const ulong FrameSize = 1 << TableScan.FrameShift;

    // What a thread takes at a time: enough to be worth it, little enough for cancelling and progress.
    private const ulong DataSize = 4 << 20;
    private const ulong HoleSize = 4UL << 30;

    /// <summary>The pieces, ascending and disjoint.</summary>
    public IEnumerable<FramePiece> All() => Enumerable.Range(0, memory.Runs.Count).SelectMany(Of);

    private IEnumerable<FramePiece> Of(int index)
    {
        PhysicalRun run = memory.Runs[index];
        ulong most = IsInPlace(run) ? DataSize : IslandSize;
        ulong position = (FrameSize - (run.Start & (FrameSize - 1))) & (FrameSize - 1);
        ulong end = run.Size - Math.Min(run.Size, (run.Start + run.Size) & (FrameSize - 1));
        ulong known = 0;
        bool hole = false;
        while (position < end)
        {
            if (position >= known)
            {
                hole = IsHole(run, position, out known);
            }

            ulong whole = known >= end ? end : Math.Max(position, Down(run, known));
            FramePieceKind kind = hole && whole > position ? FramePieceKind.Hole
                : !hole && (whole == end || whole - position >= IslandSize) ? FramePieceKind.Data
                : FramePieceKind.Island;
            ulong next = kind switch
            {
                FramePieceKind.Hole => Math.Min(whole, position + HoleSize),
                FramePieceKind.Data => Math.Min(whole, position + most - ((run.Start + position) & (most - 1))),
                _ => Math.Min(end, IslandEnd(run, position, hole ? known : position)),
            };
            yield return new FramePiece(index, position, (int)((next - position) >> TableScan.FrameShift), kind);
            position = next;
        }
    }

    /// <summary>Where an island ends whose data starts somewhere in its first multiple; what is no island behind it is none.</summary>
    private ulong IslandEnd(in PhysicalRun run, ulong position, ulong data)
    {
        bool hole = IsHole(run, data, out ulong end);
        ulong last = hole || end - data >= IslandSize + alignment ? data : end - 1;
        return Math.Min(Down(run, position + IslandSize), last + alignment - ((run.Start + last) & (alignment - 1)));
    }

    private static unsafe bool IsInPlace(in PhysicalRun run) => run.Source.Pointer != null;

    private static bool IsHole(in PhysicalRun run, ulong position, out ulong end)
    {
        bool hole = run.Source.IsHole(run.Offset + position, out ulong to);
        end = Math.Min(to - run.Offset, run.Size);
        return hole;
    }

    /// <summary>The last multiple in a run that isn't above a place; the run's start where there is none.</summary>
    private ulong Down(in PhysicalRun run, ulong position) =>
        position - Math.Min(position, (run.Start + position) & (alignment - 1));
}
