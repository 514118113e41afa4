namespace ElfMmu.Elf;

/// <summary>Bytes that can be read at any offset: what an ELF file is read from.</summary>
public interface IElfInput
{
    /// <summary>The number of bytes there are.</summary>
    ulong Length { get; }

    /// <summary>What to call the input in a message: a path, or a word of the caller's.</summary>
    string Name { get; }

    /// <summary>Reads bytes, all of them or none.</summary>
    /// <param name="offset">The first byte, counted from the input's start.</param>
    /// <param name="destination">Receives the bytes; all of it is filled.</param>
    /// <exception cref="ElfMmuException"><c>ReadError</c>: the range isn't wholly in the input, or reading failed.</exception>
    void Read(ulong offset, Span<byte> destination);
}
