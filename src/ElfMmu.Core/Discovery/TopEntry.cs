namespace ElfMmu.Discovery;

/// <summary>One entry of a top table.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Summary">What is there.</param>
internal readonly record struct TopEntry(int Index, ulong Target, TreeSummary Summary)
{
    /// <summary>Whether user mode can read or write anything there. Kernels leave what they map for a moment executable for all.</summary>
    public bool IsUser => Summary.UserDataBytes > 0;
}
