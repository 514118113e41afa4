using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Searching;

/// <summary>
/// Finds bytes of some of which only certain bits count. Two bytes of the pattern, those that are rarest in memory, are looked for at 64
/// positions at once; only where both are is the rest compared.
/// </summary>
internal sealed unsafe class MaskedMatcher : FixedMatcher
{
    // From this alignment on looking at the aligned positions alone is quicker than looking at all.
    private const int SparseAlignment = 64;

    private readonly byte[] _values;
    private readonly byte[] _masks;
    private readonly ByteChoice[] _choices;
    private readonly int _one;
    private readonly int _other;
    private readonly uint _aligned;

    /// <summary>Makes a matcher.</summary>
    /// <param name="values">The bytes.</param>
    /// <param name="masks">The bits of each that count; null for all.</param>
    /// <param name="choices">Parts that must be one of two, beside what the masks say.</param>
    /// <param name="alignment">The alignment.</param>
    public MaskedMatcher(byte[] values, byte[]? masks, IReadOnlyList<ByteChoice> choices, int alignment)
        : base(values.Length, alignment)
    {
        _masks = masks ?? [.. Enumerable.Repeat((byte)0xff, values.Length)];
        _values = [.. values.Zip(_masks, (v, m) => (byte)(v & m))];
        _choices = [.. choices];
        double[] shares = [.. _values.Zip(_masks, Share)];
        _one = Array.IndexOf(shares, shares.Min());
        shares[_one] = double.MaxValue;
        _other = Array.IndexOf(shares, shares.Min());
        for (int i = 0; i < 32; i += Alignment)
        {
            _aligned |= 1u << i;
        }
    }

    /// <inheritdoc/>
    public override bool MatchesZeros => Array.TrueForAll(_values, v => v == 0);

    /// <inheritdoc/>
    public override void Find(byte* text, int size, int starts, ulong address, ref MatchSink hits)
    {
        int end = Math.Min(starts, size - Length + 1);
        if (Alignment >= SparseAlignment)
        {
            for (int at = FirstAligned(address); at < end; at += Alignment)
            {
                if (IsHere(text + at) && !hits.Add(at))
                {
                    return;
                }
            }

            return;
        }

        int done = FindWide(text, end, address, ref hits);
        for (int at = done + (int)((0 - (address + (ulong)done)) & (ulong)(Alignment - 1)); at < end; at += Alignment)
        {
            if (IsHere(text + at) && !hits.Add(at))
            {
                return;
            }
        }
    }

    /// <summary>Looks at the positions below an end, as far as they fill vectors.</summary>
    /// <returns>How many positions were looked at; the end itself when no more hits are wanted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindWide(byte* text, int end, ulong address, ref MatchSink hits)
    {
        byte* one = text + _one;
        byte* other = text + _other;
        Vector256<byte> oneMask = Vector256.Create(_masks[_one]);
        Vector256<byte> oneValue = Vector256.Create(_values[_one]);
        Vector256<byte> otherMask = Vector256.Create(_masks[_other]);
        Vector256<byte> otherValue = Vector256.Create(_values[_other]);

        // Alignment is at most 32 here, so the first aligned place is the same in every vector.
        uint aligned = _aligned << FirstAligned(address);
        int i = 0;
        for (; i + 64 <= end; i += 64)
        {
            Vector256<byte> low = Vector256.Equals(Vector256.Load(one + i) & oneMask, oneValue)
                & Vector256.Equals(Vector256.Load(other + i) & otherMask, otherValue);
            Vector256<byte> high = Vector256.Equals(Vector256.Load(one + i + 32) & oneMask, oneValue)
                & Vector256.Equals(Vector256.Load(other + i + 32) & otherMask, otherValue);
            if ((low | high) == Vector256<byte>.Zero)
            {
                continue;
            }

            ulong bits = (low.ExtractMostSignificantBits() & aligned)
                | ((ulong)(high.ExtractMostSignificantBits() & aligned) << 32);
            for (; bits != 0; bits &= bits - 1)
            {
                int at = i + BitOperations.TrailingZeroCount(bits);
                if (IsHere(text + at) && !hits.Add(at))
                {
                    return end;
                }
            }
        }

        return i;
    }

    /// <summary>Whether the pattern stands at a place that has as many bytes.</summary>
    private bool IsHere(byte* at)
    {
        fixed (byte* values = _values, masks = _masks)
        {
            int i = 0;
            for (; i + 8 <= Length; i += 8)
            {
                if ((Unsafe.ReadUnaligned<ulong>(at + i) & Unsafe.ReadUnaligned<ulong>(masks + i)) != Unsafe.ReadUnaligned<ulong>(values + i))
                {
                    return false;
                }
            }

            for (; i < Length; i++)
            {
                if ((at[i] & masks[i]) != values[i])
                {
                    return false;
                }
            }
        }

        foreach (ref readonly ByteChoice choice in _choices.AsSpan())
        {
            var part = new ReadOnlySpan<byte>(at + choice.Offset, choice.One.Length);
            if (!part.SequenceEqual(choice.One) && !part.SequenceEqual(choice.Other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>About which share of memory's bytes agrees with a byte of the pattern.</summary>
    private static double Share(byte value, byte mask)
    {
        double sum = 0;
        for (int b = 0; b < 256; b++)
        {
            sum += (b & mask) != value ? 0 : b switch
            {
                0 => 0.4,
                0xff => 0.06,
                0x01 or 0x20 or 0x48 => 0.02,
                (>= 'a' and <= 'z') or 0x02 or 0x03 or 0x04 or 0x08 or 0x10 or 0x40 or 0x80 or 0x8b or 0x89 or 0x0f => 0.008,
                _ => 0.001,
            };
        }

        return sum;
    }
}
