using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// Compares what two spaces map: of one dump, of dumps taken one after the other, or of lists of mappings. Neighbouring changes that are
/// alike and continue each other on both sides are one.
/// </summary>
public static class MappingComparer
{
    /// <summary>
    /// Finds the changes from one set of mappings to another one, ascending. It is one pass over both, O(n + m), made while the result is
    /// enumerated.
    /// </summary>
    /// <param name="before">The first side.</param>
    /// <param name="after">The second side.</param>
    /// <param name="options">What counts; null for rights and place of everything.</param>
    public static IEnumerable<MappingChange> Compare(MappingSet before, MappingSet after, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        var first = new Cursor(before, options);
        var second = new Cursor(after, options);
        Stretch? pending = null;
        while (first.HasCurrent || second.HasCurrent)
        {
            // As far as neither side begins or ends a mapping, the answer is the same.
            (ulong start, ulong last) = Cursor.Common(first, second);
            Stretch next = new(first.Take(start, last), second.Take(start, last), options);
            if (!next.IsWanted(options))
            {
                continue;
            }

            if (pending is { } known && known.ContinuesWith(next, options))
            {
                pending = known.With(next);
                continue;
            }

            if (pending is { } done)
            {
                yield return done.ToChange(before.Space, after.Space);
            }

            pending = next;
        }

        if (pending is { } rest)
        {
            yield return rest.ToChange(before.Space, after.Space);
        }
    }

    /// <summary>Whether two mappings give the same rights where they count.</summary>
    private static bool SameRights(MappingAttributes a, MappingAttributes b, ComparisonOptions options) =>
        options.Filter.Privilege == Privilege.Any
            ? a.User == b.User && a.Supervisor == b.Supervisor
            : options.Filter.RightsOf(a) == options.Filter.RightsOf(b);

    /// <summary>What is left of the mappings of a side.</summary>
    private sealed class Cursor
    {
        private readonly MappingSet _set;
        private readonly ulong _maximum;
        private int _next;
        private Mapping _current;

        public Cursor(MappingSet set, ComparisonOptions options)
        {
            _set = set;
            _maximum = options.MaximumAddress;
            if (options.MinimumAddress > options.MaximumAddress)
            {
                return;
            }

            // The first mapping that reaches the range; those before it needn't be looked at one by one.
            ReadOnlySpan<Mapping> mappings = set.Mappings;
            for (int end = mappings.Length; _next < end;)
            {
                int middle = (_next + end) >>> 1;
                (_next, end) = mappings[middle].LastAddress < options.MinimumAddress ? (middle + 1, end) : (_next, middle);
            }

            MoveNext();
            if (HasCurrent && _current.VirtualAddress < options.MinimumAddress)
            {
                _current = Part(_current, options.MinimumAddress, _current.LastAddress);
            }
        }

        public bool HasCurrent { get; private set; }

        /// <summary>The next addresses at which neither side changes.</summary>
        public static (ulong Start, ulong Last) Common(Cursor a, Cursor b)
        {
            if (!a.HasCurrent || !b.HasCurrent)
            {
                Mapping only = a.HasCurrent ? a._current : b._current;
                return (only.VirtualAddress, only.LastAddress);
            }

            (ulong low, ulong high) = a._current.VirtualAddress <= b._current.VirtualAddress
                ? (a._current.VirtualAddress, b._current.VirtualAddress)
                : (b._current.VirtualAddress, a._current.VirtualAddress);
            ulong last = Math.Min(a._current.LastAddress, b._current.LastAddress);
            return (low, low == high ? last : Math.Min(high - 1, last));
        }

        /// <summary>Takes addresses away, none of which this side leaves out; null if it has nothing there.</summary>
        public Mapping? Take(ulong start, ulong last)
        {
            if (!HasCurrent || _current.VirtualAddress > start)
            {
                return null;
            }

            Mapping taken = Part(_current, start, last);
            if (last == _current.LastAddress)
            {
                MoveNext();
            }
            else
            {
                _current = Part(_current, last + 1, _current.LastAddress);
            }

            return taken;
        }

        private static Mapping Part(in Mapping mapping, ulong start, ulong last) => mapping with
        {
            VirtualAddress = start,
            Size = last - start + 1,
            PhysicalAddress = mapping.PhysicalAddress + (start - mapping.VirtualAddress),
        };

        private void MoveNext()
        {
            HasCurrent = _next < _set.Mappings.Length && _set.Mappings[_next].VirtualAddress <= _maximum;
            if (HasCurrent)
            {
                _current = _set.Mappings[_next++];
                _current = Part(_current, _current.VirtualAddress, Math.Min(_current.LastAddress, _maximum));
            }
        }
    }

    /// <summary>Addresses at which both sides are of a piece.</summary>
    private readonly struct Stretch
    {
        private readonly Mapping? _before;
        private readonly Mapping? _after;
        private readonly MappingChangeKind _change;

        public Stretch(in Mapping? before, in Mapping? after, ComparisonOptions options)
            : this(before, after, Kind(before, after, options))
        {
        }

        private Stretch(in Mapping? before, in Mapping? after, MappingChangeKind change) =>
            (_before, _after, _change) = (before, after, change);

        public bool IsWanted(ComparisonOptions options) =>
            (_change != MappingChangeKind.Equal || options.IncludeEqual)
            && ((_before is { } before && options.Filter.Accepts(before.Attributes))
                || (_after is { } after && options.Filter.Accepts(after.Attributes)));

        public bool ContinuesWith(in Stretch next, ComparisonOptions options) =>
            _change == next._change && Continues(_before, next._before, options) && Continues(_after, next._after, options);

        public Stretch With(in Stretch next) => new(Union(_before, next._before), Union(_after, next._after), _change);

        public MappingChange ToChange(SpaceIdentity? before, SpaceIdentity? after) => new(_change, _before, _after, before, after);

        private static MappingChangeKind Kind(in Mapping? before, in Mapping? after, ComparisonOptions options)
        {
            if (before is not { } old)
            {
                return MappingChangeKind.Added;
            }

            if (after is not { } now)
            {
                return MappingChangeKind.Removed;
            }

            return (old.PhysicalAddress != now.PhysicalAddress ? MappingChangeKind.Moved : 0)
                | (!SameRights(old.Attributes, now.Attributes, options) ? MappingChangeKind.RightsChanged : 0)
                | (options.Attributes && !SameKind(old.Attributes, now.Attributes) ? MappingChangeKind.AttributesChanged : 0);
        }

        private static bool SameKind(MappingAttributes a, MappingAttributes b) =>
            (a.PageSize, a.CacheIndex, a.Global) == (b.PageSize, b.CacheIndex, b.Global);

        private static bool Continues(in Mapping? side, in Mapping? next, ComparisonOptions options)
        {
            if (side is not { } a || next is not { } b)
            {
                return side == null && next == null;
            }

            // Objects show the rights of both privileges, so these must agree even where only one is compared.
            return a.LastAddress + 1 == b.VirtualAddress
                && a.PhysicalAddress + a.Size == b.PhysicalAddress
                && a.Size + b.Size != 0
                && (a.Attributes.User, a.Attributes.Supervisor) == (b.Attributes.User, b.Attributes.Supervisor)
                && (!options.Attributes || SameKind(a.Attributes, b.Attributes));
        }

        private static Mapping? Union(in Mapping? side, in Mapping? next) => side is { } a && next is { } b
            ? a with { Size = a.Size + b.Size, Attributes = a.Attributes.UnionOfPages(b.Attributes) }
            : null;
    }
}
