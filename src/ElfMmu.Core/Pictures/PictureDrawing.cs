using System.Globalization;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>Draws the parts of a picture. Each begins at height 0; who calls puts them where they belong.</summary>
internal sealed class PictureDrawing
{
    /// <summary>The height of the columns' heads.</summary>
    public const int HeadHeight = 88;

    private const int LineHeight = 15;
    private const int LeastLabel = 10;
    private const int LegendLine = 20;

    private readonly PictureLayout _layout;
    private readonly PictureGeometry _geometry;
    private readonly PictureText _text;
    private readonly Markup _markup;
    private readonly bool _hasHalves;

    public PictureDrawing(PictureLayout layout, PictureText text, Markup markup)
    {
        _layout = layout;
        _geometry = new PictureGeometry(layout);
        _text = text;
        _markup = markup;
        _hasHalves = layout.Stretches[^1].IsUpperHalf;
        Facts = [.. layout.Mappings.Select((m, i) => new ColumnFacts(m, layout.Sharing[i]))];
    }

    public int Width => _geometry.Width;

    public ColumnFacts[] Facts { get; }

    /// <summary>The height of a stretch with what stands above it.</summary>
    public int RowHeight(int row) => StretchTop(row) + (_layout.Stretches[row].Cells * PictureGeometry.Cell) + 2;

    /// <summary>Draws what colours and marks mean; only those that are there.</summary>
    /// <returns>The height.</returns>
    public int Legend()
    {
        int x = 0;
        int y = 0;
        bool[] keys = new bool[PictureRights.Keys];
        foreach (Mapping mapping in _layout.Mappings.SelectMany(m => m))
        {
            keys[PictureRights.Key(mapping.Attributes)] = true;
        }

        bool[] rights = new bool[8];
        for (int key = 0; key < keys.Length; key++)
        {
            if (keys[key])
            {
                rights[(int)PictureRights.User(key)] |= key == 0 || PictureRights.User(key) != Rights.None;
                rights[(int)PictureRights.Supervisor(key)] |= key == 0 || PictureRights.Supervisor(key) != Rights.None;
            }
        }

        foreach (int one in new[] { 4, 6, 5, 7, 1, 2, 3, 0 }.Where(r => rights[r]))
        {
            Entry($"{RightsFormat.Format((Rights)one)} {Words(one)}", 28, at => _markup.Empty(
                "rect", ("class", $"r{one}"), ("x", at), ("y", y + 3), ("width", 28), ("height", 12)));
        }

        Entry("left lane: user, right lane: supervisor; across both: the same rights", 28, at => _markup
            .Empty("rect", ("class", "lane"), ("x", at), ("y", y + 3), ("width", 14), ("height", 12))
            .Empty("rect", ("class", "lane"), ("x", at + 14), ("y", y + 3), ("width", 14), ("height", 12)));
        if (_layout.Mappings.SelectMany(m => m).Any(m => PictureRights.IsWriteExecute(m.Attributes)))
        {
            Entry("writable and executable", 8, at => Mark("wx", at, y + 3, 8, 12));
        }

        if (_layout.Sharing.SelectMany(s => s).Any(s => s != Sharing.None))
        {
            Entry("shared with another space here", 3, at => Mark("sh", at, y + 3, 3, 12));
        }

        if (_layout.Mappings.SelectMany(m => m).Any(m => m.Kind != RegionKind.Ram))
        {
            Entry("device, or not in the dump", 3, at => Dashes(at + 1, y + 3, 12));
        }

        if (_layout.MergedMappings > 0)
        {
            Entry("several, of different rights", 12, at => _markup
                .Empty("rect", ("class", "r4"), ("x", at), ("y", y + 3), ("width", 12), ("height", 12))
                .Empty("rect", ("class", "mx"), ("x", at + 6), ("y", y + 3), ("width", 6), ("height", 12)));
        }

        return y + LegendLine;

        void Entry(string words, int width, Action<int> symbol)
        {
            int whole = width + 6 + (int)(words.Length * 6.1) + 16;
            if (x > 0 && x + whole > Width)
            {
                x = 0;
                y += LegendLine;
            }

            symbol(x);
            _markup.Element("text", words, ("x", x + width + 6), ("y", y + 13)).Line();
            x += whole;
        }
    }

