using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ElfMmu.Intervals;

namespace ElfMmu.Searching;

/// <summary>Finds words whose value lies in a range; a vector of words at once.</summary>
internal sealed unsafe class PointerMatcher : FixedMatcher
{
    private readonly ulong _first;
    private readonly ulong _span;
    private readonly bool _isBig;
    private readonly bool _isEmpty;

    /// <summary>Makes a matcher.</summary>
    /// <param name="range">The range; what of it no word can point to doesn't count.</param>
    /// <param name="size">The size of a word: 4 or 8 bytes.</param>
    /// <param name="order">The order of its bytes.</param>
    /// <param name="alignment">The alignment.</param>
    public PointerMatcher(Interval range, int size, ByteOrder order, int alignment)
        : base(size, alignment)
    {
        ulong most = size == 8 ? ulong.MaxValue : uint.MaxValue;
        _isEmpty = range.Start > most;
        _first = range.Start;
        _span = _isEmpty ? 0 : Math.Min(range.Last, most) - range.Start;
        _isBig = order == ByteOrder.Big;
    }

    /// <inheritdoc/>
    public override bool MatchesZeros => _first == 0;

    /// <inheritdoc/>
    public override void Find(byte* text, int size, int starts, ulong address, ref MatchSink hits)
    {
        int end = Math.Min(starts, size - Length + 1);
        if (_isEmpty)
        {
            return;
        }

        // Words that are aligned to less than their size are as many sequences of words that are.
        int step = Math.Max(Alignment, Length);
        for (int first = FirstAligned(address); first < Math.Min(end, FirstAligned(address) + step); first += Alignment)
        {
            int at = Alignment > Length ? first
                : Length == 8 ? FindWords<ulong>(text, first, end, ref hits)
                : FindWords<uint>(text, first, end, ref hits);
            for (; at < end; at += step)
            {
                if (IsHere(text + at) && !hits.Add(at))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Looks at words one behind the other, as far as they fill vectors.</summary>
    /// <returns>The first place that wasn't looked at; the end when no more hits are wanted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindWords<T>(byte* text, int at, int end, ref MatchSink hits)
        where T : unmanaged, INumber<T>
    {
        Vector256<T> first = Vector256.Create(T.CreateTruncating(_first));
        Vector256<T> span = Vector256.Create(T.CreateTruncating(_span));
        bool isBig = _isBig;
        for (; at + 64 - sizeof(T) < end; at += 64)
        {
            Vector256<byte> a = Vector256.Load(text + at);
            Vector256<byte> b = Vector256.Load(text + at + 32);
            if (isBig)
            {
                (a, b) = (Reverse<T>(a), Reverse<T>(b));
            }

            Vector256<T> low = Vector256.LessThanOrEqual(a.As<byte, T>() - first, span);
            Vector256<T> high = Vector256.LessThanOrEqual(b.As<byte, T>() - first, span);
            if ((low | high) == Vector256<T>.Zero)
            {
                continue;
            }

            uint bits = low.ExtractMostSignificantBits() | (high.ExtractMostSignificantBits() << Vector256<T>.Count);
            for (; bits != 0; bits &= bits - 1)
            {
                if (!hits.Add(at + (BitOperations.TrailingZeroCount(bits) * sizeof(T))))
                {
                    return end;
                }
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Reverse<T>(Vector256<byte> words)
        where T : unmanaged => sizeof(T) == 8
        ? Vector256.Shuffle(words, Vector256.Create(
            (byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 23, 22, 21, 20, 19, 18, 17, 16, 31, 30, 29, 28, 27, 26, 25, 24))
        : Vector256.Shuffle(words, Vector256.Create(
            (byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25, 24, 31, 30, 29, 28));

    private bool IsHere(byte* at)
    {
        ulong word;
        if (Length == 8)
        {
            ulong bits = Unsafe.ReadUnaligned<ulong>(at);
            word = _isBig ? BinaryPrimitives.ReverseEndianness(bits) : bits;
        }
        else
        {
            uint bits = Unsafe.ReadUnaligned<uint>(at);
            word = _isBig ? BinaryPrimitives.ReverseEndianness(bits) : bits;
        }

        return word - _first <= _span;
    }
}
