using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>
/// Every field of real files of all kinds against what readelf prints: a sample of what is installed, or all ELF files below the folders in
/// ELFMMU_ELF_CORPUS (separated as in PATH).
/// </summary>
public class ReadelfTests(ITestOutputHelper output)
{
    [ToolFact("readelf")]
    public void The_sample_is_large_enough() => Assert.True(ElfCorpus.IsNamed || ElfCorpus.Files.Count >= 40, $"{ElfCorpus.Files.Count} files");

    [ToolFact("readelf")]
    public void Headers() => Compare(new HeaderArea());

    [ToolFact("readelf")]
    public void Segments() => Compare(new SegmentArea());

    [ToolFact("readelf")]
    public void Sections() => Compare(new SectionArea());

    [ToolFact("readelf")]
    public void Groups() => Compare(new GroupArea());

    [ToolFact("readelf")]
    public void Symbols() => Compare(new SymbolArea());

    [ToolFact("readelf")]
    public void Versions() => Compare(new VersionArea());

    [ToolFact("readelf")]
    public void Dynamic() => Compare(new DynamicArea());

    [ToolFact("readelf")]
    public void Relocations() => Compare(new RelocationArea());

    [ToolFact("readelf")]
    public void Notes() => Compare(new NoteArea());

    private void Compare(IReadelfArea area)
    {
        ReadelfTally tally = new ReadelfComparison(area).Run(ElfCorpus.Files);
        string version = Tools.Run("readelf", "--version").Output.Split('\n')[0];
        string report = $"{area.GetType().Name} against {version}: {tally}";
        output.WriteLine(report);
        if (Environment.GetEnvironmentVariable("ELFMMU_ELF_REPORT") is { Length: > 0 } path)
        {
            File.AppendAllText(path, report + "\n");
        }

        Assert.Equal(ElfCorpus.Files.Count, tally.Files);
        Assert.True(tally.Disagreements == 0, report);
    }
}
