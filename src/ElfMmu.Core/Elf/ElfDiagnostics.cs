using System.Collections;

namespace ElfMmu.Elf;

/// <summary>What was found wrong in a file so far, each thing once and at most <see cref="Most"/> things: a hostile file is wrong everywhere.</summary>
public sealed class ElfDiagnostics : IReadOnlyList<ElfDiagnostic>
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 1000;

    private readonly List<ElfDiagnostic> _list = [];
    private readonly HashSet<ElfDiagnostic> _known = [];

    internal ElfDiagnostics()
    {
    }

    /// <inheritdoc/>
    public int Count => _list.Count;

    /// <inheritdoc/>
    public ElfDiagnostic this[int index] => _list[index];

    /// <inheritdoc/>
    public IEnumerator<ElfDiagnostic> GetEnumerator() => _list.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(string id, string message, ulong? offset = null, int? section = null)
    {
        if (_list.Count > Most)
        {
            return;
        }

        var diagnostic = _list.Count == Most
            ? new ElfDiagnostic("MoreDiagnostics", $"There is more than these {Most} that contradicts itself; the rest isn't listed.")
            : new ElfDiagnostic(id, message) { Offset = offset, Section = section };
        if (_known.Add(diagnostic))
        {
            _list.Add(diagnostic);
        }
    }
}
