using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the names of the modes of hypervisors' tables.</summary>
public sealed class NestedModeCompleter : PagingModeCompleter
{
    /// <inheritdoc/>
    protected override bool IsWanted(PagingMode mode) => mode.IsNested;
}
