using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// Translates addresses through radix trees of any format. It remembers for each stretch of addresses that one table of the last level
/// translates in which table the way through the levels ended, so that most addresses cost one entry. Tables in the mapped file are
/// read in place; others, and those that are in the dump only in part, entry by entry.
/// </summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
internal sealed unsafe class RadixTranslator<TFormat> : AddressTranslator
    where TFormat : struct, IRadixFormat
{
    // Who asks for a few addresses needn't pay for the place of many.
    private const int FewMisses = 16;
    private const int SlotBits = 11;

    private readonly RadixSpan<TFormat>[] _spans;
    private readonly AddressTags _tags;
    private readonly bool _hasTags;
    private EntryReader _reader;
    private Slot[] _slots = new Slot[1];
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
        Translation translation = One(address);

        // The last table that is read in place mustn't be unmapped before it is read.
        GC.KeepAlive(this);
        return translation;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Translate(ReadOnlySpan<ulong> addresses, Span<Translation> translations)
    {
        translations = translations[..addresses.Length];
        for (int i = 0; i < addresses.Length; i++)
        {
            translations[i] = One(addresses[i]);
        }

        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Translation One(ulong address)
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

            // Neighbours get slots of their own, and so do stretches far from each other, as a rule.
            ulong prefix = offset >> span.PrefixShift;
            ulong key = (prefix << 2) | ((uint)i << 1) | 1;
            Slot[] slots = _slots;
            ref Slot slot = ref slots[(int)(prefix ^ (prefix >> 9) ^ (prefix >> 18) ^ (uint)i) & (slots.Length - 1)];
            return slot.Key != key || slot.Bytes == null
                ? Descend(in span, offset, key, ref slot)
                : Finish(in span, in slot, offset, _reader.At(slot.Bytes, span.Index(offset, slot.Height), TFormat.EntrySizeShift));
        }

        return default;
    }

    /// <summary>Goes through the levels, and remembers where the way ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Translation Descend(ref readonly RadixSpan<TFormat> span, ulong offset, ulong key, ref Slot slot)
    {
        if (slot.Key == key)
        {
            return ReadEach(in span, in slot, offset);
        }

        var way = new Slot { Key = key, Table = span.Root, Height = span.Top, State = span.Format.InitialState };
        for (; ; way.Height--)
        {
            way.Bytes = _reader.InPlace(way.Table, span.TableSize(way.Height));
            int index = span.Index(offset, way.Height);
            if (!TryEntry(in way, index, out ulong entry))
            {
                return new Translation(0, default, TranslationStatus.TableAbsent);
            }

            ulong state = way.State;
            if (entry == 0
                || way.Height == 0
                || span.Format.Decode(entry, index, way.Height, ref state, out ulong target, out _) != EntryKind.Table)
            {
                Remember(in way, ref slot);
                return Finish(in span, in way, offset, entry);
            }

            way.Table = target;
            way.State = state;
        }
    }

    /// <summary>Translates through a table that is known, but has to be read entry by entry.</summary>
    private Translation ReadEach(ref readonly RadixSpan<TFormat> span, ref readonly Slot slot, ulong offset) =>
        TryEntry(in slot, span.Index(offset, slot.Height), out ulong entry)
            ? Finish(in span, in slot, offset, entry)
            : new Translation(0, default, TranslationStatus.TableAbsent);

    private void Remember(ref readonly Slot way, ref Slot slot)
    {
        slot = way;
        if (_slots.Length == 1 && ++_misses > FewMisses)
        {
            _slots = new Slot[1 << SlotBits];
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Translation Finish(ref readonly RadixSpan<TFormat> span, ref readonly Slot slot, ulong offset, ulong entry)
    {
        if (entry == 0)
        {
            return new Translation(0, default, TranslationStatus.NotPresent);
        }

        int height = slot.Height;
        int index = span.Index(offset, height);
        ulong state = slot.State;
        EntryKind kind = span.Format.Decode(entry, index, height, ref state, out ulong target, out MappingAttributes attributes);
        if (kind != EntryKind.Leaf)
        {
            return new Translation(
                0, default, kind == EntryKind.Reserved ? TranslationStatus.Reserved : TranslationStatus.NotPresent);
        }

        ulong size = span.Levels[height].Span;
        if (attributes.PageSize > size)
        {
            attributes = Whole(in span, in slot, index, target, attributes);
        }

        return new Translation(target + (offset & (size - 1)), attributes, TranslationStatus.Mapped);
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

    /// <summary>Where the way of a stretch of addresses ends: the table of its last entry.</summary>
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
