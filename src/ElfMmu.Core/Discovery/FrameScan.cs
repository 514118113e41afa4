using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>
/// Looks at every frame of a dump once, for all formats, in place and with all processors. O(size of the dump) without the holes of sparse
/// files, which aren't touched; memory is a few bits for each frame and format.
/// </summary>
internal sealed unsafe class FrameScan
{
    private const int FrameSize = 1 << TableScan.FrameShift;

    // How many frames are looked at together: few enough to stay in a near cache while all formats look at their first bytes, and as many
    // as the largest table has.
    private const int Together = 16;

    // More threads than these wait for memory, and each may need a buffer.
    private const int MostThreads = 16;

    private readonly PhysicalMemory _memory;
    private readonly IReadOnlyList<IFrameObserver> _observers;
    private readonly Action<ulong, ulong>? _progress;
    private readonly Lock _sync = new();
    private ulong _done;

    private FrameScan(PhysicalMemory memory, IReadOnlyList<IFrameObserver> observers, Action<ulong, ulong>? progress)
    {
        _memory = memory;
        _observers = observers;
        _progress = progress;
        Zeros = new FrameBits(memory.PageCount);
    }

    /// <summary>The frames that hold nothing but zeros.</summary>
    public FrameBits Zeros { get; }

    /// <summary>Looks at a whole memory.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="observers">What looks at the frames, but at those that are in holes or in a row of nothing but zeros.</param>
    /// <param name="progress">Told how many bytes of how many are done; may be null.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static FrameScan Run(
        PhysicalMemory memory,
        IReadOnlyList<IFrameObserver> observers,
        Action<ulong, ulong>? progress,
        CancellationToken cancellation)
    {
        var scan = new FrameScan(memory, observers, progress);
        int largest = observers.Select(o => o.AlignmentShift).Append(TableScan.FrameShift).Max();
        int threads = Math.Min(Environment.ProcessorCount, MostThreads);
        using IEnumerator<FramePiece> pieces = new FramePieces(memory, 1UL << largest).All().GetEnumerator();
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads };
        Parallel.For(0, threads, options, _ => scan.Look(pieces, cancellation));
        return scan;
    }

    /// <summary>Looks at piece after piece until there are none left for this thread.</summary>
    private void Look(IEnumerator<FramePiece> pieces, CancellationToken cancellation)
    {
        // Only what isn't read in place needs a buffer.
        byte[] buffer = [];
        while (TryNext(pieces, out FramePiece piece))
        {
            cancellation.ThrowIfCancellationRequested();
            Look(piece, ref buffer);
            Tell((ulong)piece.Frames << TableScan.FrameShift);
        }
    }

    private bool TryNext(IEnumerator<FramePiece> pieces, out FramePiece piece)
    {
        lock (pieces)
        {
            bool any = pieces.MoveNext();
            piece = any ? pieces.Current : default;
            return any;
        }
    }

    private void Tell(ulong bytes)
    {
        if (_progress != null)
        {
            lock (_sync)
            {
                _done += bytes;
                _progress(_done, _memory.Size);
            }
        }
    }

    private void Look(FramePiece piece, ref byte[] buffer)
    {
        PhysicalRun run = _memory.Runs[piece.Run];
        ulong address = run.Start + piece.Offset;
        ulong first = _memory.PageIndex(address, piece.Run);
        if (piece.Kind == FramePieceKind.Hole)
        {
            for (int i = 0; i < piece.Frames; i += 64)
            {
                Zeros.Merge(first + (ulong)i, Ones(piece.Frames - i));
            }

            return;
        }

        if (piece.Kind == FramePieceKind.Data && run.Source.Pointer != null)
        {
            run.Source.CheckLength();
            Look(run.Source.Pointer + run.Offset + piece.Offset, address, first, piece.Frames);
            return;
        }

        int size = piece.Frames << TableScan.FrameShift;
        if (buffer.Length < size)
        {
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }

        Span<byte> copy = buffer.AsSpan(0, size);
        Read(run.Source, run.Offset + piece.Offset, copy, piece.Kind);
        fixed (byte* bytes = copy)
        {
            Look(bytes, address, first, piece.Frames);
        }
    }

    private static void Read(DataSource source, ulong offset, Span<byte> bytes, FramePieceKind kind)
    {
        if (kind == FramePieceKind.Data)
        {
            source.ReadSound(offset, bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bool hole = source.IsHole(offset, out ulong end);
            int size = (int)Math.Min(end - offset, (ulong)bytes.Length);
            if (hole)
            {
                bytes[..size].Clear();
            }
            else
            {
                source.ReadSoundIsland(offset, bytes[..size]);
            }

            bytes = bytes[size..];
            offset += (ulong)size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Look(byte* bytes, ulong address, ulong first, int frames)
    {
        for (int i = 0, count; i < frames; i += count)
        {
            count = Math.Min(Together - ((int)(address >> TableScan.FrameShift) + i) % Together, frames - i);
            ulong skipped = (ulong)i << TableScan.FrameShift;
            byte* part = bytes + skipped;
            ulong index = first + (ulong)i;
            ulong zeros = ZeroFrames(part, count);
            Zeros.Merge(index, zeros);
            if (zeros == Ones(count))
            {
                continue;
            }

            ulong whole = (ulong)(frames - i) << TableScan.FrameShift;
            foreach (IFrameObserver observer in _observers)
            {
                observer.Look(part, address + skipped, index, count, whole, zeros);
            }
        }
    }

    private static ulong Ones(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong ZeroFrames(byte* bytes, int count)
    {
        ulong zeros = 0;
        for (int i = 0; i < count; i++)
        {
            zeros |= (IsZero(bytes + ((ulong)i << TableScan.FrameShift)) ? 1UL : 0) << i;
        }

        return zeros;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
