using System.Runtime.CompilerServices;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Cli.Output;

/// <summary>
/// Writes symbols for people as they are read, in columns of fixed width: a kernel has a hundred thousand, and nothing is kept or allocated
/// for them.
/// </summary>
internal sealed class SymbolTableWriter(Utf8Output output)
{
    private const int RowSize = 256;

    private readonly Dictionary<uint, byte[]> _sections = [];
    private readonly byte[]?[] _types = new byte[16][];
    private readonly byte[]?[] _bindings = new byte[16][];
    private ElfHeader _header = null!;
    private ElfSymbolTable _table = null!;
    private bool _begun;

    /// <summary>Begins a table, whose heading is written.</summary>
    public void Begin(string path, ElfHeader header, ElfSymbolTable table)
    {
        output.Write(_begun ? "\n"u8 : ""u8);
        output.Write(DisplayText.Clean($"{path}: {table.Name}, {table.Count} symbols") + "\n");
        output.Write((header.Class == ElfClass.Elf64 ? "    Nr  Value             " : "    Nr  Value     ") + "     Size  Type     Binding  Visibility  Section     Name\n");
        _begun = true;
        _header = header;
        _table = table;
        _sections.Clear();
        Array.Clear(_types);
    }

    /// <summary>Writes one symbol of the table begun last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(int index)
    {
        ElfSymbolEntry entry = _table[index];
        var row = new Utf8Row(output.GetSpan(RowSize));
        row.AddDecimal((ulong)index);
        row.AlignRight(0, 6);
        row.Add("  "u8);
        row.AddHex(entry.Value, _header.Class == ElfClass.Elf64 ? 16 : 8);
        int size = row.Length;
        row.AddDecimal(entry.Size);
        row.AlignRight(size, 9);
        row.Add("  "u8);
        int column = row.Length;
        row.Add(_types[entry.Info & 0xf] ??= Word(ElfNames.SymbolType(entry.Type, _header.Machine)));
        row.PadTo(column + 9);
        row.Add(_bindings[entry.Info >> 4] ??= Word(ElfNames.SymbolBinding(entry.Binding)));
        row.PadTo(column + 18);
        row.Add(entry.Visibility switch
        {
            ElfSymbolVisibility.Default => "DEFAULT"u8,
            ElfSymbolVisibility.Internal => "INTERNAL"u8,
            ElfSymbolVisibility.Hidden => "HIDDEN"u8,
            _ => "PROTECTED"u8,
        });
        row.PadTo(column + 30);
        row.Add(Section(index, entry));
        row.PadTo(column + 42);
        output.Advance(row.Length);
        WriteName(index, entry);
    }

    private static byte[] Word(string name) => Encoding.UTF8.GetBytes(name[4..]);

    private void WriteName(int index, in ElfSymbolEntry entry)
    {
        // Most names are plain, and are written as they are.
        ReadOnlySpan<byte> name = _table.NameBytes(entry);
        if (name.Length > 0 && !name.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            output.Write(name);
        }
        else
        {
            output.Write(DisplayText.Clean(_table.NameOf(index, entry)));
        }

        if (_table.Versions?.Of(index, entry) is { } version)
        {
            output.Write(version.IsDefault ? "@@"u8 : "@"u8);
            output.Write(DisplayText.Clean(version.Name));
        }

        output.Write("\n"u8);
    }

    /// <summary>The name of a symbol's section, cut to what the row has room for.</summary>
    private byte[] Section(int index, in ElfSymbolEntry entry)
    {
        const int Longest = 100;
        uint key = _table.SectionOf(index, entry) ?? 0xffff0000 | entry.SectionField;
        if (!_sections.TryGetValue(key, out byte[]? name))
        {
            string text = DisplayText.Clean(_table.Symbol(index).SectionName);
            name = Encoding.UTF8.GetBytes(text.Length > Longest / 3 ? text[..(Longest / 3)] : text);
            _sections.Add(key, name);
        }

        return name;
    }
}
