namespace ElfMmu.Elf;

/// <summary>An input that lies in memory.</summary>
/// <param name="bytes">The bytes; they are not copied.</param>
/// <param name="name">What to call them in a message.</param>
public sealed class ElfMemoryInput(ReadOnlyMemory<byte> bytes, string name = "memory") : IElfInput
{
    /// <inheritdoc/>
    public ulong Length => (ulong)bytes.Length;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Read(ulong offset, Span<byte> destination)
    {
        if (offset > Length || (ulong)destination.Length > Length - offset)
        {
            throw ElfInputErrors.Outside(this, offset, destination.Length);
        }

        bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
    }
}
