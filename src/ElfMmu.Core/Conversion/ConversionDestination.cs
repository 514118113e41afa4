namespace ElfMmu.Conversion;

/// <summary>Names converted dumps after what they are made of.</summary>
public static class ConversionDestination
{
    /// <summary>The full path of a converted dump in a folder: the dump's name with the format's extension behind it.</summary>
    /// <param name="dump">The dump's path.</param>
    /// <param name="format">The format.</param>
    /// <param name="folder">The full path of the folder.</param>
    public static string Of(string dump, DumpFormat format, string folder) => Path.Combine(folder, Path.GetFileName(dump) + ExtensionOf(format));

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

    /// <summary>The error of a path that two dumps of one run would be written to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="dump">The second of them.</param>
    public static ElfMmuException Repeated(string path, string dump) => new(
        "OutputRepeated",
        ErrorKind.InvalidArgument,
        $"'{dump}' is to be written to '{path}', where another dump of the same run is. Name a folder, or a file for each of them.")
    { Path = path };
}
