using ElfMmu.Elf;

namespace ElfMmu.Companions;

/// <summary>What a companion file holds.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Target">The machine.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Symbols">How many symbols it has.</param>
/// <param name="Sections">How many ranges of addresses it has as sections.</param>
/// <param name="Dwarf">The version of DWARF in it; null where it has none.</param>
/// <param name="Types">How many types the texts define.</param>
/// <param name="Variables">How many variables have a type.</param>
/// <param name="Functions">How many functions DWARF describes.</param>
/// <param name="Lines">How many addresses have a line of source.</param>
/// <param name="Warnings">What was odd or is missing, a sentence each.</param>
public sealed record CompanionSummary(
    string Path,
    CompanionTarget Target,
    ulong Length,
    int Symbols,
    int Sections,
    int? Dwarf,
    int Types,
    int Variables,
    int Functions,
    int Lines,
    IReadOnlyList<string> Warnings) : IElfSource
{
    /// <summary>The canonical name of the processor, such as EM_X86_64.</summary>
    public string Machine => ElfNames.Machine(Target.Machine);

    /// <summary>The canonical name of the class, such as ELFCLASS64.</summary>
    public string Class => ElfNames.Class(Target.Class);

    /// <summary>The canonical name of the byte order, such as ELFDATA2LSB.</summary>
    public string Data => ElfNames.Data(Target.Data);

    /// <inheritdoc/>
    ElfFile IElfSource.OpenElf(CancellationToken cancellation) => new ElfFileSource(Path).OpenElf(cancellation);
}
