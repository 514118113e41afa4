using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ElfMmu.Help.Pages;

/// <summary>Reads a cmdlet's page: the sections listed in docs/README.md, in that order.</summary>
public static class CmdletPageReader
{
    private static readonly string[] SectionNames =
        ["Synopsis", "Syntax", "Description", "Examples", "Parameters", "Inputs", "Outputs", "Errors", "Notes", "Related"];

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="markdown">Its text.</param>
    /// <param name="problems">Takes what is wrong with its shape.</param>
    public static CmdletPage Read(string path, string markdown, ICollection<HelpProblem> problems)
    {
        MarkdownDocument document = PlainText.Parse(markdown);
        IReadOnlyList<PageSection> sections = PageSection.Split(document, 2);
        if (!sections.Select(s => s.Title).SequenceEqual(SectionNames))
        {
            problems.Add(new HelpProblem(path, 1, "the sections must be " + string.Join(", ", SectionNames) + ", in this order; "
                + $"they are {string.Join(", ", sections.Select(s => s.Title))}."));
        }

        PageSection errors = Section("Errors");
        return new CmdletPage
        {
            Path = path,
            Name = document.FirstOrDefault() is HeadingBlock { Level: 1 } title ? PlainText.Of(title) : "",
            Synopsis = string.Join(' ', PlainText.Of(Section("Synopsis").Blocks).Select(b => b.Text)),
            Syntaxes = [.. ReadSyntaxes(Section("Syntax"))],
            Description = [.. PlainText.Of(Section("Description").Blocks)],
            Examples = [.. PageSection.Split(Section("Examples").Blocks, 3).Select(ReadExample)],
            Parameters = [.. PageSection.Split(Section("Parameters").Blocks, 3).Select(ReadParameter)],
            Inputs = ReadTypes(Section("Inputs")),
            Outputs = ReadTypes(Section("Outputs")),
            Errors = [.. errors.Blocks.OfType<Table>().SelectMany(t => t.OfType<TableRow>().Skip(1)).Select(ReadError)],
            ErrorText = [.. PlainText.Of(errors.Blocks)],
            Notes = [.. PlainText.Of(Section("Notes").Blocks)],
            Related = [.. Section("Related").Blocks.SelectMany(b => b.Descendants<LinkInline>()).Select(ReadLink)],
        };

        PageSection Section(string name) => sections.FirstOrDefault(s => s.Title == name) ?? new PageSection(1, name, []);

        PageExample ReadExample(PageSection section)
        {
            FencedCodeBlock[] code = [.. section.Blocks.OfType<FencedCodeBlock>().Where(c => c.Info == "powershell")];
            if (code.Length != 1)
            {
                Add(section, $"the example '{section.Title}' must have one ```powershell block.");
            }

            if (!section.Blocks.Any(b => b is ParagraphBlock))
            {
                Add(section, $"the example '{section.Title}' must say what it does in a sentence.");
            }

            FencedCodeBlock[] output = [.. section.Blocks.OfType<FencedCodeBlock>().Where(c => c.Info == "output")];
            return new PageExample(
                section.Title,
                string.Join("\n\n", code.Select(PlainText.Code)),
                string.Join("\n\n", output.Select(PlainText.Code)),
                [.. PlainText.Of(section.Blocks.Except([.. code, .. output]))]);
        }

        PageParameter ReadParameter(PageSection section)
        {
            Table[] tables = [.. section.Blocks.OfType<Table>()];
            if (tables.Length == 0 || !section.Title.StartsWith('-'))
            {
                Add(section, $"'{section.Title}' must be a parameter with a dash and have a table.");
            }

            var properties = new Dictionary<string, string>();
            foreach (string[] cells in tables.TakeLast(1).SelectMany(PlainText.Rows).Skip(1))
            {
                properties[cells[0]] = cells[^1];
            }

            return new PageParameter(
                section.Line,
                section.Title.TrimStart('-'),
                [.. PlainText.Of(section.Blocks.Except(tables.TakeLast(1)))],
                properties);
        }

        void Add(PageSection section, string message) => problems.Add(new HelpProblem(path, section.Line, message));
    }

    private static IEnumerable<PageSyntax> ReadSyntaxes(PageSection section)
    {
        string set = "";
        foreach (Block block in section.Blocks)
        {
            if (block is HeadingBlock heading)
            {
                set = PlainText.Of(heading).Replace(" (default)", "", StringComparison.Ordinal);
            }
            else if (block is CodeBlock code)
            {
                yield return new PageSyntax(PlainText.Line(code), set, PlainText.Code(code));
            }
        }
    }

    private static PageType[] ReadTypes(PageSection section) =>
        [.. PageSection.Split(section.Blocks, 3).Select(s => new PageType(s.Line, s.Title, [.. PlainText.Of(s.Blocks)]))];

    private static PageError ReadError(TableRow row) =>
        new(PlainText.Line(row), string.Join("", row.OfType<TableCell>().First().OfType<LeafBlock>().Select(PlainText.Of)));

    private static PageLink ReadLink(LinkInline link) => new(
        string.Concat(link.Descendants<LiteralInline>().Select(l => l.Content.ToString())),
        link.Url?.StartsWith("http", StringComparison.Ordinal) == true ? link.Url : "");
}
