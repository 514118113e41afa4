using System.Text;

namespace ElfMmu.Pictures;

/// <summary>
/// The colours. Rights differ in lightness and in hatching too, so that they can be told apart in black and white and by people
/// who see fewer colours.
/// </summary>
internal static class PictureStyle
{
    /// <summary>The colours of rights, by the bits of <see cref="Rights"/>: none, x, w, wx, r, rx, rw, rwx.</summary>
    public static readonly string[] Colors =
        ["#ffffff", "#f7e3ad", "#9a78b8", "#6a0f2b", "#bcdcf2", "#eead2b", "#3f7fb5", "#c2143c"];

    /// <summary>The rules that both formats need.</summary>
    public static string Rules { get; } = MakeRules();

    /// <summary>The rules of the page around the picture.</summary>
    public const string PageRules = """
        html{color-scheme:light dark}
        body{margin:0;padding:20px 24px;font:14px/1.45 system-ui,"Segoe UI","Noto Sans",Arial,sans-serif;color:#1b2026;background:#fff}
        h1{font-size:21px;margin:0 0 6px}
        h2{font-size:15px;margin:18px 0 6px}
        p{margin:4px 0;max-width:60em}
        code,td.a{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:12px}
        svg{display:block}
        table{border-collapse:collapse}
        .facts{margin:10px 0}
        .facts th,.facts td{text-align:left;padding:2px 14px 2px 0;border-bottom:1px solid #d5dade;vertical-align:top}
        .facts td.n,.facts td.a{white-space:nowrap}
        .facts td.n{text-align:right;white-space:nowrap}
        .facts td.p{overflow-wrap:anywhere}
        .bad{color:#a30f32;font-weight:600}
        ul.wx{margin:4px 0;padding:0;list-style:none;columns:36em auto;font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:12px}
        ul.wx li{break-inside:avoid}
        .map{margin-top:8px}
        .map th,.map td{padding:0}
        .map thead th{position:sticky;top:0;background:#fff;font-weight:normal;text-align:left}
        @media(prefers-color-scheme:dark){
        body{color:#dfe4e8;background:#15191d}
        .map thead th{background:#15191d}
        .facts th,.facts td{border-color:#3a434b}
        .bad{color:#ff7a94}
        }
        @media print{
        @page{margin:12mm}
        html{color-scheme:light}
        body{padding:0;font-size:11px;color:#000;background:#fff}
        .map{width:100%}
        .map thead th{position:static;background:#fff}
        .map svg,svg.legend{max-width:100%;height:auto}
        tr{break-inside:avoid}
        .facts th,.facts td{border-color:#999}
        .bad{color:#000}
        a{color:inherit}
        }

        """;

    /// <summary>The hatching of rights; the colours stand for themselves where there is none.</summary>
    public static void WriteDefinitions(Markup markup)
    {
        Pattern(1, 6, ("circle", [("cx", "3"), ("cy", "3"), ("r", "0.9"), ("fill", "#7d6416")]));
        Pattern(2, 5, Lines("M0 2.5H5", "#5b3d77"));
        Pattern(3, 5, Lines("M-1 1L1 -1M0 5L5 0M4 6L6 4M-1 4L1 6M0 0L5 5M4 -1L6 1", "#e8a7b7"));
        Pattern(5, 7, Lines("M-1 1L1 -1M0 7L7 0M6 8L8 6", "#8a5a00"));
        Pattern(7, 7, Lines("M-1 1L1 -1M0 7L7 0M6 8L8 6M-1 6L1 8M0 0L7 7M6 -1L8 1", "#ffd5de"));

        void Pattern(int rights, int size, (string Name, (string, object)[] Attributes) drawing)
        {
            markup.Open("pattern", ("id", $"p{rights}"), ("width", size), ("height", size), ("patternUnits", "userSpaceOnUse"))
                .Empty("rect", ("width", size), ("height", size), ("fill", Colors[rights]))
                .Empty(drawing.Name, drawing.Attributes)
                .Close("pattern").Line();
        }

        static (string, (string, object)[]) Lines(string path, string color) =>
            ("path", [("d", path), ("stroke", color), ("stroke-width", "0.8"), ("fill", "none")]);
    }

    private static string MakeRules()
    {
        var rules = new StringBuilder("""
            text{font-family:system-ui,"Segoe UI","Noto Sans",Arial,sans-serif;font-size:11px;fill:#1b2026}
            .m{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:10px}
            .t{font-size:18px;font-weight:600}
            .h{font-weight:600}
            .q{fill:#59646e}
            .e{text-anchor:end}
            .c{text-anchor:middle}
            .w{fill:#a30f32;font-weight:600}
            .page{fill:#fff}
            .lane{fill:#f3f5f7;stroke:#d5dade;stroke-width:1}
            .ax{stroke:#59646e;stroke-width:1;fill:none}
            .fold{stroke:#9aa4ad;stroke-width:1;stroke-dasharray:2 3;fill:none}
            .n{stroke:#1b2026;stroke-width:1;fill:none}
            .wx{fill:#c2143c;stroke:#1b2026;stroke-width:1}
            .mx{fill:#1b2026;stroke:#fff;stroke-width:0.5}
            .sh{fill:#2f8f6b}
            .dv{fill:none;stroke:#59646e;stroke-width:2;stroke-dasharray:2 2}
            .l{font-size:10px;paint-order:stroke;stroke-width:3px;stroke-linejoin:round}
            rect,path{shape-rendering:crispEdges}

            """);
        for (int rights = 0; rights < Colors.Length; rights++)
        {
            string fill = rights is 1 or 2 or 3 or 5 or 7 ? $"url(#p{rights})" : Colors[rights];
            string edge = rights == 0 ? ";stroke:#9aa4ad" : "";
            string ink = rights is 3 or 6 or 7 ? "#fff" : "#1b2026";
            rules.Append($".r{rights}{{fill:{fill}{edge}}}\n.k{rights}{{fill:{ink};stroke:{Colors[rights]}}}\n");
        }

        return rules.Append("""
            @media(prefers-color-scheme:dark){
            text{fill:#dfe4e8}.q{fill:#9fabb5}.w{fill:#ff7a94}.page{fill:#15191d}
            .lane{fill:#1e242a;stroke:#3a434b}.ax{stroke:#9fabb5}.fold{stroke:#5f6a74}.n{stroke:#dfe4e8}.wx{stroke:#fff}.sh{fill:#4fc79a}.dv{stroke:#9fabb5}
            .k0,.k1,.k2,.k4,.k5{fill:#1b2026}.k3,.k6,.k7{fill:#fff}
            }
            @media print{
            text{fill:#000}.q{fill:#333}.w{fill:#000}.page{fill:#fff}
            .lane{fill:#fff;stroke:#bbb}.ax{stroke:#333}.fold{stroke:#777}.n{stroke:#000}.wx{fill:#000;stroke:#000}.sh{fill:#2f8f6b}.dv{stroke:#333}
            .k0,.k1,.k2,.k4,.k5{fill:#000}.k3,.k6,.k7{fill:#fff}
            }

            """).ToString().ReplaceLineEndings("\n");
    }
}