    /// <summary>Draws the heads of the columns.</summary>
    public void Heads()
    {
        _markup.Element("text", "address", ("class", "q e"), ("x", _geometry.AxisRight - 8), ("y", HeadHeight - 6))
            .Element("text", "scale", ("class", "q e"), ("x", _geometry.ScaleRight), ("y", HeadHeight - 6)).Line();
        for (int i = 0; i < _layout.Columns.Count; i++)
        {
            SpaceIdentity space = _layout.Columns[i].Space;
            ColumnFacts facts = Facts[i];
            int x = _geometry.Column(i);
            int half = _geometry.ColumnWidth / 2;
            int room = _geometry.ColumnWidth + 20;
            _markup.Open("g").Element("title", $"{space}\n{PictureText.Count(facts.Mappings, "mapping")}, {ByteSize.Rounded(facts.Size)}");
            Line(1, "h", PictureText.Name(space));
            Line(2, "", $"{PictureText.Mode(space)} · {_text.Dump(space)}");
            Line(3, "q", $"{PictureText.Count(facts.Mappings, "mapping")}, {ByteSize.Rounded(facts.Size)}");
            if (facts.WriteExecuteAreas.Count > 0)
            {
                Line(4, "w", $"w+x: {ByteSize.Rounded(facts.WriteExecuteSize)}" + (room > 170
                    ? $" in {PictureText.Count(facts.WriteExecuteAreas.Count, "area")}" : ""));
            }

            _markup.Close("g")
                .Element("text", "user", ("class", "q c"), ("x", x + (half / 2)), ("y", HeadHeight - 6))
                .Element("text", half > 64 ? "supervisor" : "superv.", ("class", "q c"), ("x", x + half + (half / 2)), ("y", HeadHeight - 6))
                .Line();

            void Line(int number, string style, string words) => _markup.Element(
                "text", PictureGeometry.Cut(words, room), ("class", style), ("x", x), ("y", (number * LineHeight) - 3));
        }
    }

    /// <summary>Draws a stretch, and above it what is folded.</summary>
    public void Row(int row)
    {
        Stretch stretch = _layout.Stretches[row];
        Above(row);
        int top = StretchTop(row);
        int height = stretch.Cells * PictureGeometry.Cell;
        Axis(stretch, top, height);
        for (int i = 0; i < _layout.Columns.Count; i++)
        {
            Column(i, _layout.Strokes[i][row], top, height);
        }
    }

    private static string Words(int rights) => rights switch
    {
        0 => "no rights",
        1 => "execute only",
        2 => "write only",
        3 => "write and execute",
        4 => "read",
        5 => "read and execute",
        6 => "read and write",
        _ => "read, write and execute",
    };

    private bool BeginsHalf(int row) => _hasHalves
        && (row == 0 || _layout.Stretches[row].IsUpperHalf != _layout.Stretches[row - 1].IsUpperHalf);

    private int StretchTop(int row) => (row == 0 ? 0 : PictureGeometry.Fold) + (BeginsHalf(row) ? PictureGeometry.Half : 0);

    private void Above(int row)
    {
        Stretch stretch = _layout.Stretches[row];
        int right = _geometry.AxisRight;
        if (row > 0)
        {
            ulong folded = stretch.First - _layout.Stretches[row - 1].Last - 1;
            int middle = PictureGeometry.Fold / 2;
            _markup.Empty("path", ("class", "ax"), ("d", $"M{right - 2} 3l3 2l-6 4l6 4l-6 4l3 2"))
                .Empty("path", ("class", "fold"), ("d", $"M{right + 8} {middle}H{Width - 16}"))
                .Element("text", $"{ByteSize.Rounded(folded)} folded", ("class", "q e"), ("x", right - 8), ("y", middle + 4)).Line();
        }

        if (BeginsHalf(row))
        {
            int y = (row == 0 ? 0 : PictureGeometry.Fold) + PictureGeometry.Half - 7;
            _markup.Element("text", stretch.IsUpperHalf ? "upper half" : "lower half", ("class", "h"), ("x", right + 8), ("y", y)).Line();
        }
    }

