namespace ElfMmu.Memory;

/// <summary>Bytes that are known to be zeros and stand in no file.</summary>
/// <param name="name">A name for messages: the path of the file that says so.</param>
internal sealed class ZeroDataSource(string name) : DataSource
{
    /// <inheritdoc/>
    public override string Name { get; } = name;

    /// <inheritdoc/>
    public override ulong Length => ulong.MaxValue;

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        destination.Clear();
    }

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end)
    {
        end = Length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
