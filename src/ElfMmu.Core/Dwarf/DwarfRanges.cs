using ElfMmu.Elf;

namespace ElfMmu.Dwarf;

/// <summary>Finds the addresses of a unit and writes the tables of them: .debug_aranges, .debug_ranges or .debug_rnglists.</summary>
internal sealed class DwarfRanges(DwarfTarget target)
{
    private readonly DwarfBuffer _lists = new(target, target.Version >= 5 ? ".debug_rnglists" : ".debug_ranges");
    private readonly DwarfBuffer _table = new(target, ".debug_aranges");

    public IEnumerable<DwarfSection> Sections()
    {
        if (_table.Length > 0)
        {
            yield return new DwarfSection(".debug_aranges", _table.ToMemory());
        }

        if (_lists.Length > 0)
        {
            yield return new DwarfSection(target.Version >= 5 ? ".debug_rnglists" : ".debug_ranges", _lists.ToMemory());
        }
    }

    /// <summary>The addresses of a unit, sorted and fused. O(n log n) for n functions and sequences.</summary>
    public IReadOnlyList<DwarfRange> Of(DwarfUnit unit, IReadOnlyList<DwarfLineSequence> sequences)
    {
        List<DwarfRange> ranges = unit.Ranges.Count > 0
            ? [.. unit.Ranges]
            : [
                .. unit.Functions.Select(f => new DwarfRange(f.Address, f.Size)),
                .. sequences.Select(s => new DwarfRange(s.Rows[0].Address, s.End - s.Rows[0].Address)),
            ];
        ranges.ForEach(r => DwarfErrors.Range(target, r.Start, r.Size, "range of", unit.Name));
        ranges.RemoveAll(r => r.Size == 0);
        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        var fused = new List<DwarfRange>();
        foreach (DwarfRange range in ranges)
        {
            if (fused.Count > 0 && range.Start - fused[^1].Start <= fused[^1].Size)
            {
                ulong size = Math.Max(fused[^1].Size, range.Start - fused[^1].Start + range.Size);
                fused[^1] = fused[^1] with { Size = size };
            }
            else
            {
                fused.Add(range);
            }
        }

        return fused;
    }

    /// <summary>Writes a list of ranges and gives its offset (DWARF 5, 2.17.3).</summary>
    public uint WriteList(IReadOnlyList<DwarfRange> ranges)
    {
        if (target.Version < 5)
        {
            uint old = (uint)_lists.Length;
            foreach (DwarfRange range in ranges)
            {
                // Two zeros would be the end: a range at 0 is never empty, so its end isn't 0.
                _lists.Address(range.Start);
                _lists.Address(range.Start + range.Size);
            }

            _lists.Address(0);
            _lists.Address(0);
            return old;
        }

        int length = _lists.BeginLength();
        _lists.U16(5);
        _lists.U8(target.AddressSize);
        _lists.U8(0); // segment_selector_size
        _lists.U32(0); // offset_entry_count
        uint offset = (uint)_lists.Length;
        foreach (DwarfRange range in ranges)
        {
            _lists.U8(7); // DW_RLE_start_length
            _lists.Address(range.Start);
            _lists.Unsigned(range.Size);
        }

        _lists.U8(0); // DW_RLE_end_of_list
        _lists.EndLength(length);
        return offset;
    }

    /// <summary>Says which addresses are a unit's (DWARF 5, 6.1.2).</summary>
    /// <param name="unit">The offset of the unit in .debug_info.</param>
    /// <param name="ranges">Its ranges.</param>
    public void WriteTable(uint unit, IReadOnlyList<DwarfRange> ranges)
    {
        int begin = _table.Length;
        int length = _table.BeginLength();
        _table.U16(2);
        _table.U32(unit);
        _table.U8(target.AddressSize);
        _table.U8(0); // segment_selector_size

        // The first pair is aligned to its size from the start of the table.
        while ((_table.Length - begin) % (2 * target.AddressSize) != 0)
        {
            _table.U8(0);
        }

        foreach (DwarfRange range in ranges)
        {
            _table.Address(range.Start);
            _table.Address(range.Size);
        }

        _table.Address(0);
        _table.Address(0);
        _table.EndLength(length);
    }
}
