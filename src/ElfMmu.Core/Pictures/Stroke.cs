namespace ElfMmu.Pictures;

/// <summary>What stands for one mapping, or for neighbours that are too thin to be told apart.</summary>
/// <param name="Top">The first cell in the stretch.</param>
/// <param name="Bottom">The cell behind the last one; at least one more than <paramref name="Top"/>.</param>
/// <param name="From">The index of the first mapping.</param>
/// <param name="To">The index behind the last mapping.</param>
internal readonly record struct Stroke(int Top, int Bottom, int From, int To)
{
    /// <summary>How many mappings it stands for.</summary>
    public int Count => To - From;
}
