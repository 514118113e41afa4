namespace ElfMmu.Memory;

/// <summary>
/// The blocks that were unpacked last, in a bounded number of slots. Which one makes room is decided by the clock algorithm. Safe to use
/// from several threads: the slots are dealt out to shards, each with a lock of its own.
/// </summary>
internal sealed class BlockCache
{
    private const int MostShards = 16;
    private const int FewestSlots = 8;

    private readonly Shard[] _shards;

    /// <summary>Makes an empty cache; slots take memory when they are used first.</summary>
    /// <param name="capacity">How many bytes it keeps, about.</param>
    /// <param name="blockSize">The most bytes a block has.</param>
    public BlockCache(long capacity, int blockSize)
    {
        int slots = (int)Math.Clamp(capacity / blockSize, FewestSlots, 1 << 20);
        int shards = Math.Clamp(slots / FewestSlots, 1, MostShards);
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new Shard(slots / shards, blockSize))];
    }

    /// <summary>Unpacks a block.</summary>
    /// <returns>False when it is damaged.</returns>
    public delegate bool Decoder(in BlockSpan block, Span<byte> destination);

    /// <summary>Copies a part of a block, which is unpacked if it isn't there.</summary>
    /// <returns>False when it is damaged.</returns>
    public bool TryCopy(in BlockSpan block, int within, Span<byte> destination, Decoder decode)
    {
        Shard shard = _shards[block.Number % (ulong)_shards.Length];
        lock (shard)
        {
            return shard.TryGet(block, decode, out ReadOnlySpan<byte> bytes) && bytes.Slice(within, destination.Length).TryCopyTo(destination);
        }
    }

    private sealed class Shard(int slots, int blockSize)
    {
        private readonly Dictionary<ulong, int> _slotOf = [];
        private readonly Slot[] _slots = new Slot[slots];
        private int _hand;
        private int _used;

        public bool TryGet(in BlockSpan block, Decoder decode, out ReadOnlySpan<byte> bytes)
        {
            if (!_slotOf.TryGetValue(block.Number, out int index))
            {
                index = Free();
                ref Slot free = ref _slots[index];
                free.Bytes ??= GC.AllocateUninitializedArray<byte>(blockSize);
                free.IsSound = decode(block, free.Bytes.AsSpan(0, block.Size));
                free.Block = block.Number;
                _slotOf.Add(block.Number, index);
            }

            ref Slot slot = ref _slots[index];
            slot.IsRecent = true;
            bytes = slot.Bytes.AsSpan(0, block.Size);
            return slot.IsSound;
        }

        private int Free()
        {
            if (_used < _slots.Length)
            {
                return _used++;
            }

            for (; ; _hand = (_hand + 1) % _slots.Length)
            {
                ref Slot slot = ref _slots[_hand];
                if (slot.IsRecent)
                {
                    slot.IsRecent = false;
                    continue;
                }

                // A decoder that throws leaves its slot without a block: it isn't in the table then.
                if (_slotOf.TryGetValue(slot.Block, out int index) && index == _hand)
                {
                    _slotOf.Remove(slot.Block);
                }

                int free = _hand;
                _hand = (_hand + 1) % _slots.Length;
                return free;
            }
        }

        private struct Slot
        {
            public byte[]? Bytes;
            public ulong Block;
            public bool IsSound;
            public bool IsRecent;
        }
    }
}
