using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>An interval as any object has it, by the names of its properties.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Size">The length in bytes; null when <paramref name="End"/> says it.</param>
/// <param name="End">The first address behind it; null when <paramref name="Size"/> says it, or nothing does.</param>
/// <param name="Target">What the first address leads to, if the object says so.</param>
/// <param name="Rights">The rights in words, if the object says so.</param>
/// <param name="Group">Where it comes from in words, if the object says so.</param>
internal readonly record struct IntervalProperties(
    ulong Start, ulong? Size, ulong? End, ulong? Target, string? Rights, string? Group)
{
    private static readonly string[] StartNames = ["VirtualAddress", "Start", "StartAddress", "Address"];
    private static readonly string[] SizeNames = ["Size", "Length"];
    private static readonly string[] EndNames = ["End", "EndAddress"];
    private static readonly string[] TargetNames = ["PhysicalAddress", "Target", "Offset"];
    private static readonly string[] RightsNames = ["SupervisorRights", "UserRights", "Rights", "Kind"];
    private static readonly string[] GroupNames = ["Root", "Dump"];

    /// <summary>Reads an object.</summary>
    /// <param name="item">The object.</param>
    /// <param name="needsSize">Whether its size or its end has to be there.</param>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: it has no start, no size and no end, or they are no numbers.</exception>
    public static IntervalProperties Read(PSObject item, bool needsSize = true)
    {
        ulong start = Number(item, StartNames) ?? throw Invalid(item, "has none of the properties " + string.Join(", ", StartNames));
        ulong? size = Number(item, SizeNames);
        ulong? end = Number(item, EndNames);
        if (size == null && end == null && needsSize)
        {
            throw Invalid(item, $"has none of the properties {string.Join(", ", SizeNames)}, {string.Join(", ", EndNames)}");
        }

        return new IntervalProperties(start, size, end, Number(item, TargetNames), Words(item, RightsNames), Words(item, GroupNames));
    }

    private static ulong? Number(PSObject item, string[] names)
    {
        foreach (string name in names)
        {
            if (item.Properties[name]?.Value is { } value and not "")
            {
                return AddressConverter.TryConvert(value, out ulong number)
                    ? number
                    : throw Invalid(item, $"has '{value}' as its {name}, which is no address or size");
            }
        }

        return null;
    }

    private static string? Words(PSObject item, string[] names)
    {
        string? words = null;
        foreach (string name in names)
        {
            if (item.Properties[name]?.Value is { } value && value.ToString() is { Length: > 0 } text)
            {
                words = words == null ? text : $"{words} {text}";
            }
        }

        return words;
    }

    private static ElfMmuException Invalid(PSObject item, string what) => new(
        "IntervalInvalid",
        ErrorKind.InvalidArgument,
        $"'{item}' {what}. An interval needs Start and End (the first address behind it), or VirtualAddress and Size.");
}
