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
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_handle, destination, (long)offset);
                if (read == 0)
                {
                    throw new EndOfStreamException("the file became shorter while it was read");
                }

                offset += (ulong)read;
                destination = destination[read..];
            }
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "ReadFailed", ErrorKind.ReadError, $"Reading '{Name}' at offset 0x{offset:x} failed: {e.Message}", e)
            { Path = Name, Offset = offset };
        }
    }

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end) => FileHoles.IsHole(_handle, offset, Length, out end);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _handle.Dispose();
}
