using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// The dumps and address spaces that a cmdlet has open. Those of the last few inputs stay open until the pipeline ends: the next object is
/// usually of the same one, and a cmdlet behind this one shares what is open.
/// </summary>
/// <param name="opener">Opens them, and tells the user about it.</param>
/// <param name="most">How many inputs stay open.</param>
/// <param name="cancellation">Ends the opening.</param>
internal sealed class OpenSpaces(SpaceOpener opener, int most, CancellationToken cancellation) : IDisposable
{
    private readonly List<Item> _items = [];

    /// <summary>
    /// The spaces of an input, opened unless they are open already; they belong to this object. One that can't be opened throws only
    /// when it is its turn.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="choose">Opens the dump and finds the spaces.</param>
    public IEnumerable<Func<AddressSpace>> Spaces(DumpInput input, Func<SpaceSource> choose)
    {
        Item item = Of(input, (typeof(AddressSpace), input.Key), () =>
        {
            SpaceSource source = choose();
            return (source.Dump, source);
        });
        return item.Source!.Requests.Select(request => (Func<AddressSpace>)(() =>
        {
            if (!item.Spaces.TryGetValue(request, out AddressSpace? space))
            {
                item.Spaces.Add(request, space = opener.OpenSpace(item.Source, request, cancellation));
            }

            return space;
        }));
    }

    /// <summary>A dump without its spaces, opened unless it is open already; it belongs to this object.</summary>
    public MemoryDump Dump(DumpInput input) => Of(input, (typeof(MemoryDump), input.Key), () => (input.Open(), null)).Dump;

    /// <inheritdoc/>
    public void Dispose()
    {
        _items.ForEach(i => i.Dump.Dispose());
        _items.Clear();
    }

    private Item Of(DumpInput input, (Type Kind, object Key) key, Func<(MemoryDump Dump, SpaceSource? Source)> open)
    {
        if (_items.Find(i => i.Key.Equals(key)) is { } known)
        {
            return known;
        }

        // Files that pass by are closed before the next one is opened, for each may be unpacked to a large temporary file. Objects come
        // mostly from the dump that is open anyway, so that one is let go only afterwards.
        if (input.IsFile)
        {
            KeepOnly(most - 1);
        }

        (MemoryDump dump, SpaceSource? source) = open();
        opener.Watch(dump);
        KeepOnly(most - 1);
        var item = new Item(key, dump, source);
        _items.Add(item);
        return item;
    }

    private void KeepOnly(int count)
    {
        while (_items.Count > count)
        {
            MemoryDump oldest = _items[0].Dump;
            _items.RemoveAt(0);
            oldest.Dispose();
        }
    }

    private sealed record Item((Type Kind, object Key) Key, MemoryDump Dump, SpaceSource? Source)
    {
        public Dictionary<SpaceRequest, AddressSpace> Spaces { get; } = new(ReferenceEqualityComparer.Instance);
    }
}
