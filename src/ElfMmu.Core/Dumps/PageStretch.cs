namespace ElfMmu.Dumps;

/// <summary>Neighbouring pages.</summary>
/// <param name="First">The number of the first one.</param>
/// <param name="Count">How many; at least 1.</param>
internal readonly record struct PageStretch(ulong First, ulong Count)
{
    /// <summary>The number behind that of the last one.</summary>
    public ulong End => First + Count;
}
