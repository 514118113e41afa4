namespace ElfMmu.Elf.Checking;

/// <summary>Something that is wrong with a file: a diagnostic that knows its file.</summary>
public sealed class ElfFinding : ElfItem
{
    internal ElfFinding(ElfFile file, ElfDiagnostic diagnostic)
        : base(file)
    {
        Id = diagnostic.Id;
        Message = diagnostic.Message;
        Offset = diagnostic.Offset;
        SectionIndex = diagnostic.Section;
        SectionName = diagnostic.Section is { } section ? file.SectionName(section) : null;
    }

    /// <summary>A stable name of the kind of contradiction, such as <c>OutsideFile</c>.</summary>
    public string Id { get; }

    /// <summary>One sentence with the numbers: what is wrong, and what was done about it where it was read.</summary>
    public string Message { get; }

    /// <summary>Where in the file, in bytes; null where it is no one place.</summary>
    public ulong? Offset { get; }

    /// <summary>The index of the section it is about; null where it is about none.</summary>
    public int? SectionIndex { get; }

    /// <summary>The name of that section; null where it is about none.</summary>
    public string? SectionName { get; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
