namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>What readelf cuts: names of sections wherever it doesn't list sections.</summary>
internal static class Cut
{
    private const int Longest = 256;

    /// <summary>Whether a line is another one with a piece left out that follows 256 characters of a name.</summary>
    public static bool Of(string theirs, string ours)
    {
        if (theirs.Length >= ours.Length || ours.Length <= Longest)
        {
            return false;
        }

        int same = theirs.AsSpan().CommonPrefixLength(ours);
        return same >= Longest && ours.AsSpan().EndsWith(theirs.AsSpan(same));
    }
}
