using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>What to look for.</summary>
public sealed record RootSearchOptions
{
    /// <summary>The modes to look for; null for all that the dump's architecture leaves, without those of hypervisors' tables.</summary>
    public IReadOnlyList<PagingMode>? Modes { get; init; }

    /// <summary>Told how many bytes of how many have been looked at; from any thread.</summary>
    public Action<ulong, ulong>? Progress { get; init; }
}
