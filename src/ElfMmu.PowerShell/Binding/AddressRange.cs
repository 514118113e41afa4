using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>A range of addresses that was given as two addresses, as text, or by an object that has one.</summary>
public sealed class AddressRange
{
    /// <summary>Makes a range.</summary>
    internal AddressRange(Interval interval) => Interval = interval;

    /// <summary>The first address.</summary>
    public ulong Start => Interval.Start;

    /// <summary>The last address.</summary>
    public ulong Last => Interval.Last;

    /// <summary>The range.</summary>
    internal Interval Interval { get; }

    /// <inheritdoc/>
    public override string ToString() => $"0x{Start:x}-0x{Last:x}";
}
