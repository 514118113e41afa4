using ElfMmu.Images;

namespace ElfMmu.Cli.Output;

/// <summary>Writes images as one JSON array, with everything that is known of them.</summary>
internal sealed class JsonImageWriter(Utf8Output output, bool several) : ImageWriter
{
    private readonly JsonReportWriter _items = new(output, list: true);

    /// <inheritdoc/>
    public override void Write(string path, ulong root, IReadOnlyList<MappedImage> images)
    {
        foreach (MappedImage image in images)
        {
            var item = new Report();
            if (several)
            {
                item.Add("dump", null, path);
            }

            _items.Write(item
                .Add("address", null, new Hex(image.Address))
                .Add("size", null, image.Size)
                .Add("kind", null, image.Kind.ToString())
                .Add("state", null, image.State.ToString())
                .Add("class", null, image.Class)
                .Add("byteOrder", null, image.ByteOrder.ToString())
                .Add("machine", null, image.Machine)
                .Add("type", null, image.Type)
                .Add("entryPoint", null, Address(image.EntryPoint))
                .Add("loadBias", null, Address(image.LoadBias))
                .Add("imageSize", null, image.ImageSize)
                .Add("totalBytes", null, image.TotalBytes)
                .Add("presentBytes", null, image.PresentBytes)
                .Add("buildId", null, image.BuildId)
                .Add("name", null, image.Name)
                .Add("debugFile", null, image.DebugFile)
                .Add("segments", null, image.Segments.Select(Segment).ToArray())
                .Add("doubts", null, image.Doubts)
                .Add("supervisorRights", null, image.SupervisorRights)
                .Add("userRights", null, image.UserRights)
                .Add("physicalAddress", null, new Hex(image.PhysicalAddress))
                .Add("root", null, new Hex(root)));
        }
    }

    /// <inheritdoc/>
    public override void End() => _items.End();

    private static Hex? Address(ulong? address) => address is { } known ? new Hex(known) : null;

    private static Report Segment(ImageSegment segment) => new Report()
        .Add("name", null, segment.Name)
        .Add("address", null, Address(segment.VirtualAddress))
        .Add("linkedAddress", null, new Hex(segment.LinkedAddress))
        .Add("size", null, segment.Size)
        .Add("fileOffset", null, segment.FileOffset)
        .Add("fileSize", null, segment.FileSize)
        .Add("rights", null, segment.Rights)
        .Add("presentBytes", null, segment.PresentBytes);
}
