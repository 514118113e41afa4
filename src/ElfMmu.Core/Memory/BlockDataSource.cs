namespace ElfMmu.Memory;

/// <summary>
/// What a file holds packed in blocks, unpacked when it is read: small reads go through a bounded cache, large ones straight to their
/// destination, by several threads at once, and ahead of who reads on and on. Safe to use from several threads.
/// </summary>
/// <remarks>
/// Memory is bounded by the cache and the windows ahead (at most <see cref="ReadAhead.MostBytes"/>). A block that can't be unpacked is noted
/// in <see cref="Damage"/> and isn't there, or is zeros where that was asked for.
/// </remarks>
internal abstract class BlockDataSource : DataSource
{
    private const long CacheSize = 64 << 20;
    private const int LargeRead = 32 << 10;
    private const int ParallelRead = 256 << 10;

    private readonly BlockCache _cache;
    private readonly BlockCache.Decoder _decode;
    private readonly ReadAhead _ahead;
    private readonly bool _zeroFill;

    /// <summary>Makes a source.</summary>
    /// <param name="name">A name for messages: the path of the file.</param>
    /// <param name="length">The length of what is unpacked.</param>
    /// <param name="blockSize">The most bytes a block unpacks to; at most 16 MiB.</param>
    /// <param name="zeroFill">Whether damaged blocks are read as zeros.</param>
    protected BlockDataSource(string name, ulong length, int blockSize, bool zeroFill)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, 16 << 20);
        Name = name;
        Length = length;
        _zeroFill = zeroFill;
        _cache = new BlockCache(CacheSize, blockSize);
        _decode = Decode;
        _ahead = new ReadAhead(length, ReadBlocks);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong Length { get; }

    /// <inheritdoc/>
    internal override DamageLog Damage { get; } = new();

    /// <summary>The block that holds an offset before the end. Called by several threads at once.</summary>
    protected abstract BlockSpan BlockAt(ulong offset);

    /// <summary>Unpacks a block. Called by several threads at once.</summary>
    /// <param name="block">The block.</param>
    /// <param name="destination">Takes exactly its bytes; whatever is in it counts as nothing when it is damaged.</param>
    /// <returns>What is wrong with it, in words; null when nothing is.</returns>
    protected abstract string? Unpack(in BlockSpan block, Span<byte> destination);

    /// <summary>
    /// Reads a part of a block that isn't packed at all, so that it needn't go through the cache. Called by several threads at once.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="within">The first byte wanted, counted from the block's start.</param>
    /// <param name="destination">Takes the bytes, which don't leave the block.</param>
    /// <returns>False when it has to be unpacked, or may be damaged.</returns>
    protected virtual bool TryReadStored(in BlockSpan block, int within, Span<byte> destination) => false;

    /// <inheritdoc/>
    public sealed override void Read(ulong offset, Span<byte> destination)
    {
        if (!TryRead(offset, destination))
        {
            BlockSpan first = FirstDamaged(offset, offset + (ulong)destination.Length);
            string reason = WhatIsWrong(first, new byte[first.Size]) ?? "a block can't be unpacked";
            throw new ElfMmuException(
                "BlockDamaged",
                ErrorKind.InvalidData,
                $"'{Name}' is damaged at offset 0x{first.FileOffset:x}: {reason}. Leave it out, or have it read as zeros.")
            { Path = Name, Offset = first.FileOffset };
        }
    }

    /// <inheritdoc/>
    internal sealed override bool TryRead(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        return destination.Length < LargeRead ? ReadCached(offset, destination) : _ahead.TryRead(offset, destination);
    }

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        _ahead.Dispose();
        DisposeFiles();
    }

    /// <summary>Closes the files; nobody is unpacking any more.</summary>
    protected abstract void DisposeFiles();

    /// <summary>The first block of a stretch that is known to be damaged; the log has the details of the first thousand only.</summary>
    private BlockSpan FirstDamaged(ulong offset, ulong end)
    {
        BlockSpan block = BlockAt(offset);
        while (!Damage.Contains(block.Start) && block.End < end)
        {
            block = BlockAt(block.End);
        }

        return block;
    }

    private bool ReadCached(ulong offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            BlockSpan block = BlockAt(offset);
            int within = (int)(offset - block.Start);
            int part = Math.Min(block.Size - within, destination.Length);
            if (!TryReadStored(block, within, destination[..part]) && !_cache.TryCopy(block, within, destination[..part], _decode))
            {
                return false;
            }

            offset += (ulong)part;
            destination = destination[part..];
        }

        return true;
    }

    /// <summary>Unpacks many blocks to where they belong, by all processors where it pays.</summary>
    private unsafe bool ReadBlocks(ulong offset, Span<byte> destination, bool inParallel)
    {
        if (!inParallel || destination.Length < ParallelRead || Environment.ProcessorCount == 1)
        {
            return ReadInOrder(offset, destination);
        }

        int parts = Environment.ProcessorCount;
        int length = destination.Length;
        bool isWhole = true;
        fixed (byte* pinned = destination)
        {
            byte* bytes = pinned;
            Parallel.For(0, parts, part =>
            {
                // A border inside a block would have it unpacked twice.
                ulong from = Border(offset, length, part, parts);
                ulong to = Border(offset, length, part + 1, parts);
                if (to > from && !ReadInOrder(from, new Span<byte>(bytes + (from - offset), (int)(to - from))))
                {
                    Volatile.Write(ref isWhole, false);
                }
            });
        }

        return isWhole;
    }

    private ulong Border(ulong offset, int length, int part, int parts)
    {
        ulong border = offset + (ulong)((long)length * part / parts);
        return part == 0 || part == parts ? border : Math.Max(BlockAt(border).Start, offset);
    }

    private bool ReadInOrder(ulong offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            BlockSpan block = BlockAt(offset);
            int within = (int)(offset - block.Start);
            int part = Math.Min(block.Size - within, destination.Length);
            bool isSound = part == block.Size
                ? Decode(block, destination[..part])
                : TryReadStored(block, within, destination[..part]) || _cache.TryCopy(block, within, destination[..part], _decode);
            if (!isSound)
            {
                return false;
            }

            offset += (ulong)part;
            destination = destination[part..];
        }

        return true;
    }

    private bool Decode(in BlockSpan block, Span<byte> destination)
    {
        if (WhatIsWrong(block, destination) is not { } reason)
        {
            return true;
        }

        Damage.Add(new DamagedBlock(Name, block.FileOffset, block.Start, block.Size, reason));
        destination.Clear();
        return _zeroFill;
    }
    private string? WhatIsWrong(in BlockSpan block, Span<byte> destination)
    {
        try
        {
            return Unpack(block, destination);
        }
        catch (ElfMmuException e)
        {
            return e.Message;
        }
    }
}
