using System.Buffers;
using System.Text;

namespace ElfMmu.Cli.Output;

/// <summary>Text from a dump or a file system that is about to reach somebody's terminal.</summary>
internal static class DisplayText
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Append(127).Concat(Enumerable.Range(128, 32)).Select(c => (char)c)]);

    /// <summary>
    /// The text on one line and without control characters: a dump is evidence, and an escape sequence planted in it must not
    /// reach the terminal.
    /// </summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(Controls))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            clean.Append(c is '\n' or '\r' or '\t' ? ' ' : char.IsControl(c) ? '?' : c);
        }

        return clean.ToString();
    }
}
