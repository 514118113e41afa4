using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>Which frames can hold tables of one format, as far as their bits alone show it.</summary>
/// <param name="frames">How many frames the dump has.</param>
/// <param name="lastShift">The base-two logarithm of the size of a table of the last level.</param>
/// <param name="directoryShift">The same of a table above it.</param>
internal abstract unsafe class TableScan(ulong frames, int lastShift, int directoryShift) : IFrameObserver
{
    /// <summary>The base-two logarithm of a frame's size.</summary>
    public const int FrameShift = 12;

    /// <summary>The base-two logarithm of the size of a table of the last level.</summary>
    public int LastShift => lastShift;

    /// <summary>The base-two logarithm of the size of a table above the last level.</summary>
    public int DirectoryShift => directoryShift;

    /// <inheritdoc/>
    public int AlignmentShift => Math.Max(LastShift, DirectoryShift);

    /// <summary>Where a table of the last level can start: bits of frames, or of their parts where tables are smaller.</summary>
    public FrameBits Last { get; } = new(frames, Math.Max(0, FrameShift - lastShift));

    /// <summary>Where a table that leads to others can start.</summary>
    public FrameBits Directory { get; } = new(frames);

    /// <inheritdoc/>
    public abstract void Look(byte* bytes, ulong address, ulong index, int count, ulong whole, ulong zeros);
}

/// <inheritdoc/>
internal sealed unsafe class TableScan<TTest>(TTest test, ulong frames, int lastShift, int directoryShift)
    : TableScan(frames, lastShift, directoryShift)
    where TTest : struct, IEntryTest
{
    // What decides of nearly all that is no table, and how far it may take more of the same.
    private const int FirstStep = 128;
    private const int LongStep = 512;
    private const int MostAtFirst = 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Look(byte* bytes, ulong address, ulong index, int count, ulong whole, ulong zeros)
    {
        ulong directories = 0;
        ulong lasts = 0;
        for (int i = 0; i < count; i++)
        {
            byte* frame = bytes + ((ulong)i << FrameShift);
            ulong at = address + ((ulong)i << FrameShift);
            ulong left = whole - ((ulong)i << FrameShift);
            if (LastShift < FrameShift)
            {
                if ((zeros >> i & 1) == 0)
                {
                    LookAtParts(frame, index + (ulong)i);
                }
            }
            else if (Fits(at, left, LastShift) && !IsZero(zeros >> i, LastShift))
            {
                (bool directory, bool last) = Classify(frame, 1 << LastShift);
                lasts |= (last ? 1UL : 0) << i;
                directories |= (directory && LastShift == DirectoryShift ? 1UL : 0) << i;
            }

            if (LastShift != DirectoryShift && Fits(at, left, DirectoryShift) && !IsZero(zeros >> i, DirectoryShift))
            {
                directories |= (Classify(frame, 1 << DirectoryShift).Directory ? 1UL : 0) << i;
            }
        }

        Directory.Merge(index, directories);
        if (LastShift >= FrameShift)
        {
            Last.Merge(index, lasts);
        }
    }

    private static bool Fits(ulong address, ulong left, int shift) => (address & ((1UL << shift) - 1)) == 0 && left >= 1UL << shift;

    /// <summary>Whether a table is known to hold nothing.</summary>
    private static bool IsZero(ulong zeros, int shift)
    {
        ulong frames = (1UL << (1 << (shift - FrameShift))) - 1;
        return (zeros & frames) == frames;
    }

    private void LookAtParts(byte* frame, ulong index)
    {
        ulong parts = 0;
        for (int part = 0; part < 1 << Last.PartShift; part++)
        {
            parts |= (Classify(frame + (part << LastShift), 1 << LastShift).Last ? 1UL : 0) << part;
        }

        Last.Merge(index << Last.PartShift, parts);
    }

    /// <summary>
    /// Counts what is present and what is unlikely. Real tables have a few unlikely entries; what isn't a table has so many that
    /// its first bytes tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (bool Directory, bool Last) Classify(byte* bytes, int size)
    {
        int limit = (size >> TTest.EntrySizeShift) / 16;
        int most = Math.Min(limit, MostAtFirst);
        int present = 0;
        int notDirectory = 0;
        int notLast = 0;
        for (int done = 0, step = FirstStep; done < size; done += step, step = done < LongStep ? FirstStep : LongStep, most = limit)
        {
            Vector256<uint> presents = default;
            Vector256<uint> notDirectories = default;
            Vector256<uint> notLasts = default;
            for (int i = done; i < done + step; i += Vector256<byte>.Count)
            {
                test.Test(
                    Vector256.Load(bytes + i),
                    out Vector256<byte> isPresent,
                    out Vector256<byte> isNotDirectory,
                    out Vector256<byte> isNotLast);

                // All ones is -1; an entry of 8 bytes counts twice.
                presents -= isPresent.AsUInt32();
                notDirectories -= isNotDirectory.AsUInt32();
                notLasts -= isNotLast.AsUInt32();
            }

            notDirectory += Sum(notDirectories);
            notLast += Sum(notLasts);
            if (notDirectory > most && notLast > most)
            {
                return default;
            }

            present += Sum(presents);
        }

        int allowed = Math.Min(limit, 4 + (present / 8));
        return present == 0 ? default : (notDirectory <= allowed, notLast <= allowed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(Vector256<uint> counts) => (int)Vector256.Sum(counts) >> (TTest.EntrySizeShift - 2);
}
