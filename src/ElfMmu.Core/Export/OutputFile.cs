namespace ElfMmu.Export;

/// <summary>
/// A file that appears whole or not at all: it is written to a temporary sibling, which takes the name at the end. Whatever
/// stood there before stays until then, and for good if anything fails.
/// </summary>
/// <remarks>
/// Links to an input are known by their targets. Another name of the same file (a hard link) is a file of its own from the moment it is replaced: the
/// input keeps its bytes.
/// </remarks>
public sealed class OutputFile : IDisposable
{
    private readonly bool _force;
    private string? _temporary;

    /// <summary>Checks the destination and creates the temporary sibling.</summary>
    /// <param name="path">The full path; a symbolic link stands for its target.</param>
    /// <param name="noClobber">Refuse to replace a file.</param>
    /// <param name="force">Replace a read-only file.</param>
    /// <param name="inputs">Full paths of the files that are read; none of them may be the output.</param>
    /// <exception cref="ElfMmuException">
    /// <c>OutputExists</c>, <c>OutputIsInput</c>, <c>OutputReadOnly</c>, <c>OutputInvalid</c> or <c>WriteFailed</c>.
    /// </exception>
    public OutputFile(string path, bool noClobber, bool force, IEnumerable<string> inputs)
    {
        _force = force;
        Path = Check(path, noClobber, force, inputs);
        string directory = System.IO.Path.GetDirectoryName(Path)!;
        string name = $".{System.IO.Path.GetFileName(Path)}.{Guid.NewGuid():n}.tmp";
        _temporary = System.IO.Path.Combine(directory, name);
        try
        {
            Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _temporary = null;
            string why = Directory.Exists(directory) ? e.Message : $"there is no folder '{directory}'.";
            throw Fail(Path, "WriteFailed", ErrorKind.WriteError, $"'{path}' can't be written: {why}", e);
        }
    }

    /// <summary>Checks a destination, and writes nothing.</summary>
    /// <param name="path">The full path; a symbolic link stands for its target.</param>
    /// <param name="noClobber">Refuse to replace a file.</param>
    /// <param name="force">Replace a read-only file.</param>
    /// <param name="inputs">Full paths of the files that are read; none of them may be the output.</param>
    /// <returns>The full path the file will have.</returns>
    /// <exception cref="ElfMmuException"><c>OutputExists</c>, <c>OutputIsInput</c>, <c>OutputReadOnly</c> or <c>OutputInvalid</c>.</exception>
    public static string Check(string path, bool noClobber, bool force, IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        string target = FileReading.FinalTarget(path);
        string canonical = Canonical(target);
        if (inputs.Select(Canonical).Contains(canonical, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal))
        {
            throw Fail(target, "OutputIsInput", ErrorKind.InvalidArgument, $"'{path}' is the file that is read. Choose another name for the output.");
        }

        if (Directory.Exists(target) || IsSpecial(canonical))
        {
            throw Fail(target, "OutputInvalid", ErrorKind.InvalidArgument, $"'{path}' is not a file that can be replaced. Give a file's name.");
        }

        var existing = new FileInfo(target);
        if (existing.Exists && noClobber)
        {
            throw Fail(target, "OutputExists", ErrorKind.ResourceExists, $"'{path}' exists, and existing files are not to be replaced.");
        }

        if (existing is { Exists: true, IsReadOnly: true } && !force)
        {
            throw Fail(target, "OutputReadOnly", ErrorKind.ResourceExists, $"'{path}' is read-only. Replace it by force, or choose another name.");
        }

        return target;
    }

    /// <summary>The full path the file will have.</summary>
    public string Path { get; }

    /// <summary>The temporary sibling.</summary>
    public FileStream Stream { get; }

    /// <summary>Closes the file and gives it its name.</summary>
    /// <exception cref="ElfMmuException"><c>WriteFailed</c>.</exception>
    public void Commit()
    {
        try
        {
            Stream.Dispose();
            if (_force && File.Exists(Path))
            {
                File.SetAttributes(Path, File.GetAttributes(Path) & ~FileAttributes.ReadOnly);
            }

            File.Move(_temporary!, Path, overwrite: true);
            _temporary = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail(Path, "WriteFailed", ErrorKind.WriteError, $"'{Path}' can't be replaced: {e.Message}", e);
        }
    }

    /// <summary>Throws the temporary sibling away unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is { } leftover)
        {
            _temporary = null;
            try
            {
                File.Delete(leftover);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The error that led here matters more than a leftover file.
            }
        }
    }

    /// <summary>The path with every link in it followed, folders included: one name for one file.</summary>
    private static string Canonical(string path)
    {
        const int MostLinks = 64;
        string full = System.IO.Path.GetFullPath(path);
        string resolved = System.IO.Path.GetPathRoot(full)!;
        var pending = new Stack<string>();
        Push(full[resolved.Length..]);
        for (int links = 0; links < MostLinks && pending.TryPop(out string? part);)
        {
            string next = System.IO.Path.GetFullPath(System.IO.Path.Combine(resolved, part));
            if (LinkTarget(next) is not { } target)
            {
                resolved = next;
                continue;
            }

            links++;
            if (System.IO.Path.IsPathFullyQualified(target))
            {
                resolved = System.IO.Path.GetPathRoot(target)!;
                target = target[resolved.Length..];
            }

            Push(target);
        }

        return pending.Count == 0 ? resolved : full;

        void Push(string parts)
        {
            foreach (string part in parts.Split(
                [System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar],
                StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(part);
            }
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return Directory.Exists(path) ? new DirectoryInfo(path).LinkTarget : new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Renaming over a device node would replace the node itself.</summary>
    private static bool IsSpecial(string path) =>
        !OperatingSystem.IsWindows()
        && new[] { "/dev/", "/proc/", "/sys/" }.Any(p => path.StartsWith(p, StringComparison.Ordinal))
        && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static ElfMmuException Fail(string file, string id, ErrorKind kind, string message, Exception? inner = null) =>
        new(id, kind, message, inner) { Path = file };
}
