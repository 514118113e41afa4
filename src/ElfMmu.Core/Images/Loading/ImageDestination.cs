using ElfMmu.Elf;

namespace ElfMmu.Images.Loading;

/// <summary>Names flat images after what they are made of.</summary>
public static class ImageDestination
{
    /// <summary>
    /// The full path of an image: its source's name and <c>.bin</c> in a folder. An image in an address space has the dump's name, the root
    /// and its address: <c>linux.elf-8f2000-400000.bin</c>.
    /// </summary>
    /// <param name="source">What it is made of.</param>
    /// <param name="folder">The full path of the folder.</param>
    public static string Of(IElfSource source, string folder)
    {
        ArgumentNullException.ThrowIfNull(source);
        string path = source is MappedImage image ? $"{image.Dump.Path}-{image.Root:x}-{image.Address:x}" : source.Path;
        string name = Path.GetFileName(path);
        foreach (char invalid in Path.GetInvalidFileNameChars().Append(':'))
        {
            name = name.Replace(invalid, '-');
        }

        return Path.Combine(folder, name + ".bin");
    }

    /// <summary>Whether a path names a folder: it ends as one does, or there is one.</summary>
    /// <param name="path">A path.</param>
    public static bool IsFolder(string path) => Path.EndsInDirectorySeparator(path) || Directory.Exists(path);

    /// <summary>Makes a folder unless there is one.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="ElfMmuException"><c>WriteFailed</c>.</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException("WriteFailed", ErrorKind.WriteError, $"The folder '{path}' can't be made: {e.Message}", e) { Path = path };
        }
    }

    /// <summary>The error of a path that two images of one run would have.</summary>
    /// <param name="path">The path.</param>
    /// <param name="source">The second of them.</param>
    public static ElfMmuException Repeated(string path, IElfSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ElfMmuException("OutputRepeated", ErrorKind.InvalidArgument,
            $"'{source.Path}' is to be written to '{path}', where another image of the same run is. Name a folder, or a file for each of them.")
        { Path = path };
    }
}
