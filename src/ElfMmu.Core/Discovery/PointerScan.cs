using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>
/// Which frames hold anything that can be part of a top table smaller than a frame: it shares its frame with other data, so that
/// nothing but its few entries tells it. Two or four entries side by side are looked at together, and all must be entries or zero.
/// </summary>
/// <param name="frames">How many frames the dump has.</param>
/// <param name="mask">The bits of an entry that are known.</param>
/// <param name="pattern">What they are.</param>
/// <param name="entries">How many entries stand side by side: 2 or 4.</param>
internal sealed unsafe class PointerScan(ulong frames, ulong mask, ulong pattern, int entries) : IFrameObserver
{
    /// <summary>The frames.</summary>
    public FrameBits Frames { get; } = new(frames);

    /// <inheritdoc/>
    public int AlignmentShift => TableScan.FrameShift;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Look(byte* bytes, ulong address, ulong index, int count, ulong whole, ulong zeros)
    {
        ulong found = 0;
        for (int i = 0; i < count; i++)
        {
            if ((zeros >> i & 1) == 0)
            {
                found |= (Holds(bytes + ((ulong)i << TableScan.FrameShift)) ? 1UL : 0) << i;
            }
        }

        Frames.Merge(index, found);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(byte* frame)
    {
        var masks = Vector256.Create(mask);
        var patterns = Vector256.Create(pattern);
        for (int i = 0; i < 1 << TableScan.FrameShift; i += 4 * Vector256<byte>.Count)
        {
            Vector256<ulong> any = (Fitting(frame + i, masks, patterns) | Fitting(frame + i + 32, masks, patterns))
                | (Fitting(frame + i + 64, masks, patterns) | Fitting(frame + i + 96, masks, patterns));
            if (any != Vector256<ulong>.Zero && HoldsWhole(frame + i, masks, patterns))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether entries that stand side by side in 128 bytes all fit or are zero.</summary>
    private bool HoldsWhole(byte* bytes, Vector256<ulong> masks, Vector256<ulong> patterns)
    {
        for (int i = 0; i < 4 * Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            uint fitting = Vector256.ExtractMostSignificantBits(Fitting(bytes + i, masks, patterns));
            Vector256<ulong> empty = Vector256.Equals(Vector256.Load((ulong*)(bytes + i)), Vector256<ulong>.Zero);
            uint whole = fitting | Vector256.ExtractMostSignificantBits(empty);
            if (entries == 4
                ? whole == 15 && fitting != 0
                : ((whole & 3) == 3 && (fitting & 3) != 0) || ((whole & 12) == 12 && (fitting & 12) != 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All ones for each entry that has the pattern, and leads to another frame than the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Fitting(byte* bytes, Vector256<ulong> masks, Vector256<ulong> patterns)
    {
        Vector256<ulong> values = Vector256.Load((ulong*)bytes);
        Vector256<ulong> low = Vector256.Equals(values & Vector256.Create(~0xfffUL), Vector256<ulong>.Zero);
        return Vector256.AndNot(Vector256.Equals(values & masks, patterns), low);
    }
}
