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
internal sealed unsafe class PointerScan(ulong frames, ulong mask, ulong pattern, int entries)
{
    /// <summary>The bits that are known.</summary>
    public ulong Mask => mask;

    /// <summary>What they are.</summary>
    public ulong Pattern => pattern;

    /// <summary>The frames.</summary>
    public FrameBits Frames { get; } = new(frames);

    /// <summary>Looks at up to 64 frames that stand one after the other.</summary>
    public void Look(byte* bytes, ulong index, int count, ulong zeros)
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

    private bool Holds(byte* frame)
    {
        var masks = Vector256.Create(mask);
        var patterns = Vector256.Create(pattern);
        var least = Vector256.Create(0xfffUL);
        for (int i = 0; i < 1 << TableScan.FrameShift; i += Vector256<byte>.Count)
        {
            Vector256<ulong> values = Vector256.Load(frame + i).AsUInt64();
            Vector256<ulong> fits = Vector256.Equals(values & masks, patterns) & Vector256.GreaterThan(values, least);
            if (fits == Vector256<ulong>.Zero)
            {
                continue;
            }

            uint fitting = Vector256.ExtractMostSignificantBits(fits);
            uint whole = fitting | Vector256.ExtractMostSignificantBits(Vector256.Equals(values, Vector256<ulong>.Zero));
            if (entries == 4 ? whole == 15 : ((whole & 3) == 3 && (fitting & 3) != 0) || ((whole & 12) == 12 && (fitting & 12) != 0))
            {
                return true;
            }
        }

        return false;
    }
}
