using System.Text;

namespace ElfMmu.Companions;

/// <summary>Reads separated values as RFC 4180 has them: quoted fields may hold separators, doubled quotes and ends of lines.</summary>
internal static class CsvReader
{
    /// <summary>Reads the rows, blank ones left out. O(length of the text).</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <returns>The fields of each row, the line it starts in, from 1, and whether its last quote is never closed.</returns>
    public static IEnumerable<(int Line, string[] Fields, bool IsOpen)> Read(string text, char separator)
    {
        var fields = new List<string>();
        var quoted = new StringBuilder();
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            int first = line;
            fields.Clear();
            bool more, open;
            do
            {
                fields.Add(Field(text, separator, ref at, ref line, quoted, out open));
                more = at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            }
            while (more);

            SkipEndOfLine(text, ref at, ref line);
            if (fields.Count > 1 || fields[0].AsSpan().Trim().Length > 0)
            {
                yield return (first, fields.ToArray(), open);
            }
        }
    }

    /// <summary>The separator of a row of names: the one of comma, semicolon and tab that it has most of.</summary>
    public static char SeparatorOf(ReadOnlySpan<char> header)
    {
        char best = ',';
        foreach (char candidate in ";\t")
        {
            best = header.Count(candidate) > header.Count(best) ? candidate : best;
        }

        return best;
    }

    private static string Field(string text, char separator, ref int at, ref int line, StringBuilder quoted, out bool open)
    {
        open = false;
        if (at >= text.Length || text[at] != '"')
        {
            int length = text.AsSpan(at).IndexOfAny(separator, '\r', '\n');
            string plain = length < 0 ? text[at..] : text.Substring(at, length);
            at += plain.Length;
            return plain;
        }

        quoted.Clear();
        at++;
        open = true;
        while (at < text.Length)
        {
            char c = text[at++];
            if (c == '"')
            {
                if (at >= text.Length || text[at] != '"')
                {
                    open = false;
                    break;
                }

                at++;
            }

            line += c == '\n' ? 1 : 0;
            quoted.Append(c);
        }

        // What stands between the closing quote and the separator is no field of its own; it belongs to this one.
        int rest = text.AsSpan(at).IndexOfAny(separator, '\r', '\n');
        rest = rest < 0 ? text.Length - at : rest;
        quoted.Append(text, at, rest);
        at += rest;
        return quoted.ToString();
    }

    private static void SkipEndOfLine(string text, ref int at, ref int line)
    {
        if (at < text.Length)
        {
            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            line++;
        }
    }
}
