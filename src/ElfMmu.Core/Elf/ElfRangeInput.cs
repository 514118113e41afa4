namespace ElfMmu.Elf;

/// <summary>A part of another input as an input of its own.</summary>
/// <param name="input">The other input, which has the part.</param>
/// <param name="start">The first byte in it.</param>
/// <param name="length">How many bytes.</param>
/// <param name="name">What to call it in a message.</param>
internal sealed class ElfRangeInput(IElfInput input, ulong start, ulong length, string name) : IElfInput
{
    public ulong Length => length;

    public string Name => name;

    public void Read(ulong offset, Span<byte> destination)
    {
        if (offset > length || (ulong)destination.Length > length - offset)
        {
            throw ElfInputErrors.Outside(this, offset, destination.Length);
        }

        input.Read(start + offset, destination);
    }
}
