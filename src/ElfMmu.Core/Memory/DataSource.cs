namespace ElfMmu.Memory;

/// <summary>The bytes of a file, or of something that stands for one, read at any offset. Safe to use from several threads.</summary>
public abstract unsafe class DataSource : IDisposable
{
    /// <summary>A name for messages: the path of the file.</summary>
    public abstract string Name { get; }

    /// <summary>The length in bytes when it was opened.</summary>
    public abstract ulong Length { get; }

    /// <summary>
    /// The first byte, when the whole source lies in the address space of this process, else null. It is valid until the source
    /// is disposed.
    /// </summary>
    internal virtual byte* Pointer => null;

    /// <summary>Reads exactly <paramref name="destination"/>'s length of bytes.</summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: the range leaves the source, or the system could not read it.</exception>
    public abstract void Read(ulong offset, Span<byte> destination);

    /// <summary>What turned out to be damaged while it was read; null where nothing can, because nothing is unpacked.</summary>
    internal virtual DamageLog? Damage => null;

    /// <summary>Reads exactly <paramref name="destination"/>'s length of bytes, unless they can't be had.</summary>
    /// <returns>False when a part of it is damaged; the destination's content is undefined then.</returns>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: the range leaves the source, or the system could not read it.</exception>
    internal virtual bool TryRead(ulong offset, Span<byte> destination)
    {
        Read(offset, destination);
        return true;
    }

    /// <summary>Reads what can be had; damaged parts become zeros, in pieces of 4 KiB.</summary>
    internal void ReadSound(ulong offset, Span<byte> destination)
    {
        const int PieceSize = 4096;
        if (TryRead(offset, destination))
        {
            return;
        }

        for (int size; !destination.IsEmpty; destination = destination[size..], offset += (ulong)size)
        {
            size = Math.Min(PieceSize - (int)(offset % PieceSize), destination.Length);
            if (!TryRead(offset, destination[..size]))
            {
                destination[..size].Clear();
            }
        }
    }

    /// <summary>
    /// Throws when the source has become shorter since it was opened. To be asked before a large piece is read in place: reading
    /// a mapping behind its file's end is a signal that ends the process.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    internal virtual void CheckLength()
    {
    }

    /// <summary>
    /// Whether the bytes from an offset on are known to be zeros without reading them, and up to where that answer holds.
    /// </summary>
    /// <param name="offset">An offset before the end.</param>
    /// <param name="end">The offset behind the hole or the data; above <paramref name="offset"/>.</param>
    internal virtual bool IsHole(ulong offset, out ulong end)
    {
        end = Length;
        return false;
    }

    /// <summary>
    /// Reads a small piece between holes. Through a mapping the system would read ahead, and fill megabytes of memory with the
    /// zeros around it.
    /// </summary>
    internal virtual void ReadIsland(ulong offset, Span<byte> destination) => Read(offset, destination);

    /// <summary>The same; damaged parts become zeros, in pieces of 4 KiB.</summary>
    internal void ReadSoundIsland(ulong offset, Span<byte> destination)
    {
        if (Damage == null)
        {
            ReadIsland(offset, destination);
        }
        else
        {
            ReadSound(offset, destination);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Throws when a range isn't inside the source.</summary>
    protected void CheckRange(ulong offset, int size)
    {
        if (offset > Length || (ulong)size > Length - offset)
        {
            throw new ElfMmuException(
                "ReadFailed",
                ErrorKind.ReadError,
                $"'{Name}' has {Length} bytes; {size} bytes at offset 0x{offset:x} aren't in it.")
            { Path = Name, Offset = offset };
        }
    }
}
