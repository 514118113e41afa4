namespace ElfMmu.Paging;

/// <summary>Shows radix trees of any format.</summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
internal sealed class RadixView<TFormat> : TableView
    where TFormat : struct, IRadixFormat
{
    private readonly RadixTranslator<TFormat> _translator;
    private readonly RadixSpan<TFormat>[] _spans;
    private readonly AddressTags _tags;
    private readonly EntryLayouts _layouts;
    private EntryReader _reader;

    /// <summary>Makes a view.</summary>
    public RadixView(PagingMode mode, IReadOnlyList<RadixTree<TFormat>> trees, AddressTags tags, WalkRequest request)
    {
        _translator = new RadixTranslator<TFormat>(trees, tags, request);
        _spans = [.. trees.Select(t => new RadixSpan<TFormat>(t))];
        _tags = tags;
        _layouts = mode.Layouts(request.Options);
        _reader = new EntryReader(request);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TablePlace> Roots => [.. Enumerable.Range(0, _spans.Length).Select(Root)];

    /// <inheritdoc/>
    public override Translation Trace(ulong address, ICollection<WalkStep> steps)
    {
        Translation translation = _translator.Translate(address);
        address = _tags.Remove(address);
        for (int tree = 0; tree < _spans.Length; tree++)
        {
            if (!_spans[tree].TryPlace(address, out ulong offset))
            {
                continue;
            }

            for (TablePlace? table = Root(tree); table != null;)
            {
                WalkStep step = Entry(table, _spans[tree].Index(offset, table.Height));
                steps.Add(step.Kind == EntryKind.Leaf ? step with { Attributes = translation.Attributes } : step);
                table = step.Next;
            }

            break;
        }

        return translation;
    }

    /// <inheritdoc/>
    public override IEnumerable<WalkStep> Entries(TablePlace table)
    {
        for (int index = 0; index < _spans[table.Tree].Levels[table.Height].EntryCount; index++)
        {
            yield return Entry(table, index);
        }
    }

    /// <inheritdoc/>
    public override TablePlace? At(ulong address, int level)
    {
        for (int tree = 0; tree < _spans.Length; tree++)
        {
            int height = Array.FindIndex(_spans[tree].Levels, l => l.Number == level);
            if (height >= 0)
            {
                return new TablePlace(address, height) { Tree = tree };
            }
        }

        return null;
    }

    private TablePlace Root(int tree) => new(_spans[tree].Root, _spans[tree].Top)
    {
        Tree = tree,
        Offset = 0,
        State = _spans[tree].Format.InitialState,
    };

    private WalkStep Entry(TablePlace table, int index)
    {
        ref readonly RadixSpan<TFormat> span = ref _spans[table.Tree];
        PagingLevel level = span.Levels[table.Height];
        ulong at = table.Address + ((ulong)index << TFormat.EntrySizeShift);
        ulong? offset = table.Offset + ((ulong)index << level.Shift);
        var step = new WalkStep
        {
            LevelName = level.Name,
            Level = level.Number,
            Table = table,
            Index = index,
            EntryAddress = at,
            Size = 1 << TFormat.EntrySizeShift,
            Kind = EntryKind.Absent,
            VirtualAddress = offset is { } known ? span.AddressOf(known) : null,
            Span = level.Span,
        };
        if (!_reader.TryRead(at, TFormat.EntrySizeShift, out ulong value))
        {
            return step;
        }

        step = step with { Value = value, Kind = EntryKind.Invalid };
        if (value == 0)
        {
            return step;
        }

        ulong state = table.State ?? span.Format.InitialState;
        EntryKind kind = span.Format.Decode(
            value, index, table.Height, ref state, out ulong target, out MappingAttributes attributes);
        step = step with { Kind = kind, Flags = _layouts.Describe(value, table.Height) };
        bool isKnown = table.State != null;
        return kind switch
        {
            EntryKind.Table => step with
            {
                Target = target,
                Next = new TablePlace(target, table.Height - 1)
                {
                    Tree = table.Tree,
                    Offset = offset,
                    State = isKnown ? state : null,
                },
                Rights = isKnown ? span.Format.Allowed(state) : null,
            },
            EntryKind.Leaf => step with
            {
                Target = target,
                PageSize = attributes.PageSize,
                Attributes = isKnown ? attributes : null,
                Rights = isKnown ? (attributes.User, attributes.Supervisor) : null,
            },
            _ => step,
        };
    }
}
