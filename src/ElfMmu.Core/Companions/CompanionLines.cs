using ElfMmu.Dwarf;
using ElfMmu.Intervals;

namespace ElfMmu.Companions;

/// <summary>The line table of a companion.</summary>
internal static class CompanionLines
{
    /// <summary>
    /// Adds the lines that were given, and for a function that has a file and a line but none of those, its own line for all of it. A line's
    /// code reaches to the next line of the same function; of code in no function, to the next one of the same section. O(n log n).
    /// </summary>
    /// <returns>How many addresses have a line.</returns>
    public static int AddTo(
        DwarfUnit unit, IReadOnlyList<CompanionLine> lines, IReadOnlyList<CompanionRange> ranges, SourceNotes notes)
    {
        DwarfFunction[] functions = [.. unit.Functions.Where(f => f.Size > 0).OrderBy(f => f.Address)];
        ulong[] starts = [.. functions.Select(f => f.Address)];
        CompanionRange[] sections = [.. ranges.OrderBy(r => r.Addresses)];
        ulong[] sectionStarts = [.. sections.Select(r => r.Addresses.Start)];
        bool[] has = new bool[functions.Length];
        List<DwarfLine> rows = [];
        foreach (CompanionLine line in lines)
        {
            if (FunctionAt(line.Address) is >= 0 and int at)
            {
                has[at] = true;
            }

            rows.Add(new DwarfLine(line.Address, line.File, line.Line) { Column = line.Column });
        }

        rows.AddRange(functions.Where((f, i) => !has[i] && f is { File: not null, Line: > 0 })
            .Select(f => new DwarfLine(f.Address, f.File!, f.Line)));
        DwarfLine[] sorted = [.. rows.OrderBy(r => r.Address)];
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            ulong? limit = LimitOf(sorted[i].Address);
            if (limit == null)
            {
                notes.Add("Lines", 0, "is the line of an address in no function and no section, and was left out",
                    $"{sorted[i].File}:{sorted[i].Line} at 0x{sorted[i].Address:x}");
                continue;
            }

            unit.Lines.Add(sorted[i]);
            count++;
            bool isLast = i + 1 == sorted.Length || sorted[i + 1].Address >= limit;
            if (isLast)
            {
                unit.Lines.Add(DwarfLine.End(limit.Value));
            }
        }

        return count;

        int FunctionAt(ulong address)
        {
            int found = Before(starts, address);
            return found >= 0 && address - functions[found].Address < functions[found].Size ? found : -1;
        }

        ulong? LimitOf(ulong address)
        {
            if (FunctionAt(address) is >= 0 and int function)
            {
                return functions[function].Address + functions[function].Size;
            }

            int section = Before(sectionStarts, address);
            ulong? end = section >= 0 && sections[section].Addresses.Contains(address) ? sections[section].Addresses.End : null;
            int next = Before(starts, address) + 1;
            return end is { } last && next < starts.Length ? Math.Min(last, starts[next]) : end;
        }
    }

    /// <summary>The index of the last number that isn't above another; -1 if all are.</summary>
    private static int Before(ulong[] sorted, ulong value)
    {
        int found = Array.BinarySearch(sorted, value);
        if (found < 0)
        {
            return ~found - 1;
        }

        while (found + 1 < sorted.Length && sorted[found + 1] == value)
        {
            found++;
        }

        return found;
    }
}
