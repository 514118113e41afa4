namespace ElfMmu.Elf.Dynamic;

/// <summary>An entry of the dynamic section.</summary>
public sealed class ElfDynamicEntry : ElfItem
{
    internal ElfDynamicEntry(ElfFile file, ElfDynamicTable table, int index)
        : base(file)
    {
        Index = index;
        (Tag, Value) = table[index];
        TagName = ElfNames.DynamicTag(Tag, file.Header.Machine, file.Header.OsAbi);
        Name = ElfDynamicText.IsName(Tag) && Value < (ulong)table.Strings.Size ? table.Strings[(uint)Value] : null;
        Text = ElfDynamicText.Of(Tag, Value, Name, file.Header.Machine, table.Strings);
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
    public string? Name { get; }

    /// <summary>What the value means, as readelf prints it: <c>Shared library: [libc.so.6]</c>, <c>NOW PIE</c>, <c>24 (bytes)</c>, <c>0x3df0</c>.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text.Length > 0 ? $"{TagName} {Text}" : TagName;
}
