namespace ElfMmu.Paging;

/// <summary>Goes the way of single addresses: through the fixed segments or the tables. For one thread.</summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, chapter 4 "Virtual Memory".</remarks>
internal sealed class MipsDescent
{
    private const int AddressBits = 32;

    private readonly MipsPageWalk? _walk;
    private readonly MipsEntries? _entries;
    private readonly WalkRequest _request;
    private readonly bool _isErrorLevel;
    private readonly int _kseg0Caching;
    private EntryReader _reader;

    /// <summary>Makes one.</summary>
    /// <param name="walk">The page walk; null where it isn't known, so that only unmapped segments are translated.</param>
    /// <param name="request">Memory, root and registers.</param>
    public MipsDescent(MipsPageWalk? walk, WalkRequest request)
    {
        _walk = walk;
        _entries = walk == null ? null : new MipsEntries(walk, request.Options);
        _request = request;
        _isErrorLevel = MipsRegisters.IsErrorLevel(request.Options.Registers);
        _kseg0Caching = MipsRegisters.Kseg0Caching(request.Options.Registers) ?? MipsMode.UnknownCaching;
        _reader = new EntryReader(request);
    }

    /// <summary>The levels, the top one first; none where no walk is known.</summary>
    public IReadOnlyList<MipsDirectory> Levels => _walk?.Levels ?? [];

    /// <summary>The top table; null where no walk is known.</summary>
    public TablePlace? Root => _walk == null
        ? null
        : new TablePlace(_request.Root!.Value, Levels.Count - 1) { Offset = 0, State = AddressBits };

