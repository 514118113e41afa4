using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Cancels at the first mapping.</summary>
internal readonly struct CancellingSink(CancellationTokenSource source) : IMappingSink
{
    public bool Add(in Mapping mapping)
    {
        source.Cancel();
        return true;
    }
}
