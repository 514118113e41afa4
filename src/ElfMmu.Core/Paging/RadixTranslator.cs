using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// Translates addresses through radix trees of any format. It remembers for stretches of addresses the table of the last level that is for
/// them, and for wider ones the table above, so that most addresses cost one entry. Tables in the mapped file are read in place; others,
/// and those that are in the dump only in part, entry by entry.
/// </summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
internal sealed unsafe class RadixTranslator<TFormat> : AddressTranslator
    where TFormat : struct, IRadixFormat
{
    // Who asks for a few addresses needn't pay for the place of many.
    private const int FewMisses = 16;
    private const int SlotBits = 11;
    private const int UpperSlots = 512;

    private readonly RadixSpan<TFormat>[] _spans;
    private readonly AddressTags _tags;
    private readonly bool _hasTags;
    private EntryReader _reader;
    private Slot[] _slots = new Slot[1];
    private Slot[] _upper = new Slot[1];
    private int _misses;

    /// <summary>Makes a translator.</summary>
    /// <param name="trees">The trees, of which at least one has its top table in the memory.</param>
    /// <param name="tags">Where the top byte is ignored.</param>
    /// <param name="request">The memory.</param>
    public RadixTranslator(IReadOnlyList<RadixTree<TFormat>> trees, AddressTags tags, WalkRequest request)
    {
        _spans = [.. trees.Select(t => new RadixSpan<TFormat>(t))];
        _tags = tags;
        _hasTags = !tags.AreNone;
        _reader = new EntryReader(request);
    }

    /// <inheritdoc/>
    public override Translation Translate(ulong address)
    {
        One(address, out Translation translation);

        // The last table that is read in place mustn't be unmapped before it is read.
        GC.KeepAlive(this);
        return translation;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Translate(ReadOnlySpan<ulong> addresses, Span<Translation> translations)
    {
        translations = translations[..addresses.Length];
        if (addresses.Length > FewMisses)
        {
            MakeRoom();
        }

        for (int i = 0; i < addresses.Length; i++)
        {
            One(addresses[i], out translations[i]);
        }

        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One(ulong address, out Translation translation)
    {
        if (_hasTags)
        {
            address = _tags.Remove(address);
        }

        RadixSpan<TFormat>[] spans = _spans;
        for (int i = 0; i < spans.Length; i++)
        {
            ref readonly RadixSpan<TFormat> span = ref spans[i];
            if (!span.TryPlace(address, out ulong offset))
            {
                continue;
            }

            ulong prefix = offset >> span.PrefixShift;
            ulong key = Key(prefix, i);
            ref Slot slot = ref SlotOf(_slots, prefix, i);
            if (slot.Key == key && slot.Bytes != null)
            {
                // What a slot holds is of the last level, and the decoder is compiled for that once more.
                int index = (int)(offset >> span.LastShift) & span.LastMask;
                ulong entry = _reader.At(slot.Bytes, index, TFormat.EntrySizeShift);
                ulong state = slot.State;
                if (entry != 0
                    && span.Format.Decode(entry, index, 0, ref state, out ulong target, out MappingAttributes attributes) == EntryKind.Leaf
                    && attributes.PageSize <= 1UL << span.LastShift)
                {
                    translation = new Translation(
                        target + (offset & ((1UL << span.LastShift) - 1)), attributes, TranslationStatus.Mapped);
                    return;
                }
            }

            translation = slot.Key == key ? Through(in span, in slot, offset) : Descend(in span, i, offset);
            return;
        }

        translation = default;
    }

    // Never 0.
    private static ulong Key(ulong prefix, int tree) => (prefix << 2) | ((uint)tree << 1) | 1;

    /// <summary>Neighbours get slots of their own, and so do stretches far from each other, as a rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Slot SlotOf(Slot[] slots, ulong prefix, int tree) =>
        ref slots[(int)(prefix ^ (prefix >> 9) ^ (prefix >> 18) ^ (uint)tree) & (slots.Length - 1)];

    /// <summary>Goes through the levels, from the lowest table that is known on, and remembers those of the last two.</summary>
    // A batch is over before the JIT would think of compiling this again with optimisation, so it is asked to at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Translation Descend(ref readonly RadixSpan<TFormat> span, int tree, ulong offset)
    {
        Slot way;
        ulong upperPrefix = offset >> span.UpperShift;
        ulong upperKey = Key(upperPrefix, tree);
        ref Slot upper = ref SlotOf(_upper, upperPrefix ^ (upperPrefix >> 14), tree);
        if (upper.Key == upperKey)
        {
            way = upper;
        }
        else
        {
            way = new Slot { Table = span.Root, Height = span.Top, State = span.Format.InitialState };
            way.Bytes = _reader.InPlace(way.Table, span.TableSize(way.Height));
        }

        while (true)
        {
            if (way.Height == 0)
            {
                ulong prefix = offset >> span.PrefixShift;
                way.Key = Key(prefix, tree);
                SlotOf(_slots, prefix, tree) = way;
                CountMiss();
                return Through(in span, in way, offset);
            }

            if (way.Height == 1 && upper.Key != upperKey)
            {
                way.Key = upperKey;
                upper = way;
                CountMiss();
            }

            int index = span.Index(offset, way.Height);
            if (!TryEntry(in way, index, out ulong entry))
            {
                return new Translation(0, default, TranslationStatus.TableAbsent);
            }

            if (entry == 0)
            {
                return new Translation(0, default, TranslationStatus.NotPresent);
            }

            ulong state = way.State;
            EntryKind kind = span.Format.Decode(
                entry, index, way.Height, ref state, out ulong target, out MappingAttributes attributes);
            if (kind != EntryKind.Table)
            {
                return Outcome(in span, in way, offset, kind, target, attributes);
            }

            way.Table = target;
            way.State = state;
            way.Height--;
            way.Bytes = _reader.InPlace(way.Table, span.TableSize(way.Height));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEntry(ref readonly Slot slot, int index, out ulong entry)
    {
        if (slot.Bytes == null)
        {
            return _reader.TryRead(slot.Table + ((ulong)index << TFormat.EntrySizeShift), TFormat.EntrySizeShift, out entry);
        }

        entry = _reader.At(slot.Bytes, index, TFormat.EntrySizeShift);
        return true;
    }

    /// <summary>Translates through the last table, which is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Translation Through(ref readonly RadixSpan<TFormat> span, ref readonly Slot slot, ulong offset)
    {
        int index = span.Index(offset, 0);
        if (!TryEntry(in slot, index, out ulong entry))
        {
            return new Translation(0, default, TranslationStatus.TableAbsent);
        }

        ulong state = slot.State;
        ulong target = 0;
        MappingAttributes attributes = default;
        EntryKind kind = entry == 0
            ? EntryKind.Invalid
            : span.Format.Decode(entry, index, 0, ref state, out target, out attributes);
        return Outcome(in span, in slot, offset, kind, target, attributes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Translation Outcome(
        ref readonly RadixSpan<TFormat> span,
        ref readonly Slot slot,
        ulong offset,
        EntryKind kind,
        ulong target,
        MappingAttributes attributes)
    {
        if (kind != EntryKind.Leaf)
        {
            return new Translation(
                0, default, kind == EntryKind.Reserved ? TranslationStatus.Reserved : TranslationStatus.NotPresent);
        }

        ulong size = 1UL << span.Levels[slot.Height].Shift;
        if (attributes.PageSize > size)
        {
            attributes = Whole(in span, in slot, span.Index(offset, slot.Height), target, attributes);
        }

        return new Translation(target + (offset & (size - 1)), attributes, TranslationStatus.Mapped);
    }

    private void CountMiss()
    {
        if (++_misses == FewMisses)
        {
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        if (_slots.Length == 1)
        {
            _slots = new Slot[1 << SlotBits];
            _upper = new Slot[UpperSlots];
        }
    }

    /// <summary>
    /// The attributes of a page that several entries make up: accessed, dirty or contiguous if any of those is that continues this one,
    /// as it is for a walk.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private MappingAttributes Whole(
        ref readonly RadixSpan<TFormat> span, ref readonly Slot slot, int index, ulong target, MappingAttributes attributes)
    {
        int height = slot.Height;
        ulong size = span.Levels[height].Span;
        int entries = (int)(attributes.PageSize / size);
        MappingAttributes whole = attributes;
        foreach (int step in (ReadOnlySpan<int>)[-1, 1])
        {
            ulong expected = target;
            for (int next = index + step; (next ^ index) < entries && next >= 0; next += step)
            {
                expected += (ulong)(long)step * size;
                ulong state = slot.State;
                if (!TryEntry(in slot, next, out ulong entry)
                    || entry == 0
                    || span.Format.Decode(entry, next, height, ref state, out ulong physical, out MappingAttributes other) != EntryKind.Leaf
                    || physical != expected
                    || !other.FusesWith(attributes))
                {
                    break;
                }

                whole = whole.Union(other);
            }
        }

        return whole;
    }

    /// <summary>A table, and for which stretch of addresses it is.</summary>
    private struct Slot
    {
        // Never 0 once it is taken.
        public ulong Key;

        public ulong Table;

        // What the levels above the table said.
        public ulong State;

        // Null where the table can't be read in place.
        public byte* Bytes;

        public int Height;
    }
}
