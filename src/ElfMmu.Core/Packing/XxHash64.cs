using System.Buffers.Binary;
using System.Numerics;

namespace ElfMmu.Packing;

/// <summary>XXH64 with seed 0, of which Zstandard keeps the lower half behind each frame.</summary>
internal struct XxHash64
{
    private const ulong Prime1 = 0x9e3779b185ebca87;
    private const ulong Prime2 = 0xc2b2ae3d27d4eb4f;
    private const ulong Prime3 = 0x165667b19e3779f9;
    private const ulong Prime4 = 0x85ebca77c2b2ae63;
    private const ulong Prime5 = 0x27d4eb2f165667c5;
    private const int StripeSize = 32;

    private readonly byte[] _rest = new byte[StripeSize];
    private ulong _a = unchecked(Prime1 + Prime2);
    private ulong _b = Prime2;
    private ulong _c;
    private ulong _d = unchecked(0 - Prime1);
    private ulong _length;

    public XxHash64()
    {
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        int have = (int)(_length % StripeSize);
        _length += (ulong)bytes.Length;
        if (have > 0)
        {
            int part = Math.Min(StripeSize - have, bytes.Length);
            bytes[..part].CopyTo(_rest.AsSpan(have));
            bytes = bytes[part..];
            if (have + part < StripeSize)
            {
                return;
            }

            Stripe(_rest);
        }

        for (; bytes.Length >= StripeSize; bytes = bytes[StripeSize..])
        {
            Stripe(bytes);
        }

        bytes.CopyTo(_rest);
    }

    /// <summary>The hash of what was added.</summary>
    public readonly ulong Value()
    {
        ulong hash = Prime5;
        if (_length >= StripeSize)
        {
            hash = BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);
            hash = Merge(Merge(Merge(Merge(hash, _a), _b), _c), _d);
        }

        hash += _length;
        ReadOnlySpan<byte> rest = _rest.AsSpan(0, (int)(_length % StripeSize));
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (byte b in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong sum, ulong word) => BitOperations.RotateLeft(sum + (word * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong sum) => ((hash ^ Round(0, sum)) * Prime1) + Prime4;

    private void Stripe(ReadOnlySpan<byte> bytes)
    {
        _a = Round(_a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        _b = Round(_b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        _c = Round(_c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        _d = Round(_d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
    }
}
