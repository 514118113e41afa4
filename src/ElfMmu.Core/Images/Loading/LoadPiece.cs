namespace ElfMmu.Images.Loading;

/// <summary>A segment or a section with its place in memory and in the input.</summary>
/// <param name="Index">Its index in the table of headers; -1 for the headers of a PE image.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Address">Its first address.</param>
/// <param name="Size">Its bytes in memory, from 1; the last one isn't behind the last address there is.</param>
/// <param name="Linked">Its first address as the headers say it.</param>
/// <param name="SourceOffset">Its first byte in the input.</param>
/// <param name="SourceSize">How many bytes the input has of it, at most <paramref name="Size"/>; the others are zeros.</param>
/// <param name="AbsentSize">How many of these zeros aren't meant: the input ought to have bytes there.</param>
/// <param name="Rights">The rights it asks for.</param>
internal readonly record struct LoadPiece(
    int Index,
    string Name,
    ulong Address,
    ulong Size,
    ulong Linked,
    ulong SourceOffset,
    ulong SourceSize,
    ulong AbsentSize,
    Rights Rights)
{
    /// <summary>The last address.</summary>
    public ulong Last => Address + (Size - 1);

    /// <summary>What of it lies in a range of addresses; null if nothing does.</summary>
    public LoadPiece? Cut(ulong first, ulong last)
    {
        if (first > Last || last < Address)
        {
            return null;
        }

        ulong skipped = first > Address ? first - Address : 0;
        ulong size = Math.Min(last, Last) - (Address + skipped) + 1;
        ulong source = SourceSize > skipped ? Math.Min(SourceSize - skipped, size) : 0;
        ulong meant = SourceSize + AbsentSize;
        ulong reaches = meant > skipped ? Math.Min(meant - skipped, size) : 0;
        return this with
        {
            Address = Address + skipped,
            Size = size,
            Linked = Linked + skipped,
            SourceOffset = SourceOffset + skipped,
            SourceSize = source,
            AbsentSize = reaches - source,
        };
    }
}
