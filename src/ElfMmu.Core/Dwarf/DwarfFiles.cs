namespace ElfMmu.Dwarf;

/// <summary>The source files of a unit, numbered from 1 as they are come upon, and their directories.</summary>
internal sealed class DwarfFiles
{
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> _directoryNumbers = new(StringComparer.Ordinal);
    private readonly List<(string Name, uint Directory)> _files = [];
    private readonly List<string> _directories = [];

    /// <summary>The files: a name and the number of its directory. The first has the number 1.</summary>
    public IReadOnlyList<(string Name, uint Directory)> Files => _files;

    /// <summary>The directories. The first has the number 1; 0 is the unit's.</summary>
    public IReadOnlyList<string> Directories => _directories;

    /// <summary>The number of a file.</summary>
    public uint Number(string path)
    {
        if (!_numbers.TryGetValue(path, out uint number))
        {
            _files.Add(Split(path));
            number = (uint)_files.Count;
            _numbers.Add(path, number);
        }

        return number;
    }

    /// <summary>A name and the number of its directory.</summary>
    public (string Name, uint Directory) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0 || slash == path.Length - 1)
        {
            return (path.Length == 0 ? "<unknown>" : path, 0);
        }

        string directory = slash == 0 ? "/" : path[..slash];
        if (!_directoryNumbers.TryGetValue(directory, out uint number))
        {
            _directories.Add(directory);
            number = (uint)_directories.Count;
            _directoryNumbers.Add(directory, number);
        }

        return (path[(slash + 1)..], number);
    }
}
