using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the names of paging modes, and those that several modes share.</summary>
public sealed class PagingModeFamilyCompleter : PagingModeCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names() => base.Names().Concat(PagingModes.All
        .SelectMany(m => m.Aliases)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(a => (Name: a, Modes: PagingModes.Named(a)))
        .Where(f => f.Modes.Count > 1)
        .Select(f => (f.Name, string.Join(", ", f.Modes.Select(m => m.Name)))));
}
