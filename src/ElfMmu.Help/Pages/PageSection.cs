using Markdig.Syntax;

namespace ElfMmu.Help.Pages;

/// <summary>A heading with what stands below it, up to the next heading of its level.</summary>
/// <param name="Line">The heading's line.</param>
/// <param name="Title">Its text.</param>
/// <param name="Blocks">What follows it.</param>
internal sealed record PageSection(int Line, string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>Splits blocks at headings of a level; what stands before the first one is dropped.</summary>
    public static IReadOnlyList<PageSection> Split(IEnumerable<Block> blocks, int level)
    {
        var sections = new List<PageSection>();
        List<Block>? current = null;
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level == level)
            {
                current = [];
                sections.Add(new PageSection(PlainText.Line(block), PlainText.Of(heading), current));
            }
            else
            {
                current?.Add(block);
            }
        }

        return sections;
    }
}
