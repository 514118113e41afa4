using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>Where everything of a picture stands, in cells; how it looks is decided elsewhere.</summary>
internal sealed class PictureLayout
{
    /// <summary>The most spaces that can stand side by side.</summary>
    public const int MostSpaces = 64;

    private PictureLayout(
        IReadOnlyList<PictureColumn> columns, Mapping[][] mappings, Sharing[][] sharing, Stretch[] stretches, List<Stroke>[][] strokes)
    {
        Columns = columns;
        Mappings = mappings;
        Sharing = sharing;
        Stretches = stretches;
        Strokes = strokes;
        foreach (Stroke stroke in strokes.SelectMany(s => s).SelectMany(s => s))
        {
            StrokeCount++;
            MergedMappings += stroke.Count > 1 ? stroke.Count : 0;
            MergedStrokes += stroke.Count > 1 ? 1 : 0;
        }
    }

    public IReadOnlyList<PictureColumn> Columns { get; }

    /// <summary>The mappings of each column, ascending and disjoint.</summary>
    public Mapping[][] Mappings { get; }

    /// <summary>How much of each mapping is shared.</summary>
    public Sharing[][] Sharing { get; }

    /// <summary>The axis, ascending.</summary>
    public Stretch[] Stretches { get; }

    /// <summary>The strokes of each column in each stretch, ascending.</summary>
    public List<Stroke>[][] Strokes { get; }

    public int MappingCount => Mappings.Sum(m => m.Length);

    public int StrokeCount { get; }

    /// <summary>How many mappings share a stroke.</summary>
    public int MergedMappings { get; }

    /// <summary>How many strokes they share.</summary>
    public int MergedStrokes { get; }

    /// <summary>Lays a picture out. O(n log n) in the number of mappings.</summary>
    /// <exception cref="ElfMmuException"><c>NothingToDraw</c>, <c>TooManySpaces</c> or <c>MappingConflict</c>.</exception>
    public static PictureLayout Create(AddressSpacePicture picture, CancellationToken cancellation)
    {
        IReadOnlyList<PictureColumn> columns = picture.Columns;
        if (columns.Count > MostSpaces)
        {
            throw new ElfMmuException(
                "TooManySpaces",
                ErrorKind.LimitsExceeded,
                $"A picture has room for {MostSpaces} address spaces, and these are {columns.Count}. Draw them in several pictures.");
        }

        Mapping[][] mappings = [.. columns.Select(c => c.ToSortedArray())];
        if (mappings.All(m => m.Length == 0))
        {
            throw new ElfMmuException(
                "NothingToDraw",
                ErrorKind.InvalidData,
                "There is no mapping to draw. Check the root and the filters.");
        }

        cancellation.ThrowIfCancellationRequested();
        Sharing[][] sharing = SharedMemory.Find(columns, mappings);
        cancellation.ThrowIfCancellationRequested();
        Stretch[] stretches = AddressAxis.Create(mappings, columns.Min(c => c.Space.Mode.Granule));
        cancellation.ThrowIfCancellationRequested();
        List<Stroke>[][] strokes = [.. mappings.Select(m =>
        {
            int next = 0;
            return stretches.Select(s => StrokeBuilder.Build(m, ref next, s)).ToArray();
        })];
        return new PictureLayout(columns, mappings, sharing, stretches, strokes);
    }
}
