using System.Text.RegularExpressions;
using ElfMmu.Help.Cmdlets;
using ElfMmu.Paging;
using Xunit;

namespace ElfMmu.Help.Tests;

/// <summary>The documentation of this repository against its code.</summary>
public sealed class DocumentTests : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("elfmmu-help-").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public void Every_page_agrees_with_its_cmdlet_and_becomes_help()
    {
        IReadOnlyList<HelpProblem> problems = HelpBuild.Run(Places.Documents, Places.CmdletAssembly, _output);

        Assert.Empty(problems);
        Assert.Equal(
            [
                "ElfMmu.PowerShell.dll-Help.xml",
                "about_ElfMmu.help.txt",
                "about_ElfMmu_Addresses.help.txt",
                "about_ElfMmu_Dumps.help.txt",
                "about_ElfMmu_Lifetime.help.txt",
            ],
            Directory.EnumerateFiles(_output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void About_topics_fit_80_columns()
    {
        HelpBuild.Run(Places.Documents, Places.CmdletAssembly, _output);

        foreach (string file in Directory.EnumerateFiles(_output, "about_*"))
        {
            Assert.All(File.ReadLines(file), line => Assert.InRange(line.Length, 0, 80));
        }
    }

    [Fact]
    public void A_missing_page_is_a_problem_and_nothing_is_written()
    {
        string documents = Path.Combine(_output, "docs");
        Directory.CreateDirectory(Path.Combine(documents, "cmdlets"));
        string[] pages = Directory.GetFiles(Path.Combine(Places.Documents, "cmdlets"));
        foreach (string page in pages.Where(p => !p.Contains("Get-ElfHeader")))
        {
            File.Copy(page, Path.Combine(documents, "cmdlets", Path.GetFileName(page)));
        }

        string help = Path.Combine(_output, "en-US");
        IReadOnlyList<HelpProblem> problems = HelpBuild.Run(documents, Places.CmdletAssembly, help);

        Assert.Contains("the cmdlet Get-ElfHeader has no page", Assert.Single(problems).Message);
        Assert.False(Directory.Exists(help));
    }

    [Fact]
    public void Cmdlets_are_read_from_metadata()
    {
        using var library = new CmdletLibrary(Places.CmdletAssembly);
        IReadOnlyList<Cmdlet> cmdlets = library.ReadCmdlets();

        Assert.Contains(cmdlets, c => c.Name == "Get-PageTableMapping");
        Cmdlet export = cmdlets.Single(c => c.Name == "Export-ElfCore");
        Assert.Equal("Mapping", export.ParameterSets[0]);
        Assert.Equal("UInt64", export.Parameters.Single(p => p.Name == "Root").ShortType);
        Assert.Equal(Enum.GetNames<Privilege>(), export.Parameters.Single(p => p.Name == "Privilege").Values);
        Assert.Equal(["WhatIf", "Confirm"], export.Parameters.TakeLast(2).Select(p => p.Name));
        Assert.True(library.Contains("RootNotInDump"));
        Assert.False(library.Contains("NoSuchErrorAnywhere"));
    }

    [Fact]
    public void The_table_of_modes_is_that_of_the_engine()
    {
        string text = File.ReadAllText(Path.Combine(Places.Documents, "modes.md")).ReplaceLineEndings("\n");
        string shown = Regex.Match(text, "<!-- modes -->\n\n?(.*?)\n?<!-- /modes -->", RegexOptions.Singleline).Groups[1].Value;

        Assert.True(ModeTable() == shown.Trim(), "Between the marks in modes.md must stand:\n" + ModeTable());
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        foreach (string page in Directory.EnumerateFiles(Places.Documents, "*.md", SearchOption.AllDirectories))
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(page), @"\]\((?!http)([^)#]+)"))
            {
                string target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value);
                Assert.True(Path.Exists(target), $"{page} links to {link.Groups[1].Value}, which isn't there.");
            }
        }
    }

    private static string ModeTable()
    {
        IEnumerable<string> rows = PagingModes.All.Select(m =>
            $"| {m.Name} | {string.Join(", ", m.Aliases)} | {m.Description} | {m.VirtualAddressBits} | {m.PhysicalAddressBits} "
            + $"| {string.Join(", ", m.Levels.Reverse().Select(l => l.Name))} "
            + $"| {string.Join(", ", m.PageSizes.Select(Size))} "
            + $"| {string.Join(", ", new[] { m.RootRegister, m.SecondRootRegister }.OfType<PagingRegister>())} "
            + $"| {string.Join(", ", new[] { m.ControlRegister }.Concat(m.OtherRegisters).OfType<PagingRegister>())} | {m.Reference} |");
        return string.Join('\n', [
            "| Name | Aliases | Description | Virtual | Physical | Levels | Page sizes | Roots | Other registers | Reference |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            .. rows]);
    }

    private static string Size(ulong bytes) => bytes switch
    {
        >= 1UL << 40 => $"{bytes >> 40} TiB",
        >= 1UL << 30 => $"{bytes >> 30} GiB",
        >= 1UL << 20 => $"{bytes >> 20} MiB",
        _ => $"{bytes >> 10} KiB",
    };
}
