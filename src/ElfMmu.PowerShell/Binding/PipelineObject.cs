using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>What any object of a pipeline says of where it is, by the names of its properties.</summary>
internal static class PipelineObject
{
    /// <summary>The dump it came out of; null if it doesn't say.</summary>
    public static DumpIdentity? DumpOf(PSObject? item) => Value(item, "Dump") switch
    {
        PSObject wrapped => wrapped.BaseObject as DumpIdentity,
        var value => value as DumpIdentity,
    };

    /// <summary>Its virtual address; null if it has none.</summary>
    public static ulong? AddressOf(PSObject? item) => Number(item, "VirtualAddress");

    /// <summary>Its range, from VirtualAddress on as long as Size says; null unless it has both, or where the range is empty.</summary>
    /// <param name="item">The object.</param>
    /// <param name="isEmpty">Whether it has a range of no bytes.</param>
    public static Interval? RangeOf(PSObject? item, out bool isEmpty)
    {
        isEmpty = false;
        if (AddressOf(item) is not { } start || Number(item, "Size") is not { } size)
        {
            return null;
        }

        isEmpty = size == 0;
        return isEmpty ? null : Interval.FromStartAndLast(start, start + Math.Min(size - 1, ulong.MaxValue - start));
    }

    private static object? Value(PSObject? item, string name) => item?.Properties[name]?.Value;

    private static ulong? Number(PSObject? item, string name) =>
        Value(item, name) is { } value and not "" && AddressConverter.TryConvert(value, out ulong number) ? number : null;
}
