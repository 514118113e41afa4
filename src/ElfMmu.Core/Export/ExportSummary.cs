using ElfMmu.Elf;

namespace ElfMmu.Export;

/// <summary>What was written.</summary>
/// <param name="Path">The full path of the core.</param>
/// <param name="Class">Its class.</param>
/// <param name="Segments">How many PT_LOADs it has.</param>
/// <param name="Length">The file's length in bytes, holes included.</param>
/// <param name="DataSize">How many bytes of physical memory it holds, each once.</param>
/// <param name="WrittenSize">How many of them were written; the rest are zero pages, left as holes.</param>
/// <param name="Cpus">The processors whose registers it holds.</param>
/// <param name="Warnings">What is lost or unusual.</param>
public sealed record ExportSummary(
    string Path,
    ElfClass Class,
    int Segments,
    ulong Length,
    ulong DataSize,
    ulong WrittenSize,
    IReadOnlyList<int> Cpus,
    IReadOnlyList<string> Warnings);
