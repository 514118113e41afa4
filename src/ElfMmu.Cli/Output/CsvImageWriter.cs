using ElfMmu.Images;

namespace ElfMmu.Cli.Output;

/// <summary>Writes images as comma-separated values.</summary>
internal sealed class CsvImageWriter : ImageWriter
{
    private readonly CsvReportWriter _rows;

    public CsvImageWriter(Utf8Output output)
    {
        // The heading stands there even if nothing is found.
        output.Write(
            "Address,Size,Kind,State,Class,Machine,Type,EntryPoint,TotalBytes,PresentBytes,BuildId,Name,PhysicalAddress,Root\n"u8);
        _rows = new CsvReportWriter(output, heading: false);
    }

    /// <inheritdoc/>
    public override void Write(string path, ulong root, IReadOnlyList<MappedImage> images)
    {
        foreach (MappedImage image in images)
        {
            _rows.Write(new Report()
                .Add("address", null, new Hex(image.Address))
                .Add("size", null, new Hex(image.Size))
                .Add("kind", null, image.Kind.ToString())
                .Add("state", null, image.State.ToString())
                .Add("class", null, image.Class)
                .Add("machine", null, image.Machine)
                .Add("type", null, image.Type)
                .Add("entryPoint", null, image.EntryPoint is { } entry ? new Hex(entry) : null)
                .Add("totalBytes", null, new Hex(image.TotalBytes))
                .Add("presentBytes", null, new Hex(image.PresentBytes))
                .Add("buildId", null, image.BuildId)
                .Add("name", null, image.Name)
                .Add("physicalAddress", null, new Hex(image.PhysicalAddress))
                .Add("root", null, new Hex(root)));
        }
    }
}
