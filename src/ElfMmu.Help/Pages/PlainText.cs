using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ElfMmu.Help.Pages;

/// <summary>Markdown as plain text for a terminal.</summary>
internal static class PlainText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>Parses a page.</summary>
    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown.ReplaceLineEndings("\n"), Pipeline);

    /// <summary>The line of a block, from 1.</summary>
    public static int Line(Block block) => block.Line + 1;

    /// <summary>Turns blocks to text. HTML, such as a comment, is passed over.</summary>
    public static IEnumerable<TextBlock> Of(IEnumerable<Block> blocks) => blocks.SelectMany(Of);

    /// <summary>The text of a paragraph or heading on one line.</summary>
    public static string Of(LeafBlock block)
    {
        var text = new StringBuilder();
        Append(text, block.Inline);
        return text.ToString().Trim();
    }

    /// <summary>The cells of a table, row by row, its heading row first.</summary>
    public static IEnumerable<string[]> Rows(Table table) => table.OfType<TableRow>().Select(row =>
        row.OfType<TableCell>().Select(cell => string.Join(' ', cell.OfType<LeafBlock>().Select(Of))).ToArray());

    /// <summary>The lines of a code block.</summary>
    public static string Code(CodeBlock code) => code.Lines.ToString().TrimEnd();

    private static IEnumerable<TextBlock> Of(Block block) => block switch
    {
        HeadingBlock heading => [new TextBlock(TextKind.Heading, Of((LeafBlock)heading))],
        ParagraphBlock paragraph => [new TextBlock(TextKind.Paragraph, Of((LeafBlock)paragraph))],
        CodeBlock code => [new TextBlock(TextKind.Code, Code(code))],
        ListBlock list => list.OfType<ListItemBlock>().SelectMany(OfItem),
        Table table => OfTable(table),
        QuoteBlock quote => Of((IEnumerable<Block>)quote),
        _ => [],
    };

    private static IEnumerable<TextBlock> OfItem(ListItemBlock item) =>
        Of((IEnumerable<Block>)item).Select((block, index) =>
            index == 0 && block.Kind == TextKind.Paragraph ? block with { Kind = TextKind.Item } : block);

    /// <summary>A row becomes an item: the first cell, a colon, and the others as sentences.</summary>
    private static IEnumerable<TextBlock> OfTable(Table table) => Rows(table).Skip(1).Select(cells =>
        new TextBlock(TextKind.Item, $"{cells[0]}: {string.Join(' ', cells.Skip(1).Where(c => c.Length > 0))}"));

    private static void Append(StringBuilder text, ContainerInline? inlines)
    {
        foreach (Inline inline in inlines ?? [])
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case LinkInline link:
                    Append(text, link);
                    if (link.Url?.StartsWith("http", StringComparison.Ordinal) == true)
                    {
                        text.Append(" (").Append(link.Url).Append(')');
                    }

                    break;
                case ContainerInline container:
                    Append(text, container);
                    break;
            }
        }
    }
}
