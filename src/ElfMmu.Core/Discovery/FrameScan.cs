using System.Runtime.Intrinsics;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>
/// Looks at every frame of a dump once, for all formats, in place and with all processors. O(size of the dump); memory is a few
/// bits for each frame and format.
/// </summary>
internal sealed unsafe class FrameScan
{
    private const int FrameSize = 1 << TableScan.FrameShift;

    // What a thread takes at a time, in frames: enough to be worth it, little enough for cancelling and progress.
    private const int ChunkFrames = 1024;

    // Zeros are worth asking the file system about only where there are many.
    private const ulong LeastHole = 64;

    private readonly PhysicalMemory _memory;
    private readonly IReadOnlyList<TableScan> _scans;
    private readonly IReadOnlyList<PointerScan> _pointers;

    private FrameScan(PhysicalMemory memory, IReadOnlyList<TableScan> scans, IReadOnlyList<PointerScan> pointers)
    {
        _memory = memory;
        _scans = scans;
        _pointers = pointers;
        Zeros = new FrameBits(memory.PageCount);
    }

    /// <summary>The frames that hold nothing but zeros.</summary>
    public FrameBits Zeros { get; }

    /// <summary>Looks at a whole memory.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="scans">What to look for; their bits are set.</param>
    /// <param name="pointers">Which small top tables to look for; their bits are set.</param>
    /// <param name="progress">Told how many bytes of how many are done; may be null.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static FrameScan Run(
        PhysicalMemory memory,
        IReadOnlyList<TableScan> scans,
        IReadOnlyList<PointerScan> pointers,
        Action<ulong, ulong>? progress,
        CancellationToken cancellation)
    {
        var scan = new FrameScan(memory, scans, pointers);
        ulong done = 0;
        object sync = new();
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(scan.Chunks(), options, () => new byte[ChunkFrames * FrameSize + 65536], (chunk, _, buffer) =>
        {
            scan.Look(chunk, buffer);
            if (progress != null)
            {
                lock (sync)
                {
                    done += (ulong)chunk.Frames << TableScan.FrameShift;
                    progress(done, memory.Size);
                }
            }

            return buffer;
        }, _ => { });
        return scan;
    }

    private readonly record struct Chunk(int Run, ulong Offset, int Frames, bool IsHole);

    /// <summary>The whole frames of all runs in pieces; holes of sparse files are pieces of their own.</summary>
    private IEnumerable<Chunk> Chunks()
    {
        for (int run = 0; run < _memory.Runs.Count; run++)
        {
            PhysicalRun r = _memory.Runs[run];
            ulong position = (FrameSize - (r.Start & (FrameSize - 1))) & (FrameSize - 1);
            ulong holeEnd = 0;
            bool hole = false;
            while (position < r.Size && r.Size - position >= FrameSize)
            {
                if (position >= holeEnd)
                {
                    hole = r.Source.IsHole(r.Offset + position, out ulong end);
                    holeEnd = Math.Min(end - r.Offset, r.Size);
                }

                ulong frames = (Math.Max(holeEnd, position) - position) >> TableScan.FrameShift;
                bool skip = hole && frames >= LeastHole;
                int count = (int)Math.Min(Math.Max(frames, 1), skip ? 1UL << 20 : ChunkFrames);
                yield return new Chunk(run, position, count, skip);
                position += (ulong)count << TableScan.FrameShift;
            }
        }
    }

    private void Look(Chunk chunk, byte[] buffer)
    {
        PhysicalRun run = _memory.Runs[chunk.Run];
        ulong address = run.Start + chunk.Offset;
        ulong first = _memory.PageIndex(address, chunk.Run);
        if (chunk.IsHole)
        {
            for (int i = 0; i < chunk.Frames; i += 64)
            {
                Zeros.Merge(first + (ulong)i, Ones(chunk.Frames - i));
            }

            return;
        }

        // A large table may reach beyond the chunk.
        ulong left = run.Size - chunk.Offset;
        ulong whole = Math.Min(left, ((ulong)chunk.Frames << TableScan.FrameShift) + 65536);
        byte* pointer = run.Source.Pointer;
        fixed (byte* copy = buffer)
        {
            byte* bytes = copy;
            if (pointer != null)
            {
                run.Source.CheckLength();
                bytes = pointer + run.Offset + chunk.Offset;
            }
            else
            {
                run.Source.Read(run.Offset + chunk.Offset, buffer.AsSpan(0, (int)whole));
            }

            for (int i = 0; i < chunk.Frames; i += 64)
            {
                int count = Math.Min(64, chunk.Frames - i);
                ulong skipped = (ulong)i << TableScan.FrameShift;
                byte* part = bytes + skipped;
                ulong zeros = ZeroFrames(part, count);
                Zeros.Merge(first + (ulong)i, zeros);
                if (zeros != Ones(count))
                {
                    foreach (TableScan scan in _scans)
                    {
                        scan.Look(part, address + skipped, first + (ulong)i, count, whole - skipped, zeros);
                    }

                    foreach (PointerScan pointers in _pointers)
                    {
                        pointers.Look(part, first + (ulong)i, count, zeros);
                    }
                }
            }
        }
    }

    private static ulong Ones(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    private static ulong ZeroFrames(byte* bytes, int count)
    {
        ulong zeros = 0;
        for (int i = 0; i < count; i++)
        {
            zeros |= (IsZero(bytes + ((ulong)i << TableScan.FrameShift)) ? 1UL : 0) << i;
        }

        return zeros;
    }

    private static bool IsZero(byte* frame)
    {
        for (int i = 0; i < FrameSize; i += 4 * Vector256<byte>.Count)
        {
            Vector256<byte> any = Vector256.Load(frame + i) | Vector256.Load(frame + i + 32)
                | Vector256.Load(frame + i + 64) | Vector256.Load(frame + i + 96);
            if (any != Vector256<byte>.Zero)
            {
                return false;
            }
        }

        return true;
    }
}
