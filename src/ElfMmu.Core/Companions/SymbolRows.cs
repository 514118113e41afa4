using System.Globalization;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>Rows of tables and objects of pipelines as symbols.</summary>
public static class SymbolRows
{
    /// <summary>
    /// Judges rows. A row without a name or an address is left out, and a note counts those. A column of addresses or sizes in which any
    /// text has a digit from a to f and no 0x before it, or leading zeros of a full word, is hexadecimal in all its texts. O(rows).
    /// </summary>
    /// <param name="rows">The rows; those of one source count as one table.</param>
    /// <param name="notes">Takes what was odd.</param>
    public static List<CompanionSymbol> Read(IReadOnlyList<SymbolRow> rows, SourceNotes notes)
    {
        Dictionary<string, (bool Address, bool Size)> bases = [];
        foreach (IGrouping<string, SymbolRow> source in rows.GroupBy(r => r.Source))
        {
            bases[source.Key] = (
                source.Any(r => NumberText.LooksHexadecimal(r.Value(SymbolColumn.Address) as string)),
                source.Any(r => NumberText.LooksHexadecimal(r.Value(SymbolColumn.Size) as string)));
        }

        var symbols = new List<CompanionSymbol>(rows.Count);
        foreach (SymbolRow row in rows)
        {
            (bool address, bool size) = bases[row.Source];
            if (Read(row, address, size, notes) is { } symbol)
            {
                symbols.Add(symbol);
            }
        }

        return symbols;
    }

    private static CompanionSymbol? Read(SymbolRow row, bool hexAddress, bool hexSize, SourceNotes notes)
    {
        if (row.Value(SymbolColumn.Name) is not { } name)
        {
            // The symbols of sections have no names of their own, and nobody asks for them.
            if (Word(row, SymbolColumn.Type) is { } word && SymbolWords.Type(word) == ElfSymbolType.Section)
            {
                return null;
            }

            notes.Add(row.Source, row.Line, "has no name, and was left out", row.ToString());
            return null;
        }

        string? section = row.Value(SymbolColumn.Section) is string words ? words.Trim() : null;
        SymbolPlace? place = section == null ? null : SymbolWords.Place(section);
        if (!TryNumber(row, SymbolColumn.Address, hexAddress, out ulong? address) || (address == null && place != SymbolPlace.Undefined))
        {
            notes.Add(row.Source, row.Line, "has no address that can be read, and was left out", row.ToString());
            return null;
        }

        if (!TryNumber(row, SymbolColumn.Size, hexSize, out ulong? size))
        {
            notes.Add(row.Source, row.Line, "has a size that can't be read, and counts as one without", row.ToString());
        }

        var symbol = new CompanionSymbol
        {
            Name = (name as string ?? ((ulong)name).ToString(CultureInfo.InvariantCulture)).Trim(),
            Address = address ?? 0,
            Size = size,
            Place = place ?? SymbolPlace.Address,
            Section = place == null ? section : null,
            Module = row.Text("Module"),
            File = row.Value(SymbolColumn.File) as string,
            Line = TryNumber(row, SymbolColumn.Line, false, out ulong? line) && line is > 0 and <= int.MaxValue ? (int)line : null,
            Visibility = Word(row, SymbolColumn.Visibility) is { } visibility ? SymbolWords.Visibility(visibility) ?? 0 : (byte)0,
        };
        symbol = WithType(row, symbol, notes);
        if (Word(row, SymbolColumn.Binding) is { } binding)
        {
            if (SymbolWords.Binding(binding) is { } known)
            {
                symbol = symbol with { Binding = known };
            }
            else
            {
                notes.Add(row.Source, row.Line, "has a binding that isn't one, and counts as global", row.ToString());
            }
        }

        if (Word(row, SymbolColumn.Frame) is { } frame)
        {
            if (Enum.TryParse(frame.Trim(), ignoreCase: true, out CompanionFrame known) && Enum.IsDefined(known))
            {
                symbol = symbol with { Frame = known };
            }
            else
            {
                notes.Add(row.Source, row.Line, "has a frame that is none of None, Leaf and FramePointer, which doesn't count", row.ToString());
            }
        }

        return symbol;
    }

    /// <summary>
    /// Takes the type of the symbol, and its type in C, from the columns that may hold either: what is the name of a symbol's type, or a
    /// letter of nm, is that, and everything else is C.
    /// </summary>
    private static CompanionSymbol WithType(SymbolRow row, CompanionSymbol symbol, SourceNotes notes)
    {
        foreach (string column in SymbolColumns.NamesOf(SymbolColumn.Type))
        {
            if (row.Text(column) is not { } word)
            {
                continue;
            }

            word = word.Trim();
            if (SymbolWords.Type(word) is { } type)
            {
                symbol = symbol with { Type = symbol.Type ?? type, IsCode = symbol.IsCode ?? type == ElfSymbolType.Function };
            }
            else if (word.Length == 1 && SymbolLetter.TryApply(word[0], symbol, out CompanionSymbol? known))
            {
                symbol = known;
            }
            else if (column is "TypeName" or "Type")
            {
                symbol = symbol with { DataType = symbol.DataType ?? word };
            }
            else
            {
                notes.Add(row.Source, row.Line, $"has a {column} that isn't a type of symbols, which doesn't count", row.ToString());
            }
        }

        foreach (string column in new[] { "DataType", "CType" })
        {
            symbol = row.Text(column) is { } declared ? symbol with { DataType = declared.Trim() } : symbol;
        }

        return symbol.DataType != null && symbol.Type == null ? symbol with { Type = ElfSymbolType.Object, IsCode = false } : symbol;
    }

    private static string? Word(SymbolRow row, SymbolColumn column) => row.Value(column) switch
    {
        string text => text,
        ulong number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool TryNumber(SymbolRow row, SymbolColumn column, bool hexadecimal, out ulong? number)
    {
        object? value = row.Value(column);
        number = value as ulong?;
        if (value is not string text)
        {
            return true;
        }

        bool read = NumberText.TryParse(text, hexadecimal, out ulong parsed);
        number = read ? parsed : null;
        return read;
    }
}
