using System.Globalization;
using System.Text;

namespace ElfMmu.Pictures;

/// <summary>Writes elements of XML, and escapes what isn't ours: paths and titles can hold anything.</summary>
internal sealed class Markup(TextWriter output)
{
    /// <summary>Begins an element with content.</summary>
    public Markup Open(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Begin(name, attributes);
        output.Write('>');
        return this;
    }

    /// <summary>Ends an element.</summary>
    public Markup Close(string name)
    {
        output.Write("</");
        output.Write(name);
        output.Write('>');
        return this;
    }

    /// <summary>Writes an element without content.</summary>
    public Markup Empty(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Begin(name, attributes);
        output.Write("/>");
        return this;
    }

    /// <summary>Writes an element with nothing but text in it.</summary>
    public Markup Element(string name, string text, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Open(name, attributes).Text(text).Close(name);

    /// <summary>Writes text.</summary>
    public Markup Text(string text)
    {
        output.Write(Escape(text));
        return this;
    }

    /// <summary>Writes what is markup already.</summary>
    public Markup Raw(string markup)
    {
        output.Write(markup);
        return this;
    }

    /// <summary>Begins a new line; for those who read the source.</summary>
    public Markup Line()
    {
        output.Write('\n');
        return this;
    }

    /// <summary>
    /// Text for content and attributes. Controls, what turns the direction of writing, and halves of characters are shown as
    /// numbers: they have no place in XML, or would make a name look like another one.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                // The last two characters of each plane aren't characters, like U+FFFE and U+FFFF.
                if ((char.ConvertToUtf32(c, text[i + 1]) & 0xfffe) == 0xfffe)
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{char.ConvertToUtf32(c, text[i + 1]):x}}}");
                }
                else
                {
                    escaped.Append(c).Append(text[i + 1]);
                }

                i++;
                continue;
            }

            switch (c)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '"':
                    escaped.Append("&quot;");
                    break;
                case '\'':
                    escaped.Append("&#39;");
                    break;
                case '\n':
                    escaped.Append("&#10;");
                    break;
                case >= '\ufffe':
                case var _ when char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c)
                    is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}");
                    break;
                default:
                    escaped.Append(c);
                    break;
            }
        }

        return escaped.ToString();
    }

    private void Begin(string name, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        output.Write('<');
        output.Write(name);
        foreach ((string attribute, object value) in attributes)
        {
            output.Write(' ');
            output.Write(attribute);
            output.Write("=\"");
            output.Write(value is string text ? Escape(text) : Convert.ToString(value, CultureInfo.InvariantCulture));
            output.Write('"');
        }
    }
}
