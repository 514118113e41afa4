namespace ElfMmu.Pictures;

/// <summary>What was drawn.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Format">Its format.</param>
/// <param name="Spaces">How many address spaces stand side by side.</param>
/// <param name="Mappings">How many mappings they have.</param>
/// <param name="Strokes">How many strokes stand for them.</param>
/// <param name="Merged">How many of the mappings share a stroke with neighbours, because they are too thin to be seen.</param>
/// <param name="Stretches">How many stretches of addresses are drawn; what lies between them is folded.</param>
/// <param name="Length">The file's length in bytes.</param>
public sealed record PictureSummary(
    string Path, PictureFormat Format, int Spaces, int Mappings, int Strokes, int Merged, int Stretches, ulong Length)
{
    /// <summary>The counts in words: <c>90 mappings of 1 address space, 80 strokes in 39 stretches</c>.</summary>
    public string Counts =>
        $"{Count(Mappings, "mapping")} of {Count(Spaces, "address space")}, {Count(Strokes, "stroke")} in {Count(Stretches, "stretch", "es")}";

    private static string Count(int count, string word, string plural = "s") => $"{count} {word}{(count == 1 ? "" : plural)}";
}
