using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Inspection;

/// <summary>Which files machine descriptions name as pieces of a machine's memory, by the folder they are in.</summary>
internal sealed class MachineFolder
{
    private const int MostDescriptions = 256;
    private const int HeadSize = 4096;

    private static readonly string[] Extensions = [".yaml", ".yml"];

    private readonly Dictionary<string, Dictionary<string, string>> _folders = [];

    /// <summary>The description in a file's folder that names it; null where none does. Each folder is looked through once.</summary>
    public string? Naming(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        if (!_folders.TryGetValue(folder, out Dictionary<string, string>? named))
        {
            _folders.Add(folder, named = Read(folder));
        }

        return named.GetValueOrDefault(path);
    }

    private static Dictionary<string, string> Read(string folder)
    {
        var named = new Dictionary<string, string>();
        try
        {
            IEnumerable<string> files = Directory.EnumerateFiles(folder)
                .Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Take(MostDescriptions);
            foreach (string file in files)
            {
                foreach (string piece in Pieces(file))
                {
                    named.TryAdd(piece, file);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What can't be listed names nothing.
        }

        return named;
    }

    private static IEnumerable<string> Pieces(string file)
    {
        try
        {
            using DataSource source = DataSourceFactory.Open(file);
            byte[] head = new byte[(int)Math.Min(source.Length, HeadSize)];
            source.Read(0, head);
            return MachineDescription.Matches(head) ? [.. MachineDescription.Read(source).Ram.Select(p => p.DumpFile).OfType<string>()] : [];
        }
        catch (ElfMmuException)
        {
            // One that can't be read says so when it is opened itself.
            return [];
        }
    }
}
