using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// The dumps and address spaces that a cmdlet has open. Those of the last few inputs stay open until the pipeline ends: the next object is
/// usually of the same one, and a cmdlet behind this one shares what is open.
/// </summary>
/// <param name="opener">Opens them, and tells the user about it.</param>
/// <param name="cancellation">Ends the opening.</param>
internal sealed class OpenSpaces(SpaceOpener opener, CancellationToken cancellation) : IDisposable
{
    private const int Most = 4;

    private readonly List<Input> _inputs = [];

    /// <summary>
    /// The spaces of an input, opened unless they are open already; they belong to this object. One that can't be opened throws only
    /// when it is its turn.
    /// </summary>
    /// <param name="key">What names the input; compared by value.</param>
    /// <param name="open">Opens the dump and finds the spaces.</param>
    public IEnumerable<Func<AddressSpace>> Spaces(object key, Func<SpaceSource> open)
    {
        Input input = Of(key, () =>
        {
            SpaceSource source = open();
            return new Input(key, source.Dump, source);
        });
        return input.Source!.Requests.Select(request => (Func<AddressSpace>)(() =>
        {
            if (!input.Spaces.TryGetValue(request, out AddressSpace? space))
            {
                input.Spaces.Add(request, space = opener.OpenSpace(input.Source, request, cancellation));
            }

            return space;
        }));
    }

    /// <summary>A dump without its spaces, opened unless it is open already; it belongs to this object.</summary>
    /// <param name="key">What names the input; compared by value.</param>
    /// <param name="open">Opens the dump.</param>
    public MemoryDump Dump(object key, Func<MemoryDump> open) => Of(key, () => new Input(key, open(), null)).Dump;

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.ForEach(i => i.Dump.Dispose());
        _inputs.Clear();
    }

    private Input Of(object key, Func<Input> open)
    {
        if (_inputs.Find(i => i.Key.Equals(key)) is { } known)
        {
            return known;
        }

        Input input = open();
        if (_inputs.Count == Most)
        {
            _inputs[0].Dump.Dispose();
            _inputs.RemoveAt(0);
        }

        _inputs.Add(input);
        return input;
    }

    private sealed record Input(object Key, MemoryDump Dump, SpaceSource? Source)
    {
        public Dictionary<SpaceRequest, AddressSpace> Spaces { get; } = new(ReferenceEqualityComparer.Instance);
    }
}
