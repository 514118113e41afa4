using ElfMmu.Help.Cmdlets;
using ElfMmu.Help.Output;
using ElfMmu.Help.Pages;

namespace ElfMmu.Help;

/// <summary>Makes a module's help of its pages, or says what is wrong with them and writes nothing.</summary>
public static class HelpBuild
{
    /// <summary>Runs the build.</summary>
    /// <param name="documents">The folder with <c>cmdlets/*.md</c> and <c>about_*.md</c>.</param>
    /// <param name="assembly">The assembly of the cmdlets; assemblies beside it are asked for the types it uses.</param>
    /// <param name="output">The folder of the help files, such as <c>out/ElfMmu/en-US</c>.</param>
    /// <returns>What is wrong; nothing was written unless this is empty.</returns>
    public static IReadOnlyList<HelpProblem> Run(string documents, string assembly, string output)
    {
        var problems = new List<HelpProblem>();
        using var library = new CmdletLibrary(assembly);
        IReadOnlyList<Cmdlet> cmdlets = library.ReadCmdlets();
        var pages = new List<(CmdletPage Page, Cmdlet Cmdlet)>();
        string folder = Path.Combine(documents, "cmdlets");
        foreach (string path in Files(folder, "*.md"))
        {
            CmdletPage page = CmdletPageReader.Read(path, File.ReadAllText(path), problems);
            if (cmdlets.FirstOrDefault(c => c.Name == page.Name) is { } cmdlet)
            {
                PageChecker.Check(page, cmdlet, library.Contains, problems);
                pages.Add((page, cmdlet));
            }
            else
            {
                problems.Add(new HelpProblem(path, 1, $"there is no cmdlet '{page.Name}' in {Path.GetFileName(assembly)}."));
            }
        }

        problems.AddRange(cmdlets
            .Where(c => pages.All(p => p.Page.Name != c.Name))
            .Select(c => new HelpProblem(
                Path.Combine(folder, c.Name + ".md"), 0, $"the cmdlet {c.Name} has no page; write this one.")));
        var abouts = new List<(string Name, string Text)>();
        foreach (string path in Files(documents, "about_*.md"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            abouts.Add((name, AboutWriter.Write(path, name, File.ReadAllText(path), problems)));
        }

        if (problems.Count == 0)
        {
            Directory.CreateDirectory(output);
            MamlWriter.Write(Path.Combine(output, Path.GetFileName(assembly) + "-Help.xml"), pages);
            foreach ((string name, string text) in abouts)
            {
                File.WriteAllText(Path.Combine(output, name + ".help.txt"), text);
            }
        }

        return problems;
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];
}
