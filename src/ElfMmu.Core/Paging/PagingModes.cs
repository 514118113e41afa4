namespace ElfMmu.Paging;

/// <summary>Every mode there is; a new one is a row here.</summary>
public static class PagingModes
{
    /// <summary>All modes.</summary>
    public static IReadOnlyList<PagingMode> All { get; } = [X86Modes.Ia32, X86Modes.Pae, X86Modes.Ia32e, X86Modes.La57];

    /// <summary>Finds a mode by name or alias, whatever the case.</summary>
    /// <exception cref="ElfMmuException"><c>ModeUnknown</c>.</exception>
    public static PagingMode Get(string name) => TryGet(name) ?? throw new ElfMmuException(
        "ModeUnknown",
        ErrorKind.InvalidArgument,
        $"'{name}' isn't a paging mode. The modes are {string.Join(", ", All.Select(m => m.Name))}.");

    /// <summary>Finds a mode by name or alias, whatever the case; null when there is none.</summary>
    public static PagingMode? TryGet(string name) => All.FirstOrDefault(
        m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || m.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
