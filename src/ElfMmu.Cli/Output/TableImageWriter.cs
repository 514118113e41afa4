using System.Globalization;
using ElfMmu.Images;

namespace ElfMmu.Cli.Output;

/// <summary>Writes images as an aligned table, the spaces each with a heading of its own.</summary>
internal sealed class TableImageWriter(Utf8Output output) : ImageWriter
{
    private const string Gap = "  ";

    private static readonly Column[] Columns =
    [
        new("Address", false, i => new Hex(i.Address).ToString(16)),
        new("Size", true, i => new Hex(i.Size).ToString()),
        new("Present", true, i => i.PresentPercent.ToString("0.#", CultureInfo.InvariantCulture) + "%"),
        new("Kind", false, i => $"{i.Kind}{i.Class}"),
        new("Machine", false, i => i.Machine),
        new("Type", false, i => i.Type),
        new("State", false, i => i.State.ToString()),
        new("Entry", false, i => i.EntryPoint is { } entry ? new Hex(entry).ToString() : ""),
        new("Name", false, i => i.Name ?? ""),
        new("BuildId", false, i => i.BuildId ?? ""),
    ];

    private bool _begun;

    /// <inheritdoc/>
    public override void Write(string path, ulong root, IReadOnlyList<MappedImage> images)
    {
        if (_begun)
        {
            output.Write("\n"u8);
        }

        _begun = true;
        string[][] rows = [[.. Columns.Select(c => c.Heading)], .. images.Select(i => Columns.Select(c => c.Cell(i)).ToArray())];
        int[] widths = [.. Columns.Select((_, i) => rows.Max(r => r[i].Length))];
        output.Write(DisplayText.Clean($"{path}, root {new Hex(root)}") + "\n");
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, i) => Columns[i].Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            output.Write(DisplayText.Clean(string.Join(Gap, cells)).TrimEnd() + "\n");
        }
    }

    private sealed record Column(string Heading, bool Right, Func<MappedImage, string> Cell);
}
