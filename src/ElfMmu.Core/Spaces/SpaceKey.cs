using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the mappings of a space depend on, and nothing else.</summary>
/// <param name="Space">Mode and roots.</param>
/// <param name="Root">The lower half's root; null where it is left out, which the identity doesn't tell from one root for both halves.</param>
/// <param name="Options">What the mode reads of the processor's state: the same tables can give other rights with other registers.</param>
/// <param name="NestedOptions">What the hypervisor's mode reads of it; null without a hypervisor.</param>
internal sealed record SpaceKey(SpaceIdentity Space, ulong? Root, PagingOptions Options, PagingOptions? NestedOptions);
