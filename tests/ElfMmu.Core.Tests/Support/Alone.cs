using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>Tests that change something of the whole process, and so run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    public const string Name = "alone";
}