    /// <summary>Addresses, ticks at round ones, and a bar that says what a length means.</summary>
    private void Axis(Stretch stretch, int top, int height)
    {
        const int BetweenTicks = 46;
        const int BetweenLabels = 12;
        const int LongestBar = 40;
        int right = _geometry.AxisRight;
        UInt128 bar = 1;
        while (2 * bar <= stretch.Size && 2 * bar * (uint)height <= LongestBar * stretch.Size)
        {
            bar *= 2;
        }

        string length = Tenths((int)(bar * (uint)height * 10 / stretch.Size));
        int bottom = top + height;
        _markup.Open("g")
            .Element("title", $"0x{stretch.First:x} – 0x{stretch.Last:x}, {ByteSize.Rounded(stretch.Size)}")
            .Empty("path", ("class", "ax"), ("d", $"M{_geometry.ScaleRight - 5} {top}.5h5v{length}h-5"))
            .Element("text", ByteSize.Rounded(bar), ("class", "q e"), ("x", _geometry.ScaleRight - 8), ("y", top + 10))
            .Empty("path", ("class", "ax"), ("d", $"M{right - 6} {top}h4V{bottom}h-4"));
        Label(stretch.First, top + 9);
        UInt128 step = 1;
        while (step * (uint)height < BetweenTicks * stretch.Size)
        {
            step *= 2;
        }

        bool last = height >= 24;
        for (UInt128 at = (stretch.First / step + 1) * step; at <= stretch.Last; at += step)
        {
            int y = top + (int)((at - stretch.First) * (uint)height / stretch.Size);
            if (y - top >= BetweenLabels + 6 && bottom - y >= BetweenLabels + (last ? 6 : 0))
            {
                _markup.Empty("path", ("class", "ax"), ("d", $"M{right - 6} {y}h4"));
                Label((ulong)at, y + 4);
            }
        }

        if (last)
        {
            Label(stretch.Last, bottom - 1);
        }

        _markup.Close("g").Line();

        void Label(ulong address, int y) => _markup.Element(
            "text", _geometry.Address(address), ("class", "m e"), ("x", right - 9), ("y", y));
    }

    private void Column(int column, List<Stroke> strokes, int top, int height)
    {
        int x = _geometry.Column(column);
        int width = _geometry.ColumnWidth;
        int half = width / 2;
        _markup.Empty("rect", ("class", "lane"), ("x", x), ("y", top), ("width", half), ("height", height))
            .Empty("rect", ("class", "lane"), ("x", x + half), ("y", top), ("width", width - half), ("height", height)).Line();
        int[] keys = new int[strokes.Count];
        bool[] mixed = new bool[strokes.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = MainKey(column, strokes[i], out mixed[i]);
            DrawStroke(column, strokes[i], keys[i], top);
            if (mixed[i])
            {
                Mark("mx", x + width - 6, top + (strokes[i].Top * PictureGeometry.Cell), 6, Height(strokes[i]));
            }
        }

        Labels(column, strokes, keys, mixed, top);
        Mapping[] mappings = _layout.Mappings[column];
        Runs(strokes, i => PictureRights.IsWriteExecute(mappings[i].Attributes), (from, to) => Mark("wx", x + width + 4, top + from, 8, to - from));
        Runs(strokes, i => _layout.Sharing[column][i] != Sharing.None, (from, to) => Mark("sh", x + width + 16, top + from, 3, to - from));
        Runs(strokes, i => mappings[i].Kind != RegionKind.Ram, (from, to) => Dashes(x + width + 24, top + from, to - from));
        _markup.Line();
    }

    /// <summary>The rights that most of a stroke's memory has.</summary>
    private int MainKey(int column, Stroke stroke, out bool mixed)
    {
        Span<UInt128> sizes = stackalloc UInt128[PictureRights.Keys];
        sizes.Clear();
        int kinds = 0;
        int main = 0;
        foreach (ref readonly Mapping mapping in _layout.Mappings[column].AsSpan(stroke.From, stroke.Count))
        {
            int key = PictureRights.Key(mapping.Attributes);
            kinds += sizes[key] == 0 ? 1 : 0;
            sizes[key] += mapping.Size;
            main = kinds == 1 || sizes[key] > sizes[main] ? key : main;
        }

        mixed = kinds > 1;
        return main;
    }

