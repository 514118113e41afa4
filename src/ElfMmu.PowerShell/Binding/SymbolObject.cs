using System.Collections;
using System.Management.Automation;
using ElfMmu.Companions;
using ElfMmu.Images;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Symbols and lines of source as any object, or a hashtable, says them by the names of its properties.</summary>
internal static class SymbolObject
{
    private const string Source = "The pipeline";

    private static readonly SymbolColumn[] Columns = Enum.GetValues<SymbolColumn>();
    private static readonly string[] Names = [.. Columns.SelectMany(SymbolColumns.NamesOf).Distinct()];

    /// <summary>Reads an object.</summary>
    /// <param name="item">The object.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <returns>Null for the empty symbol that every symbol table starts with.</returns>
    public static SymbolRow? Read(PSObject item, int number)
    {
        var row = new SymbolRow(Source, number);
        if (item.BaseObject is MappedImage image)
        {
            // Its type and kind are those of the image, not of a symbol.
            row.Set("Name", image.Name);
            row.Set("Address", image.VirtualAddress);
            row.Set("Size", image.Size);
            row.Set("SymbolType", "NOTYPE");
            return row;
        }

        foreach (string name in Names)
        {
            if (Value(item, name) is { } value)
            {
                row.Set(name, value);
            }
        }

        bool isEmpty = Value(item, "Name") is not (ulong or string { Length: > 0 }) && Value(item, "Index") is 0ul;
        return isEmpty ? null : row;
    }

    /// <summary>Reads a line of source.</summary>
    /// <exception cref="ElfMmuException"><c>LineInvalid</c>: it has no address, no file or no line.</exception>
    public static CompanionLine ReadLine(PSObject item)
    {
        string? file = Find(item, SymbolColumn.File) as string;
        return Number(Find(item, SymbolColumn.Address)) is { } address && file != null
            && Number(Find(item, SymbolColumn.Line)) is { } line and <= int.MaxValue
            ? new CompanionLine(address, file, (uint)line) { Column = Number(Value(item, "Column")) is { } c and <= ushort.MaxValue ? (uint)c : 0 }
            : throw new ElfMmuException("LineInvalid", ErrorKind.InvalidArgument,
                $"'{item}' isn't a line of source. It needs Address, File and Line.");
    }

    private static object? Find(PSObject item, SymbolColumn column) =>
        SymbolColumns.NamesOf(column).Select(n => Value(item, n)).FirstOrDefault(v => v != null);

    private static ulong? Number(object? value) => value switch
    {
        ulong number => number,
        string text when AddressConverter.TryConvert(text, out ulong number) => number,
        _ => null,
    };

    private static object? Value(PSObject item, string name)
    {
        object? value = item.BaseObject is IDictionary table ? ByKey(table, name) : item.Properties[name]?.Value;
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        return inner switch
        {
            null => null,
            string or ulong => inner,
            Enum word => word.ToString(),
            _ => AddressConverter.TryConvert(inner, out ulong number) ? number : inner.ToString(),
        };
    }

    private static object? ByKey(IDictionary table, string name)
    {
        if (table.Contains(name))
        {
            return table[name];
        }

        // A dictionary of .NET's minds the case of letters, and people don't.
        foreach (DictionaryEntry entry in table)
        {
            if (name.Equals(entry.Key.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return entry.Value;
            }
        }

        return null;
    }
}
