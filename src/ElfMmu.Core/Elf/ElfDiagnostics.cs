using System.Collections;

namespace ElfMmu.Elf;

/// <summary>
/// What was found wrong in a file so far, each thing once and at most <see cref="Most"/> things: a hostile file is wrong everywhere. What an
/// input lacked of what was read comes behind.
/// </summary>
public sealed class ElfDiagnostics : IReadOnlyList<ElfDiagnostic>
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 1000;

    private readonly List<ElfDiagnostic> _list = [];
    private readonly HashSet<ElfDiagnostic> _known = [];
    private readonly IIncompleteElfInput? _input;

    internal ElfDiagnostics(IElfInput? input = null) => _input = input as IIncompleteElfInput;

    /// <inheritdoc/>
    public int Count => _list.Count + Missing.Count;

    private IReadOnlyList<ElfDiagnostic> Missing => _input?.Missing ?? [];

    /// <inheritdoc/>
    public ElfDiagnostic this[int index] => index < _list.Count ? _list[index] : Missing[index - _list.Count];

    /// <inheritdoc/>
    public IEnumerator<ElfDiagnostic> GetEnumerator() => _list.Concat(Missing).GetEnumerator();

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
