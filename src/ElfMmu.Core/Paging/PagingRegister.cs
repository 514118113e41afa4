namespace ElfMmu.Paging;

/// <summary>A register that a paging mode asks for.</summary>
/// <param name="Name">The name in the manual: <c>TTBR0_EL1</c>.</param>
/// <param name="Description">What it says to the mode, in a few words.</param>
/// <param name="Aliases">Other names that dumps and descriptions give it.</param>
public sealed record PagingRegister(string Name, string Description, params string[] Aliases)
{
    /// <summary>The bits that a mode reads; the others may have any value, and change nothing.</summary>
    internal ulong Bits { get; init; } = ulong.MaxValue;

    /// <summary>Its value, by its name or else by the first alias that is known; null when none is.</summary>
    public ulong? In(RegisterSet registers)
    {
        ulong? value = registers[Name];
        for (int i = 0; value == null && i < Aliases.Length; i++)
        {
            value = registers[Aliases[i]];
        }

        return value;
    }

    /// <summary>One of its bits; null when its value isn't known.</summary>
    internal bool? Bit(RegisterSet registers, int bit) => In(registers) is { } value ? ((value >> bit) & 1) != 0 : null;

    /// <summary>What one of its bits says of the order of bytes: set for big-endian; null when its value isn't known.</summary>
    internal ByteOrder? OrderBit(RegisterSet registers, int bit) =>
        Bit(registers, bit) is { } isBig ? isBig ? ByteOrder.Big : ByteOrder.Little : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
