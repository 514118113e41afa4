namespace ElfMmu.Elf;

/// <summary>Something in an ELF file that contradicts itself, the specification or the file's length. What is sound was read nevertheless.</summary>
/// <param name="Id">A stable name of the kind of contradiction, such as <c>SectionOutsideFile</c>.</param>
/// <param name="Message">One sentence with the numbers: what is wrong, and what was done about it.</param>
public sealed record ElfDiagnostic(string Id, string Message)
{
    /// <summary>The <see cref="Id"/> of what the header says of itself or of the file, which everything that opens the file finds.</summary>
    public const string HeaderContradiction = "HeaderContradiction";

    /// <summary>Where in the file, in bytes; null where it is no one place.</summary>
    public ulong? Offset { get; init; }

    /// <summary>The index of the section it is about; null where it is about none.</summary>
    public int? Section { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
