namespace ElfMmu.Memory;

/// <summary>Bytes in managed memory, pinned so that they are read in place like a mapped file.</summary>
public sealed unsafe class MemoryDataSource : DataSource
{
    private readonly byte[] _bytes;

    /// <summary>Makes a source of zeros to fill through <see cref="Bytes"/>.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="length">The length in bytes.</param>
    public MemoryDataSource(string name, int length)
    {
        Name = name;
        _bytes = GC.AllocateArray<byte>(length, pinned: true);
    }

    /// <summary>Makes a source from a copy of some bytes.</summary>
    public MemoryDataSource(string name, ReadOnlySpan<byte> bytes)
        : this(name, bytes.Length) => bytes.CopyTo(_bytes);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong Length => (ulong)_bytes.Length;

    /// <summary>The bytes themselves.</summary>
    public Span<byte> Bytes => _bytes;

    // The array sits on the pinned heap, so its address holds for as long as this object lives.
    internal override byte* Pointer => (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        _bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
