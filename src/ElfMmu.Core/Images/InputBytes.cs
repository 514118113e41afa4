using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>The bytes of an input, addressed by their offsets.</summary>
internal sealed class InputBytes(IElfInput input) : IImageBytes
{
    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> destination)
    {
        int there = address >= input.Length ? 0 : (int)Math.Min(input.Length - address, (ulong)destination.Length);
        input.Read(there == 0 ? 0 : address, destination[..there]);
        return there;
    }
}
