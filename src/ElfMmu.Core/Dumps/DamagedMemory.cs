namespace ElfMmu.Dumps;

/// <summary>Memory that a dump has but can't give, because the block of the file that holds it is damaged.</summary>
/// <param name="PhysicalAddress">The lowest physical address in the block; null where it is no memory that the dump shows.</param>
/// <param name="Size">How many bytes the block unpacks to.</param>
/// <param name="File">The path of the file.</param>
/// <param name="FileOffset">Where the block is in it.</param>
/// <param name="Reason">What is wrong with it, in words.</param>
public sealed record DamagedMemory(ulong? PhysicalAddress, int Size, string File, ulong FileOffset, string Reason)
{
    /// <summary>Where it is, and why.</summary>
    public override string ToString() =>
        $"{(PhysicalAddress is { } address ? $"physical 0x{address:x}, " : "")}0x{Size:x} bytes at offset 0x{FileOffset:x}: {Reason}";
}
