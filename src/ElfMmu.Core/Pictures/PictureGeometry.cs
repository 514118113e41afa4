namespace ElfMmu.Pictures;

/// <summary>Where things stand, in pixels of CSS.</summary>
internal sealed class PictureGeometry
{
    /// <summary>The height of a cell.</summary>
    public const int Cell = 2;

    /// <summary>The height of the band for what is folded between two stretches.</summary>
    public const int Fold = 22;

    /// <summary>The height of the line that begins a half of the addresses.</summary>
    public const int Half = 22;

    /// <summary>About the width of a character of a label.</summary>
    public const double Character = 5.9;

    private const int ScaleWidth = 70;
    private const int Marks = 34;

    public PictureGeometry(PictureLayout layout)
    {
        int count = layout.Columns.Count;
        Digits = layout.Columns.Any(c => c.Space.Mode.WordSize == 64)
            || layout.Stretches.Any(s => s.Last > uint.MaxValue) ? 16 : 8;
        AxisRight = ScaleWidth + (int)((Digits + 2) * 6.3) + 8;
        ColumnWidth = count switch
        {
            1 => 420,
            2 => 250,
            3 => 190,
            4 => 150,
            <= 8 => 120,
            _ => 84,
        };
        Width = Math.Max(560, AxisRight + 8 + (count * (ColumnWidth + Marks)));
    }

    /// <summary>How many digits addresses have.</summary>
    public int Digits { get; }

    /// <summary>The right end of the axis.</summary>
    public int AxisRight { get; }

    /// <summary>The right end of the scale bars.</summary>
    public int ScaleRight => ScaleWidth - 8;

    /// <summary>The width of both lanes of a column.</summary>
    public int ColumnWidth { get; }

    /// <summary>The width of the whole picture.</summary>
    public int Width { get; }

    /// <summary>Where a column begins.</summary>
    public int Column(int index) => AxisRight + 8 + (index * (ColumnWidth + Marks));

    /// <summary>The text, cut to a width.</summary>
    public static string Cut(string text, double width)
    {
        int most = Math.Max(2, (int)(width / Character));
        return text.Length <= most ? text : text[..(most - 1)] + "…";
    }

    /// <summary>An address with as many digits as the axis has.</summary>
    public string Address(ulong address) => "0x" + address.ToString(Digits == 16 ? "x16" : "x8");
}