    private void DrawStroke(int column, Stroke stroke, int key, int top)
    {
        int x = _geometry.Column(column);
        int y = top + (stroke.Top * PictureGeometry.Cell);
        int width = _geometry.ColumnWidth;
        int half = width / 2;
        Rights user = PictureRights.User(key);
        Rights supervisor = PictureRights.Supervisor(key);
        bool one = user == supervisor || user == Rights.None || supervisor == Rights.None;
        if (!one)
        {
            _markup.Open("g").Element("title", _text.Describe(column, stroke));
        }

        if (user == supervisor)
        {
            Lane(x, width, user);
        }
        else
        {
            if (user != Rights.None)
            {
                Lane(x, half, user);
            }

            if (supervisor != Rights.None)
            {
                Lane(x + half, width - half, supervisor);
            }
        }

        if (!one)
        {
            _markup.Close("g");
        }

        _markup.Line();

        void Lane(int left, int wide, Rights rights)
        {
            ReadOnlySpan<(string, object)> attributes =
                [("class", $"r{(int)rights}"), ("x", left), ("y", y), ("width", wide), ("height", Height(stroke))];
            if (one)
            {
                _markup.Open("rect", attributes).Element("title", _text.Describe(column, stroke)).Close("rect");
            }
            else
            {
                _markup.Empty("rect", attributes);
            }
        }
    }

    /// <summary>Writes the rights and the size on areas that have the room for it.</summary>
    private void Labels(int column, List<Stroke> strokes, int[] keys, bool[] mixed, int top)
    {
        Mapping[] mappings = _layout.Mappings[column];
        int begin = 0;
        for (int i = 0; i < strokes.Count; i++)
        {
            bool continues = i + 1 < strokes.Count && !mixed[i] && !mixed[i + 1]
                && strokes[i].Bottom == strokes[i + 1].Top
                && PictureRights.AreOneArea(mappings[strokes[i].To - 1], mappings[strokes[i + 1].From]);
            if (continues)
            {
                continue;
            }

            int from = strokes[begin].Top * PictureGeometry.Cell;
            int to = strokes[i].Bottom * PictureGeometry.Cell;
            if (!mixed[i] && to - from >= LeastLabel)
            {
                UInt128 size = 0;
                for (int j = strokes[begin].From; j < strokes[i].To; j++)
                {
                    size += mappings[j].Size;
                }

                int y = top + (to - from < 14 ? ((from + to) / 2) + 4 : from + 11);
                Label(keys[i], y, ByteSize.Rounded(size) + (mappings[strokes[i].From].Kind == RegionKind.Device ? " device" : ""));
            }

            begin = i + 1;
        }

        void Label(int key, int y, string size)
        {
            int x = _geometry.Column(column) + 5;
            int half = _geometry.ColumnWidth / 2;
            Rights user = PictureRights.User(key);
            Rights supervisor = PictureRights.Supervisor(key);
            if (user == supervisor)
            {
                Write(x, _geometry.ColumnWidth - 8, user);
            }
            else
            {
                if (user != Rights.None)
                {
                    Write(x, half - 8, user);
                }

                if (supervisor != Rights.None)
                {
                    Write(x + half, half - 8, supervisor);
                }
            }

            void Write(int left, int room, Rights rights)
            {
                string name = RightsFormat.Format(rights);
                string words = $"{name}  {size}";
                _markup.Element(
                    "text",
                    words.Length * PictureGeometry.Character <= room ? words : name,
                    ("class", $"l k{(int)rights}"),
                    ("x", left),
                    ("y", y),
                    ("pointer-events", "none"));
            }
        }
    }

    /// <summary>Gives the ranges of pixels whose strokes hold a mapping of a kind.</summary>
    private static void Runs(List<Stroke> strokes, Func<int, bool> wanted, Action<int, int> draw)
    {
        (int From, int To)? run = null;
        foreach (Stroke stroke in strokes)
        {
            bool any = false;
            for (int i = stroke.From; i < stroke.To && !any; i++)
            {
                any = wanted(i);
            }

            if (!any)
            {
                continue;
            }

            (int from, int to) = (stroke.Top * PictureGeometry.Cell, stroke.Bottom * PictureGeometry.Cell);
            if (run is { } open && open.To == from)
            {
                run = (open.From, to);
                continue;
            }

            Flush();
            run = (from, to);
        }

        Flush();

        void Flush()
        {
            if (run is { } open)
            {
                draw(open.From, open.To);
            }
        }
    }

    private static int Height(Stroke stroke) => (stroke.Bottom - stroke.Top) * PictureGeometry.Cell;

    private static string Tenths(int tenths) => string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}");

    private void Mark(string style, int x, int y, int width, int height) => _markup.Empty(
        "rect", ("class", style), ("x", x), ("y", y), ("width", width), ("height", height));

    private void Dashes(int x, int y, int height) => _markup.Empty("path", ("class", "dv"), ("d", $"M{x} {y}v{height}"));
}
