namespace ElfMmu.Tests.Paging;

/// <summary>What the manual says of one address that translates.</summary>
internal sealed record ManualPage(
    ulong Physical, ulong PageSize, Rights User, Rights Supervisor, bool Global, bool Accessed, bool Dirty, int CacheIndex);
