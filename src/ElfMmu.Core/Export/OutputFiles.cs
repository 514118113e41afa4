namespace ElfMmu.Export;

/// <summary>Files that appear together or not at all.</summary>
public sealed class OutputFiles : IDisposable
{
    private readonly List<OutputFile> _files = [];
    private readonly bool _noClobber;
    private readonly bool _force;
    private readonly string[] _inputs;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="noClobber">Refuse to replace files.</param>
    /// <param name="force">Replace read-only files.</param>
    /// <param name="inputs">Full paths of the files that are read; none of them may be an output.</param>
    public OutputFiles(bool noClobber, bool force, IEnumerable<string> inputs)
    {
        _noClobber = noClobber;
        _force = force;
        _inputs = [.. inputs];
    }

    /// <summary>The files' full paths.</summary>
    public IReadOnlyList<string> Paths => [.. _files.Select(f => f.Path)];

    /// <summary>Checks a destination and creates its temporary sibling.</summary>
    /// <exception cref="ElfMmuException"><c>OutputRepeated</c>: it is one of the files already; or what <see cref="OutputFile"/> throws.</exception>
    public OutputFile Add(string path)
    {
        var file = new OutputFile(path, _noClobber, _force, _inputs);
        if (_files.Exists(f => f.Path == file.Path))
        {
            file.Dispose();
            throw new ElfMmuException(
                "OutputRepeated", ErrorKind.InvalidArgument, $"'{path}' is to be written twice. Give each file its own name.")
            { Path = path };
        }

        _files.Add(file);
        return file;
    }

    /// <summary>Gives all files their names. Where one fails, those before it are as they were.</summary>
    /// <exception cref="ElfMmuException"><c>WriteFailed</c>.</exception>
    public void Commit()
    {
        if (_files is [var only])
        {
            only.Commit();
            return;
        }

        var done = new List<(string Path, string? Before)>();
        try
        {
            foreach (OutputFile file in _files)
            {
                string? before = SetAside(file.Path);
                done.Add((file.Path, before));
                file.Commit();
            }
        }
        catch
        {
            foreach ((string path, string? before) in done)
            {
                Restore(path, before);
            }

            throw;
        }

        foreach ((_, string? before) in done)
        {
            if (before != null)
            {
                Delete(before);
            }
        }
    }

    /// <summary>Throws the temporary siblings away unless they were committed.</summary>
    public void Dispose()
    {
        foreach (OutputFile file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>Renames what stands at a path; null where nothing does.</summary>
    private string? SetAside(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string before = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.old");
        try
        {
            if (_force)
            {
                File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
            }

            File.Move(path, before);
            return before;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException("WriteFailed", ErrorKind.WriteError, $"'{path}' can't be replaced: {e.Message}", e) { Path = path };
        }
    }

    private static void Restore(string path, string? before)
    {
        try
        {
            if (before != null)
            {
                File.Move(before, path, overwrite: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here matters more.
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What it was replaced by is there.
        }
    }
}
