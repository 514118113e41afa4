namespace ElfMmu.Intervals;

/// <summary>What two intervals of one group must agree on to be alike, and so to be fused where they touch.</summary>
[Flags]
public enum FuseBy
{
    /// <summary>Nothing: all intervals of a group are alike, adjacency is enough.</summary>
    Adjacency = 0,

    /// <summary>The displacement, target minus start modulo 2^64: the targets continue where the addresses do.</summary>
    Target = 1,

    /// <summary>The value of the rights.</summary>
    Rights = 2,
}
