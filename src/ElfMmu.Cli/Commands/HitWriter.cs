using System.Globalization;
using System.Text;
using ElfMmu.Cli.Output;
using ElfMmu.Searching;

namespace ElfMmu.Cli.Commands;

/// <summary>Writes hits as they are found.</summary>
/// <param name="output">Where to.</param>
/// <param name="format">The format.</param>
/// <param name="severalDumps">Whether hits of several dumps will come.</param>
/// <param name="severalPatterns">Whether hits of several patterns will come.</param>
internal sealed class HitWriter(Utf8Output output, OutputFormat format, bool severalDumps, bool severalPatterns)
{
    private const int MostBytes = 8;

    private readonly RowWriter<SearchHit>? _rows =
        format == OutputFormat.Table ? null : new RowWriter<SearchHit>(format, output, SearchReport.Columns, severalDumps);

    private string? _title;

    /// <summary>Whether anything was written.</summary>
    public bool Any { get; private set; }

    /// <summary>Writes a hit.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="hit">The hit.</param>
    public void Write(string path, SearchHit hit)
    {
        Any = true;
        if (_rows == null)
        {
            WriteRow(path, hit);
        }
        else
        {
            _rows.Write(path, null, hit);
        }
    }

    /// <summary>Ends the whole output.</summary>
    public void End() => _rows?.End();

    private void WriteRow(string path, SearchHit hit)
    {
        int digits = (hit.Space?.Mode.WordSize ?? 64) / 4;
        string title = hit.Space is { } space ? $"{path}: root 0x{space.Root:x} ({space.Mode.Name})" : $"{path}: physical memory";
        if (title != _title)
        {
            output.Write((_title == null ? "" : "\n") + DisplayText.Clean(title) + "\n");
            string addresses = hit.Space == null ? "" : "VirtualAddress".PadRight(digits + 4);
            output.Write($"{addresses}PhysicalAddress     {(hit.Space == null ? "" : "Super  User  ")}{(severalPatterns ? "Pattern           " : "")}"
                + "Bytes\n");
            _title = title;
        }

        var row = new StringBuilder();
        if (hit.VirtualAddress is { } address)
        {
            row.Append(new Hex(address).ToString(digits)).Append("  ");
            row.Append(' ', Math.Max(0, "VirtualAddress".Length - digits - 2));
        }

        row.Append(new Hex(hit.PhysicalAddress).ToString(16)).Append("  ");
        if (hit.Space != null)
        {
            row.Append(CultureInfo.InvariantCulture, $"{hit.SupervisorRights}    {hit.UserRights}   ");
        }

        if (severalPatterns)
        {
            string name = DisplayText.Clean(hit.Pattern);
            row.Append((name.Length > 16 ? name[..15] + "…" : name).PadRight(18));
        }

        row.Append(hit.ToHex(4, MostBytes, Math.Max(4, 4 + MostBytes - hit.Length)));
        row.Append("  ").Append(hit.ToText(8, 40, 16)).Append('\n');
        output.Write(row.ToString());
    }
}
