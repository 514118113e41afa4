using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>
/// Writes a picture as an HTML page that is well-formed XML too. Each stretch is a row of a table, so that a printer breaks pages
/// between them and repeats the columns' heads.
/// </summary>
internal static class HtmlPicture
{
    private const int MostAreas = 200;

    /// <summary>Writes it.</summary>
    public static void Write(Markup markup, PictureLayout layout, PictureText text, CancellationToken cancellation)
    {
        var drawing = new PictureDrawing(layout, text, markup);
        markup.Raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Element("title", text.Title).Line()
            .Raw($"<style>\n{PictureStyle.Rules}{PictureStyle.PageRules.ReplaceLineEndings("\n")}</style>\n</head>\n<body>\n")
            .Raw("<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>\n");
        PictureStyle.WriteDefinitions(markup);
        markup.Raw("</defs></svg>\n").Element("h1", text.Title).Line();
        Facts(markup, layout, drawing);
        foreach (string note in text.Notes)
        {
            markup.Element("p", note).Line();
        }

        int legend = new PictureDrawing(layout, text, new Markup(TextWriter.Null)).Legend();
        Svg("legend", legend, "Legend", () => drawing.Legend());
        markup.Raw("<table class=\"map\">\n<thead><tr><th>");
        Svg("head", PictureDrawing.HeadHeight, "Address spaces", drawing.Heads);
        markup.Raw("</th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < layout.Stretches.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int row = i;
            markup.Raw("<tr><td>");
            Svg("row", drawing.RowHeight(i), $"0x{layout.Stretches[i].First:x} – 0x{layout.Stretches[i].Last:x}", () => drawing.Row(row));
            markup.Raw("</td></tr>\n");
        }

        markup.Raw("</tbody>\n</table>\n");
        WriteExecute(markup, layout, drawing);
        markup.Raw("</body>\n</html>\n");

        void Svg(string style, int height, string label, Action draw)
        {
            markup.Open(
                "svg",
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("class", style),
                ("width", drawing.Width),
                ("height", height),
                ("viewBox", $"0 0 {drawing.Width} {height}"),
                ("role", "img"),
                ("aria-label", label)).Line();
            draw();
            markup.Close("svg");
        }
    }

    private static void Facts(Markup markup, PictureLayout layout, PictureDrawing drawing)
    {
        bool several = layout.Columns.Count > 1;
        markup.Raw("<table class=\"facts\">\n<thead><tr><th>Space</th><th>Mode</th><th>Mappings</th><th>Mapped</th><th>User can reach</th>")
            .Raw(several ? "<th>Shared</th>" : "").Raw("<th>Writable and executable</th><th>Dump</th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < layout.Columns.Count; i++)
        {
            SpaceIdentity space = layout.Columns[i].Space;
            ColumnFacts facts = drawing.Facts[i];
            markup.Raw("<tr>")
                .Element("td", PictureText.Name(space), ("class", "a"))
                .Element("td", PictureText.Mode(space))
                .Element("td", PictureText.Number(facts.Mappings), ("class", "n"))
                .Element("td", ByteSize.Rounded(facts.Size), ("class", "n"))
                .Element("td", ByteSize.Rounded(facts.UserSize), ("class", "n"));
            if (several)
            {
                markup.Element("td", ByteSize.Rounded(facts.SharedSize), ("class", "n"));
            }

            markup.Element("td", facts.WriteExecuteSize == 0 ? "none" : ByteSize.Rounded(facts.WriteExecuteSize),
                    ("class", facts.WriteExecuteSize == 0 ? "n" : "n bad"))
                .Element("td", space.Dump.Path, ("class", "p")).Raw("</tr>\n");
        }

        markup.Raw("</tbody>\n</table>\n");
    }

    private static void WriteExecute(Markup markup, PictureLayout layout, PictureDrawing drawing)
    {
        int left = MostAreas;
        int total = drawing.Facts.Sum(f => f.WriteExecuteAreas.Count);
        if (total == 0)
        {
            return;
        }

        markup.Element("h2", "Writable and executable").Line();
        for (int i = 0; i < layout.Columns.Count && left > 0; i++)
        {
            List<(ulong First, ulong Last, int Key)> areas = drawing.Facts[i].WriteExecuteAreas;
            if (areas.Count == 0)
            {
                continue;
            }

            if (layout.Columns.Count > 1)
            {
                markup.Element("p", $"In {PictureText.Name(layout.Columns[i].Space)}:").Line();
            }

            markup.Open("ul", ("class", "wx")).Line();
            foreach ((ulong first, ulong last, int key) in areas.Take(left))
            {
                markup.Element(
                    "li",
                    $"0x{first:x} – 0x{last:x}, {ByteSize.Rounded((UInt128)(last - first) + 1)}, {PictureRights.Describe(key)}").Line();
            }

            markup.Close("ul").Line();
            left -= Math.Min(left, areas.Count);
        }

        if (total > MostAreas)
        {
            markup.Element("p", $"… and {PictureText.Count(total - MostAreas, "more area")}.").Line();
        }
    }
}
