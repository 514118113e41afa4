using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The dumps of the repository, those that ELFMMU_DUMPS names, and the laboratory's in ELFMMU_LAB.</summary>
internal sealed class AllDumpData : TheoryData<string>
{
    public AllDumpData() => AddRange([.. Names]);

    public static IEnumerable<string> Names =>
    [
        .. BareDumpData.X86, .. BareDumpData.Others, .. BareDumpData.Probed, "linux-la57-tables",
        .. BigDumps.Linux.Where(n => BigDumps.Missing(n) == null), .. Laboratory,
    ];

    /// <summary>The folder of the laboratory's dumps; null for none.</summary>
    public static string? LaboratoryFolder =>
        Environment.GetEnvironmentVariable("ELFMMU_LAB") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The guests that QEMU was asked about; of most with guests of their own it wasn't.</summary>
    private static IEnumerable<string> Laboratory => LaboratoryFolder is not { } folder
        ? []
        : Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, "gva2gpa.txt")))
            .Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);
}
