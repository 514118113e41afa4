using System.Globalization;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>What a picture says in words.</summary>
internal sealed class PictureText(PictureLayout layout, string? title)
{
    private const int MostGroups = 12;
    private const int MostParts = 8;

    private readonly Dictionary<string, string> _dumps = ShortNames(layout.Columns);

    /// <summary>The title given, or one that names the dumps.</summary>
    public string Title { get; } = title ?? DefaultTitle(layout.Columns);

    /// <summary>How to read the picture, and what it leaves out.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            yield return "Addresses grow downward. Each stretch is to scale by itself: the bar at its left says how much its length is. "
                + "What no space maps between stretches is folded, and the line says how much it is."
                + (layout.Columns.Count > 1 ? " Equal addresses stand at equal height." : "");
            yield return layout.MergedMappings == 0
                ? "Each mapping has a stroke of its own."
                : $"{Number(layout.MergedMappings)} of {Number(layout.MappingCount)} mappings are too thin at the scale of their stretch: "
                    + $"neighbours among them share {Number(layout.MergedStrokes)} strokes, in the rights of what takes most of each, with "
                    + "a notch in those whose rights differ.";
        }
    }

    /// <summary>The name of a space in few words.</summary>
    public static string Name(SpaceIdentity space) =>
        $"root 0x{space.Root:x}" + (space.Root1 is { } second && second != space.Root ? $", 0x{second:x}" : "");

    /// <summary>The name of a space's dump, with as many folders before it as it takes to tell it from the others.</summary>
    public string Dump(SpaceIdentity space) => _dumps[space.Dump.Path];

    /// <summary>The mode of a space, and of the one below it.</summary>
    public static string Mode(SpaceIdentity space) =>
        space.Mode.Name + (space.NestedMode == null ? "" : $" below 0x{space.NestedRoot:x} ({space.NestedMode.Name})");

    /// <summary>A number with its thousands apart.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its word.</summary>
    public static string Count(long count, string word) => $"{Number(count)} {word}{(count == 1 ? "" : "s")}";

    /// <summary>What is told of a stroke by pointing at it.</summary>
    public string Describe(int column, Stroke stroke)
    {
        ReadOnlySpan<Mapping> mappings = layout.Mappings[column].AsSpan(stroke.From, stroke.Count);
        string range = $"0x{mappings[0].VirtualAddress:x} – 0x{mappings[^1].LastAddress:x}";
        if (mappings.Length == 1)
        {
            Mapping mapping = mappings[0];
            MappingAttributes attributes = mapping.Attributes;
            SpaceIdentity space = layout.Columns[column].Space;
            string sharing = layout.Sharing[column][stroke.From] switch
            {
                Sharing.All => ", shared",
                Sharing.Part => ", shared in part",
                _ => "",
            };
            return $"{range}, {ByteSize.Exact(mapping.Size)}\n{PictureRights.Describe(PictureRights.Key(attributes))}"
                + (PictureRights.IsWriteExecute(attributes) ? " (writable and executable)" : "")
                + $"\npages of {ByteSize.Exact(attributes.PageSize)}, physical 0x{mapping.PhysicalAddress:x}\n{Kind(mapping.Kind)}, "
                + $"{space.Mode.CacheName(attributes.CacheIndex, space.MemoryTypes)}{(attributes.Global ? ", global" : "")}{sharing}";
        }

        UInt128 size = 0;
        var groups = new SortedDictionary<int, (int Count, UInt128 Size)>();
        foreach (Mapping mapping in mappings)
        {
            int key = PictureRights.Key(mapping.Attributes);
            groups.TryGetValue(key, out (int Count, UInt128 Size) group);
            groups[key] = (group.Count + 1, group.Size + mapping.Size);
            size += mapping.Size;
        }

        IEnumerable<string> lines = groups.OrderByDescending(g => g.Value.Size).ThenBy(g => g.Key).Take(MostGroups).Select(
            g => $"\n{PictureRights.Describe(g.Key)}: {Number(g.Value.Count)}, {ByteSize.Rounded(g.Value.Size)}");
        return $"{range}\n{Count(mappings.Length, "mapping")} of {ByteSize.Rounded(size)} together" + string.Concat(lines)
            + $"\nthe first at physical 0x{mappings[0].PhysicalAddress:x}";
    }

    private static string Kind(RegionKind kind) => kind switch
    {
        RegionKind.Ram => "RAM",
        RegionKind.Device => "device",
        _ => "not in the dump",
    };

    private static Dictionary<string, string> ShortNames(IReadOnlyList<PictureColumn> columns)
    {
        string[] paths = [.. columns.Select(c => c.Space.Dump.Path).Distinct()];
        for (int parts = 1; parts < MostParts; parts++)
        {
            string[] names = [.. paths.Select(p => string.Join('/', p.Split('/', '\\').TakeLast(parts)))];
            if (names.Distinct().Count() == names.Length)
            {
                return paths.Zip(names).ToDictionary(p => p.First, p => p.Second);
            }
        }

        return paths.ToDictionary(p => p);
    }

    private static string DefaultTitle(IReadOnlyList<PictureColumn> columns)
    {
        string[] dumps = [.. columns.Select(c => c.Space.Dump.Path).Distinct()];
        string what = columns.Count == 1 ? "Address space" : $"{columns.Count} address spaces";
        return dumps.Length == 1 ? $"{what} of {Path.GetFileName(dumps[0])}" : $"{what} of {dumps.Length} dumps";
    }
}
