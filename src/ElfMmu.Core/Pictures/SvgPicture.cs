namespace ElfMmu.Pictures;

/// <summary>Writes a picture as one SVG document.</summary>
internal static class SvgPicture
{
    private const int Margin = 16;
    private const int LineHeight = 15;

    /// <summary>Writes it.</summary>
    public static void Write(Markup markup, PictureLayout layout, PictureText text, CancellationToken cancellation)
    {
        var drawing = new PictureDrawing(layout, text, markup);

        // Where things stand depends on how tall the legend becomes.
        var measured = new PictureDrawing(layout, text, new Markup(TextWriter.Null));
        string[] notes = [.. text.Notes.SelectMany(n => Wrap(n, drawing.Width))];
        int legend = Margin + 34 + (notes.Length * LineHeight) + 8;
        int heads = legend + measured.Legend() + 8;
        int rows = heads + PictureDrawing.HeadHeight;
        int height = rows + Enumerable.Range(0, layout.Stretches.Length).Sum(drawing.RowHeight) + Margin;
        int width = drawing.Width + (2 * Margin);
        markup.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
            .Open(
                "svg",
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("width", width),
                ("height", height),
                ("viewBox", $"0 0 {width} {height}"),
                ("role", "img"))
            .Line()
            .Element("title", text.Title).Line()
            .Raw($"<style>\n{PictureStyle.Rules}</style>\n<defs>\n");
        PictureStyle.WriteDefinitions(markup);
        markup.Raw("</defs>\n")
            .Empty("rect", ("class", "page"), ("width", width), ("height", height)).Line()
            .Element("text", PictureGeometry.Cut(text.Title, drawing.Width / 1.6), ("class", "t"), ("x", Margin), ("y", Margin + 18)).Line();
        for (int i = 0; i < notes.Length; i++)
        {
            markup.Element("text", notes[i], ("class", "q"), ("x", Margin), ("y", Margin + 40 + (i * LineHeight))).Line();
        }

        At(legend, () => drawing.Legend());
        At(heads, drawing.Heads);
        int y = rows;
        for (int i = 0; i < layout.Stretches.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int row = i;
            At(y, () => drawing.Row(row));
            y += drawing.RowHeight(i);
        }

        markup.Close("svg").Line();

        void At(int top, Action draw)
        {
            markup.Open("g", ("transform", $"translate({Margin},{top})")).Line();
            draw();
            markup.Close("g").Line();
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        int most = (int)(width / PictureGeometry.Character);
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > most)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        yield return line;
    }
}
