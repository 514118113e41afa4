namespace ElfMmu.PowerShell.Commands;

/// <summary>An interval that Compress-Interval made of intervals of any source.</summary>
public sealed class AddressInterval
{
    /// <summary>The first address.</summary>
    public ulong Start { get; init; }

    /// <summary>The first address behind it; 0xffffffffffffffff for an interval that reaches the top of the address space.</summary>
    public ulong End { get; init; }

    /// <summary>The length in bytes.</summary>
    public ulong Size { get; init; }

    /// <summary>What the first address leads to; null where targets were not compared or not given.</summary>
    public ulong? Target { get; init; }

    /// <summary>The rights; null where rights were not compared or not given.</summary>
    public string? Rights { get; init; }

    /// <summary>How many of the input's intervals it holds.</summary>
    public long Count { get; init; }
}
