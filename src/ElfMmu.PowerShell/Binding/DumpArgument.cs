using ElfMmu.Discovery;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// What says which dump is meant: a path, a dump that is open already, or a root that was found in one. PowerShell makes it of any of
/// these by the constructors.
/// </summary>
public sealed class DumpArgument
{
    /// <summary>A path; wildcards are expanded.</summary>
    public DumpArgument(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>A file; its name is taken literally.</summary>
    public DumpArgument(FileInfo file) => File = file.FullName;

    /// <summary>A dump that is open.</summary>
    public DumpArgument(OpenedDump dump) => Opened = dump;

    /// <summary>A root that a search found, with the dump it is in.</summary>
    public DumpArgument(PageTableRoot root) => Root = root;

    /// <summary>The path with wildcards; null if it is something else.</summary>
    internal string? Path { get; }

    /// <summary>The full path of a file; null if it is something else.</summary>
    internal string? File { get; }

    /// <summary>The open dump; null if it is something else.</summary>
    internal OpenedDump? Opened { get; }

    /// <summary>The root; null if it is something else.</summary>
    internal PageTableRoot? Root { get; }

    /// <inheritdoc/>
    public override string ToString() => Path ?? File ?? Opened?.Path ?? Root!.Dump.Path;
}
