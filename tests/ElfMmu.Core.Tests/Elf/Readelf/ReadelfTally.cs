using System.Globalization;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>What a comparison came to. Safe for threads.</summary>
internal sealed class ReadelfTally
{
    private const int MostKept = 60;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Files, long Fields)> _formats = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _excuses = new(StringComparer.Ordinal);
    private readonly List<string> _disagreements = [];

    /// <summary>Files that were compared.</summary>
    public int Files => _formats.Values.Sum(f => f.Files);

    /// <summary>Fields that were compared.</summary>
    public long Fields => _formats.Values.Sum(f => f.Fields);

    /// <summary>In how many files something differs.</summary>
    public int Disagreements { get; private set; }

    /// <summary>Counts a file.</summary>
    public void Add(ElfFile file, long fields, string? disagreement, IReadOnlyDictionary<string, int> excuses)
    {
        ElfHeader h = file.Header;
        string format = $"{h.MachineName[3..]} {(h.Class == ElfClass.Elf64 ? 64 : 32)} {(h.Data == ElfData.BigEndian ? "big" : "little")}";
        lock (_lock)
        {
            (int files, long known) = _formats.GetValueOrDefault(format);
            _formats[format] = (files + 1, known + fields);
            foreach ((string name, int count) in excuses)
            {
                _excuses[name] = _excuses.GetValueOrDefault(name) + count;
            }
        }

        if (disagreement != null)
        {
            Disagree(disagreement);
        }
    }

    /// <summary>Counts a file that couldn't be compared.</summary>
    public void Disagree(string disagreement)
    {
        lock (_lock)
        {
            Disagreements++;
            if (_disagreements.Count < MostKept)
            {
                _disagreements.Add(disagreement);
            }
        }
    }

    /// <summary>The tables, for people.</summary>
    public override string ToString() => string.Join('\n',
    [
        string.Create(CultureInfo.InvariantCulture, $"{Files:n0} files, {Fields:n0} fields, {Disagreements} files differ"),
        .. _formats.Select(f => string.Create(CultureInfo.InvariantCulture, $"  {f.Key,-24} {f.Value.Files,7:n0} files {f.Value.Fields,14:n0} fields")),
        .. _excuses.Select(e => string.Create(CultureInfo.InvariantCulture, $"  excused: {e.Key}: {e.Value:n0} lines")),
        .. _disagreements,
    ]);
}
