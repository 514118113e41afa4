using System.Text;
using ElfMmu.Help.Pages;
using Markdig.Syntax;

namespace ElfMmu.Help.Output;

/// <summary>Writes an about topic as plain text of at most 80 columns; Get-Help takes its synopsis from the fifth line.</summary>
public static class AboutWriter
{
    private const int Width = 80;

    /// <summary>Writes a topic.</summary>
    /// <param name="path">The path of the page, for messages.</param>
    /// <param name="name">The topic's name, which is that of the page.</param>
    /// <param name="markdown">The page: the name as its heading, a paragraph that says what it is about, then sections.</param>
    /// <param name="problems">Takes what is wrong with the page.</param>
    public static string Write(string path, string name, string markdown, ICollection<HelpProblem> problems)
    {
        TextBlock[] blocks = [.. PlainText.Of((IEnumerable<Block>)PlainText.Parse(markdown))];
        if (blocks is not [{ Kind: TextKind.Heading } title, { Kind: TextKind.Paragraph } summary, ..] || title.Text != name)
        {
            problems.Add(new HelpProblem(
                path, 1, $"an about page must begin with the heading '# {name}' and a paragraph that says what it is about."));
            return "";
        }

        if (summary.Text.Length > Width - 4)
        {
            problems.Add(new HelpProblem(
                path, 3, $"the first paragraph must have at most {Width - 4} characters: Get-Help lists its first line only."));
        }

        var text = new StringBuilder();
        text.Append("TOPIC\n    ").Append(name).Append("\n\nSHORT DESCRIPTION\n");
        Wrap(text, summary.Text, "    ", "    ");
        text.Append("\nLONG DESCRIPTION\n");
        TextKind? previous = null;
        foreach (TextBlock block in blocks.Skip(2))
        {
            if (previous != null && !(previous == TextKind.Item && block.Kind == TextKind.Item))
            {
                text.Append('\n');
            }

            Write(text, block);
            previous = block.Kind;
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, TextBlock block)
    {
        switch (block.Kind)
        {
            case TextKind.Heading:
                text.Append(block.Text.ToUpperInvariant()).Append('\n');
                break;
            case TextKind.Code:
                foreach (string line in block.Text.Split('\n'))
                {
                    text.Append(("        " + line).TrimEnd()).Append('\n');
                }

                break;
            case TextKind.Item:
                Wrap(text, block.Text, "    - ", "      ");
                break;
            default:
                Wrap(text, block.Text, "    ", "    ");
                break;
        }
    }

    private static void Wrap(StringBuilder text, string words, string first, string next)
    {
        string line = first;
        bool hasWord = false;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (hasWord && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = next;
                hasWord = false;
            }

            line += hasWord ? " " + word : word;
            hasWord = true;
        }

        text.Append(line).Append('\n');
    }
}
