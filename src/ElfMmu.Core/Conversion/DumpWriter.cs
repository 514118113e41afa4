using ElfMmu.Export;

namespace ElfMmu.Conversion;

/// <summary>
/// Writes a container: it gets the memory once, ascending by address, without what is damaged. Neighbouring calls that go on where the last
/// one ended belong together.
/// </summary>
internal abstract class DumpWriter
{
    private readonly List<MemoryPiece> _pieces = [];

    /// <summary>What it got so far, ascending, each stretch as long as possible.</summary>
    public IReadOnlyList<MemoryPiece> Pieces => _pieces;

    /// <summary>How many bytes were written so far, without holes.</summary>
    public abstract ulong Written { get; }

    /// <summary>Takes memory.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="bytes">The bytes.</param>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        Add(address, (ulong)bytes.Length);
        Put(address, bytes);
    }

    /// <summary>Takes memory that is all zeros.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="size">How many bytes; at least 1.</param>
    public void WriteZeros(ulong address, ulong size) => Add(address, size);

    /// <summary>Writes what can be known only at the end, and gives the files their lengths.</summary>
    /// <returns>The length of all files together.</returns>
    public abstract ulong Finish();

    /// <summary>Begins a stretch that isn't continued from the last one.</summary>
    protected virtual void Begin(ulong address)
    {
    }

    /// <summary>Writes memory to where it belongs.</summary>
    protected abstract void Put(ulong address, ReadOnlySpan<byte> bytes);

    private void Add(ulong address, ulong size)
    {
        if (_pieces.Count > 0 && _pieces[^1] is var last && last.Start + last.Size == address && address != 0)
        {
            _pieces[^1] = last with { Size = last.Size + size };
            return;
        }

        Begin(address);
        _pieces.Add(new MemoryPiece(address, size));
    }
}
