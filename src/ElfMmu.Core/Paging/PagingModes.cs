namespace ElfMmu.Paging;

/// <summary>Every mode there is; a new one is a row here.</summary>
public static class PagingModes
{
    /// <summary>All modes.</summary>
    public static IReadOnlyList<PagingMode> All { get; } =
    [
        .. X86Modes.All, .. EptModes.All, .. NptModes.All, .. RiscVModes.All, .. AArch64Modes.All, .. ArmModes.All,
        .. PowerPcModes.All, .. MipsModes.All,
    ];

    /// <summary>The modes a name or an alias stands for, whatever the case: none, one, or the members of a family.</summary>
    public static IReadOnlyList<PagingMode> Named(string name)
    {
        PagingMode? exact = All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return exact != null ? [exact] : [.. All.Where(m => m.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase))];
    }

    /// <summary>The modes that any of several names or aliases stands for, each once.</summary>
    /// <exception cref="ElfMmuException"><c>ModeUnknown</c>: one of them stands for none.</exception>
    public static IReadOnlyList<PagingMode> NamedAny(IEnumerable<string> names) =>
        [.. names.SelectMany(n => Named(n) is { Count: > 0 } modes ? modes : throw Unknown(n)).Distinct()];

    /// <summary>Finds the one mode that a name or alias stands for, whatever the case.</summary>
    /// <exception cref="ElfMmuException"><c>ModeUnknown</c> or <c>ModeAmbiguous</c>.</exception>
    public static PagingMode Get(string name) => Named(name) switch
    {
        [var mode] => mode,
        [] => throw Unknown(name),
        var several => throw Ambiguous(name, several),
    };

    /// <summary>The error of a name that stands for no mode: <c>ModeUnknown</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="whose">Who gives it, as a sentence; null for the user.</param>
    public static ElfMmuException Unknown(string name, string? whose = null) => new(
        "ModeUnknown",
        ErrorKind.InvalidArgument,
        $"{whose ?? $"'{name}' isn't a paging mode."} The modes are {string.Join(", ", All.Select(m => m.Name))}.");

    /// <summary>The error of a name that stands for several modes.</summary>
    internal static ElfMmuException Ambiguous(string name, IReadOnlyList<PagingMode> modes) => new(
        "ModeAmbiguous",
        ErrorKind.InvalidArgument,
        $"'{name}' stands for the modes {string.Join(", ", modes.Select(m => m.Name))}. Give one of them"
        + (modes[0].ControlRegister is { } control ? $", or the value of {control.Name}." : "."));
}
