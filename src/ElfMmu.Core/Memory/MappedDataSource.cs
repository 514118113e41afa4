using System.IO.MemoryMappedFiles;

namespace ElfMmu.Memory;

/// <summary>
/// A file mapped read-only into this process: page tables are read in place, and nothing is copied. Without being disposed it is unmapped
/// when nothing leads to it any more; so who reads through <see cref="DataSource.Pointer"/> keeps it alive until that is done.
/// </summary>
public sealed unsafe class MappedDataSource : DataSource
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _pointer;

    /// <summary>Takes over an open, non-empty file and maps it whole.</summary>
    internal MappedDataSource(string name, FileStream stream)
    {
        _stream = stream;
        Name = name;
        Length = (ulong)stream.Length;
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        _pointer += _view.PointerOffset;
    }

    /// <summary>
    /// Unmaps a file that nobody closed and nobody can reach any more. A handle whose pointer is still acquired isn't released by its own
    /// finalizer.
    /// </summary>
    ~MappedDataSource() => Dispose(false);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong Length { get; }

    /// <inheritdoc/>
    internal override byte* Pointer => _pointer;

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        ObjectDisposedException.ThrowIf(_pointer == null, this);
        new ReadOnlySpan<byte>(_pointer + offset, destination.Length).CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    internal override void ReadIsland(ulong offset, Span<byte> destination)
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
    protected override void Dispose(bool disposing)
    {
        if (_pointer == null)
        {
            return;
        }

        _pointer = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        if (!disposing)
        {
            // With the pointer given back, the handles' own finalizers do the rest.
            return;
        }

        _view.Dispose();
        _file.Dispose();
        _stream.Dispose();
    }
}
