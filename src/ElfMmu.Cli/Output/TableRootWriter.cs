using System.Globalization;
using ElfMmu.Discovery;

namespace ElfMmu.Cli.Output;

/// <summary>Writes roots as an aligned table; what speaks against one stands behind what speaks for it.</summary>
internal sealed class TableRootWriter(Utf8Output output) : RootWriter
{
    private const string Gap = "  ";

    private static readonly Column[] Columns =
    [
        new("Root", false, r => new Hex(r.Root).ToString()),
        new("Mode", false, r => r.Mode.Name),
        new("RamBase", false, r => new Hex(r.RamBase).ToString()),
        new("Score", true, r => r.Score.ToString("0.00", CultureInfo.InvariantCulture)),
        new("State", false, r => r.State.ToString()),
        new("Tables", true, r => r.Tables.ToString(CultureInfo.InvariantCulture)),
        new("User", true, r => ByteSize.Rounded(r.UserBytes)),
        new("Supervisor", true, r => ByteSize.Rounded(r.SupervisorBytes)),
        new("Reasons", false, Reasons),
    ];

    private bool _begun;

    /// <inheritdoc/>
    public override void Write(string path, IReadOnlyList<PageTableRoot> roots)
    {
        if (_begun)
        {
            output.Write("\n"u8);
        }

        _begun = true;
        string[][] rows = [[.. Columns.Select(c => c.Heading)], .. roots.Select(r => Columns.Select(c => c.Cell(r)).ToArray())];
        int[] widths = [.. Columns.Select((_, i) => rows.Max(r => r[i].Length))];
        output.Write(DisplayText.Clean(path) + "\n");
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, i) => Columns[i].Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            output.Write(DisplayText.Clean(string.Join(Gap, cells)).TrimEnd() + "\n");
        }
    }

    private static string Reasons(PageTableRoot root) =>
        string.Join("; ", root.Reasons) + (root.Doubts.Count == 0 ? "" : $" (doubtful: {string.Join("; ", root.Doubts)})");

    private sealed record Column(string Heading, bool Right, Func<PageTableRoot, string> Cell);
}
