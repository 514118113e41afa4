using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>The tables in docs/root-discovery.md are what discovery does.</summary>
public class RootTableTests
{
    [SharedDumpsFact]
    public void TheTableOfTheSharedDumpsIsWhatIsFound() => Compare(
        "shared", [.. BigDumps.Linux, .. BareDumpData.X86, .. BareDumpData.Others], RootTruth.Of, (folder, name) => Searches.Alone(folder, name, "raw.bin"));

    /// <summary>Of guests that the laboratory booted, in the folder ELFMMU_LAB, of which truth.py wrote roots.json.</summary>
    [LabFact]
    public void NoRootOfTheLaboratorysGuestsIsMissedAndNoneIsFalse()
    {
        string lab = LabFactAttribute.Folder!;
        Dictionary<string, RootTruth> truths = RootTruth.Read(Path.Combine(lab, "roots.json"));
        string[] rows = Compare("lab", [.. truths.Keys.Order(StringComparer.Ordinal)], n => truths[n], (folder, name) =>
        {
            string copy = folder.File(name);
            File.CreateSymbolicLink(copy, Path.Combine(lab, name, "raw.bin"));
            return copy;
        });
        Assert.All(rows, r => Assert.Contains("| 0 | 100 % |", r, StringComparison.Ordinal));
    }

    private static string[] Compare(string table, string[] names, Func<string, RootTruth> truth, Func<TempFolder, string, string> image)
    {
        string[] rows = [.. names.Select(name =>
        {
            using var folder = new TempFolder();
            return RootTable.Row(name, truth(name), Searches.Find(image(folder, name)));
        })];
        if (RootTable.Writes)
        {
            RootTable.Write(table, rows);
        }

        Assert.Equal(rows, RootTable.Rows(table));
        return rows;
    }
}
