using Microsoft.Win32.SafeHandles;

namespace ElfMmu.Memory;

/// <summary>
/// A file read by system calls. Slower than <see cref="MappedDataSource"/>, but a disk that goes away is an exception here and
/// not a signal that ends the process, so files on network and removable drives are read this way.
/// </summary>
public sealed class FileDataSource : DataSource
{
    private readonly SafeFileHandle _handle;

    /// <summary>Takes over an open file.</summary>
    internal FileDataSource(string name, SafeFileHandle handle)
    {
        _handle = handle;
        Name = name;
        Length = (ulong)RandomAccess.GetLength(handle);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong Length { get; }

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        FileReading.ReadExactly(_handle, Name, offset, destination);
    }

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end) => FileHoles.IsHole(_handle, offset, Length, out end);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _handle.Dispose();
}
