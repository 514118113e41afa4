namespace ElfMmu.Paging;

/// <summary>What of the processor's state changes how entries are read. Null stands for not known.</summary>
public sealed record PagingOptions
{
    /// <summary>How many bits a physical address has (x86: MAXPHYADDR); bits above it in an entry are reserved.</summary>
    public int? PhysicalAddressBits { get; init; }

    /// <summary>The order of bytes in the page tables.</summary>
    public ByteOrder ByteOrder { get; init; }

    /// <summary>The registers that are known; every mode takes what it needs and says what it assumes for the rest.</summary>
    public RegisterSet Registers { get; init; } = RegisterSet.Empty;

    /// <summary>Address bits that carry a meaning of their own and are no part of the address, such as SME's C-bit.</summary>
    public ulong IgnoredAddressBits { get; init; }
}
