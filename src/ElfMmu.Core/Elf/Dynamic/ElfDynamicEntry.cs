namespace ElfMmu.Elf.Dynamic;

/// <summary>An entry of the dynamic section.</summary>
public sealed class ElfDynamicEntry : ElfItem
{
    private readonly ElfStrings _strings;
    private readonly ElfMachine _machine;

    internal ElfDynamicEntry(ElfFile file, ElfDynamicTable table, int index)
        : base(file)
    {
        Index = index;
        (Tag, Value) = table[index];
        TagName = ElfNames.DynamicTag(Tag, file.Header.Machine, file.Header.OsAbi);
        _strings = table.Strings;
        _machine = file.Header.Machine;
    }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>What it is about (d_tag).</summary>
    public ulong Tag { get; }

    /// <summary>The canonical name of the tag, such as DT_NEEDED or DT_LOOS+0x1.</summary>
    public string TagName { get; }

    /// <summary>A number, or an address as it is there: a loader may have replaced it by the one in memory (d_un).</summary>
    public ulong Value { get; }

    /// <summary>The name the value leads to: of a library, a path; null where the value is none or leads nowhere.</summary>
    public string? Name => ElfDynamicText.IsName(Tag) && Value < (ulong)_strings.Size ? _strings[(uint)Value] : null;

    /// <summary>What the value means, as readelf prints it: <c>Shared library: [libc.so.6]</c>, <c>NOW PIE</c>, <c>24 (bytes)</c>, <c>0x3df0</c>.</summary>
    public string Text => ElfDynamicText.Of(Tag, Value, Name, _machine, _strings);

    /// <inheritdoc/>
    public override string ToString() => Text is { Length: > 0 } text ? $"{TagName} {text}" : TagName;
}
