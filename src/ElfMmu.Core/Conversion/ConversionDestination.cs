namespace ElfMmu.Conversion;

/// <summary>Names converted dumps after what they are made of.</summary>
public static class ConversionDestination
{
    private static readonly string[] Wrappings = [".gz", ".zst", ".zz", ".zlib"];

    private static readonly string[] Dumps =
    [
        ".elf", ".core", ".vmcore", ".kdump", ".lime", ".avml", ".raw", ".bin", ".dd", ".img", ".mem", ".vmem", ".vmss", ".vmsn", ".dmp", ".dump", ".yaml", ".yml",
    ];

    /// <summary>
    /// The full path of a converted dump in a folder: the dump's name with the format's extension, which replaces those of wrappings
    /// (<c>.gz</c>, <c>.zst</c>, <c>.zz</c>, <c>.zlib</c>) and one that dumps have; any other stays before it.
    /// </summary>
    /// <param name="dump">The dump's path.</param>
    /// <param name="format">The format.</param>
    /// <param name="folder">The full path of the folder.</param>
    public static string Of(string dump, DumpFormat format, string folder)
    {
        string name = Path.GetFileName(dump);
        while (Without(name, Wrappings) is { } unwrapped)
        {
            name = unwrapped;
        }

        return Path.Combine(folder, (Without(name, Dumps) ?? name) + ExtensionOf(format));
    }

    /// <summary>
    /// The format that is meant: the one asked for, else raw where only that can be, else the one that the name of the file says: LiME by
    /// <c>.lime</c>, raw by <c>.raw</c>, <c>.bin</c>, <c>.dd</c>, <c>.img</c>, <c>.mem</c> and <c>.vmem</c>, ELF by any other and in a folder.
    /// </summary>
    /// <param name="asked">The format asked for; null for none.</param>
    /// <param name="onlyRaw">Whether something is asked for that only raw images have: pieces, or a start at physical address 0.</param>
    /// <param name="file">The file to write; null where a folder is named, or nothing.</param>
    public static DumpFormat FormatOf(DumpFormat? asked, bool onlyRaw, string? file) => asked
        ?? (onlyRaw ? DumpFormat.Raw : Path.GetExtension(file)?.ToLowerInvariant() switch
        {
            ".lime" => DumpFormat.Lime,
            ".raw" or ".bin" or ".dd" or ".img" or ".mem" or ".vmem" => DumpFormat.Raw,
            _ => DumpFormat.Elf,
        });

    /// <summary>The extension of a format: <c>.elf</c>, <c>.lime</c> or <c>.raw</c>.</summary>
    public static string ExtensionOf(DumpFormat format) => format switch
    {
        DumpFormat.Lime => ".lime",
        DumpFormat.Raw => ".raw",
        _ => ".elf",
    };

    /// <summary>The path of the machine description beside a file.</summary>
    /// <param name="path">The file's full path.</param>
    public static string MachineOf(string path) => Path.ChangeExtension(path, ".yaml") is var beside && beside != path ? beside : path + ".yaml";

    /// <summary>A name without its extension, if that is one of some and isn't all of the name; else null.</summary>
    private static string? Without(string name, string[] extensions) =>
        extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) && Path.GetFileNameWithoutExtension(name) is { Length: > 0 } rest ? rest : null;

    /// <summary>The error of a path that two dumps of one run would be written to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="dump">The second of them.</param>
    public static ElfMmuException Repeated(string path, string dump) => new(
        "OutputRepeated",
        ErrorKind.InvalidArgument,
        $"'{dump}' is to be written to '{path}', where another dump of the same run is. Name a folder, or a file for each of them.")
    { Path = path };
}
