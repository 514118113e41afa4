namespace ElfMmu.Memory;

/// <summary>
/// A file read by system calls. Slower than <see cref="MappedDataSource"/>, but a disk that goes away is an exception here and
/// not a signal that ends the process, so files on network and removable drives are read this way.
/// </summary>
public sealed class FileDataSource : DataSource
{
    private readonly FileStream _stream;

    /// <summary>Takes over an open file.</summary>
    internal FileDataSource(string name, FileStream stream)
    {
        _stream = stream;
        Name = name;
        Length = (ulong)stream.Length;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong Length { get; }

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        FileReading.ReadExactly(_stream.SafeFileHandle, Name, offset, destination);
    }

    /// <inheritdoc/>
    internal override void CheckLength() => FileReading.CheckLength(_stream.SafeFileHandle, Name, Length);

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end)
    {
        CheckLength();
        return FileHoles.IsHole(_stream.SafeFileHandle, offset, Length, out end);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _stream.Dispose();
}