    /// <summary>Whether anything of the top table can be read, if there has to be one.</summary>
    public bool HasRoot
    {
        get
        {
            if (_walk == null)
            {
                return true;
            }

            MipsDirectory top = Levels[0];
            ulong start = _request.Root!.Value & ~(ulong)(top.TableSize - 1);
            for (int part = 0; part < top.TableSize / top.PartSize; part++)
            {
                if (_reader.HasAll(start + ((ulong)part * (ulong)top.PartSize), top.PartSize))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Translates an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="steps">Takes the steps; null where nobody asks for them.</param>
    public Translation Translate(ulong address, ICollection<WalkStep>? steps)
    {
        if (address > MipsSegments.Last)
        {
            return default;
        }

        if (MipsMode.Segment(address, _isErrorLevel, _kseg0Caching) is { } segment)
        {
            steps?.Add(SegmentStep(address, segment.Attributes));
            return new Translation(segment.Physical, segment.Attributes, TranslationStatus.Mapped);
        }

        if (_walk == null)
        {
            return default;
        }

        ulong table = _request.Root!.Value;
        int spanShift = AddressBits;
        for (int depth = 0; ; depth++)
        {
            MipsDirectory level = Levels[depth];
            int index = level.Index(address) | Always(table, level);
            if (steps != null)
            {
                ulong start = address & ~((1UL << spanShift) - 1);
                var place = new TablePlace(table, Levels.Count - 1 - depth) { Offset = start, State = (ulong)spanShift };
                steps.Add(Step(place, index, address));
            }

            if (!TryRead(table, level, index, out ulong entry))
            {
                return new Translation(0, default, TranslationStatus.TableAbsent);
            }

            spanShift = Math.Min(level.Shift, spanShift);
            (EntryKind kind, ulong target, MappingAttributes attributes) = Decode(table, depth, index, entry, address);
            if (kind != EntryKind.Table)
            {
                return kind == EntryKind.Leaf
                    ? new Translation(target, attributes, TranslationStatus.Mapped)
                    : new Translation(
                        0, default, kind == EntryKind.Reserved ? TranslationStatus.Reserved : TranslationStatus.NotPresent);
            }

            table = target;
        }
    }

    /// <summary>An entry of a table.</summary>
    /// <param name="place">The table.</param>
    /// <param name="index">The entry's index.</param>
    /// <param name="address">An address it is for; null for the first one.</param>
    public WalkStep Step(TablePlace place, int index, ulong? address = null)
    {
        int depth = Levels.Count - 1 - place.Height;
        MipsDirectory level = Levels[depth];
        int spanShift = Math.Min(level.Shift, (int)(place.State ?? AddressBits));
        ulong? first = address is { } known ? known & ~((1UL << spanShift) - 1) : FirstAddress(place, level, index);
        var step = new WalkStep
        {
            LevelName = Name(level.Number),
            Level = level.Number,
            Table = place,
            Index = index,
            EntryAddress = EntryAddress(place.Address, level, index),
            Size = 1 << level.EntrySizeShift,
            Kind = EntryKind.Absent,
            VirtualAddress = first,
            Span = 1UL << spanShift,
        };
        if (!TryRead(place.Address, level, index, out ulong entry))
        {
            return step;
        }

        (EntryKind kind, ulong target, MappingAttributes attributes) = Decode(place.Address, depth, index, entry, first ?? (ulong)index << level.Shift);
        bool isKnown = first != null;
        step = step with { Value = entry, Kind = kind };
        return kind switch
        {
            EntryKind.Table => step with
            {
                Target = target,
                Next = new TablePlace(target, place.Height - 1) { Offset = first, State = isKnown ? (ulong)spanShift : null },
                Rights = isKnown ? (first <= MipsSegments.KusegLast ? All : Rights.None, All) : null,
            },
            EntryKind.Leaf => step with
            {
                Flags = _entries!.Describe(entry),
                Target = target,
                PageSize = attributes.PageSize,
                Attributes = isKnown ? attributes : null,
                Rights = isKnown ? (attributes.User, attributes.Supervisor) : null,
            },
            _ => step with { Flags = entry != 0 && place.Height == 0 ? _entries!.Describe(entry) : "" },
        };
    }

    private const Rights All = Rights.Read | Rights.Write | Rights.Execute;

    /// <summary>What levels are called.</summary>
    private static string Name(int number) => number switch
    {
        1 => "PTE",
        2 => "MDE",
        3 => "UDE",
        _ => "GDE",
    };

    /// <summary>Offsets are joined to a table's address by OR: of one that isn't aligned some entries are never reached.</summary>
    private static int Always(ulong table, in MipsDirectory level) => (int)(table & (ulong)(level.TableSize - 1)) >> level.EntrySizeShift;

    private static ulong EntryAddress(ulong table, in MipsDirectory level, int index) =>
        (table & ~(ulong)(level.TableSize - 1)) + ((ulong)index << level.EntrySizeShift);

    /// <summary>The first address that an entry of a table is for; null where there is none or the way isn't known.</summary>
    private ulong? FirstAddress(TablePlace place, in MipsDirectory level, int index)
    {
        if (place.Offset is not { } start || place.State is not { } spanShift)
        {
            return null;
        }

        ulong address = level.Shift < (int)spanShift ? start + ((ulong)index << level.Shift) : start;
        return (level.Index(address) | Always(place.Address, level)) == index
            && address - start < 1UL << (int)spanShift
            && address <= MipsSegments.Last
            && MipsMode.Segment(address, _isErrorLevel, _kseg0Caching) == null
            ? address
            : null;
    }

    /// <summary>Reads an entry. A walk takes tables a page at a time, and of a page that isn't all there nothing.</summary>
    private bool TryRead(ulong table, in MipsDirectory level, int index, out ulong entry)
    {
        ulong at = EntryAddress(table, level, index);
        ulong part = at & ~(ulong)(level.PartSize - 1);
        entry = 0;
        return _reader.HasAll(part, level.PartSize) && _reader.TryRead(at, level.EntrySizeShift, out entry);
    }

    /// <summary>What an entry is, where it leads and, of a page, its attributes; the target is that of the address.</summary>
    private (EntryKind Kind, ulong Target, MappingAttributes Attributes) Decode(
        ulong table, int depth, int index, ulong entry, ulong address)
    {
        MipsDirectory level = Levels[depth];
        bool isLast = depth == Levels.Count - 1;
        if (!isLast && !_entries!.IsHuge(entry))
        {
            return _entries.TablePointer(entry, depth + 1) is { } pointer ? (EntryKind.Table, pointer, default) : default;
        }

        (int Own, int Other)? pair = isLast
            ? (index, (index ^ 1) | (Always(table, level) & 1))
            : _entries!.HugePair(level, index, address);
        if (pair is not { } both)
        {
            return (EntryKind.Reserved, 0, default);
        }

        TryRead(table, level, both.Own, out ulong own);
        TryRead(table, level, both.Other, out ulong other);
        return _entries!.TryPage(own, other, level, address, out ulong physical, out MappingAttributes attributes)
            ? (EntryKind.Leaf, physical, attributes)
            : default;
    }

    private WalkStep SegmentStep(ulong address, MappingAttributes attributes)
    {
        bool isLow = address <= MipsSegments.KusegLast;
        bool isCached = address is >= MipsSegments.Kseg0 and < MipsSegments.Kseg1;
        PagingRegister register = isLow ? MipsRegisters.Status : MipsRegisters.Config;
        return new WalkStep
        {
            LevelName = isLow ? "kuseg" : isCached ? "kseg0" : "kseg1",
            Size = sizeof(uint),
            Value = isLow || isCached ? register.In(_request.Options.Registers) : null,
            Kind = EntryKind.Leaf,
            Flags = isLow ? "ERL" : isCached && MipsRegisters.Kseg0Caching(_request.Options.Registers) is { } caching ? $"K0={caching}" : "",
            Target = 0,
            VirtualAddress = isLow ? 0 : isCached ? MipsSegments.Kseg0 : MipsSegments.Kseg1,
            Span = isLow ? MipsSegments.Kseg0 : MipsSegments.UnmappedSize,
            PageSize = attributes.PageSize,
            Attributes = attributes,
            Rights = (attributes.User, attributes.Supervisor),
        };
    }
}
