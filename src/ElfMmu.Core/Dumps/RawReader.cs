using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A raw image: RAM from one physical address on, byte after byte, of any length.</summary>
internal sealed class RawReader : IDumpReader
{
    /// <summary>What the container is called.</summary>
    public const string Container = "raw image";

    public bool Matches(ReadOnlySpan<byte> head, string path) => true;

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        if (source.Length == 0)
        {
            throw new ElfMmuException("DumpEmpty", ErrorKind.InvalidData, $"'{source.Name}' is empty.") { Path = source.Name };
        }

        ulong? described = opening.Description?.Ram is [var first, ..] && first.Offset <= first.Start ? first.Start - first.Offset : null;
        IReadOnlyList<RawPiece> pieces = opening.Layout?.Pieces ?? [new RawPiece(0, opening.RamBase ?? described ?? 0)];
        bool isPlaced = opening.Layout != null || opening.RamBase != null || described != null;
        PhysicalRun[] runs = [.. pieces.Select((piece, i) => Run(source, piece, i + 1 < pieces.Count ? pieces[i + 1].Offset : source.Length))];
        var content = new DumpContent
        {
            Container = Container,
            IsPlaced = isPlaced,
            IsPlacedAsGiven = true,
            Runs = runs,
            Resembles = isPlaced || opening.Description != null ? null : FileKind.Recognize(Head(source)),
        };
        if (content.Resembles != null)
        {
            content.Warnings.Add($"'{source.Name}' looks like {content.Resembles}, and is taken for a raw image of memory all the same.");
        }

        string where = pieces.Count == 1 ? $"from physical 0x{pieces[0].Address:x} on" : $"in {pieces.Count} pieces ({opening.Layout})";
        string reason = opening.Layout != null || opening.RamBase != null ? "as given"
            : described != null ? "as the machine description says" : "by default";
        content.Remarks.Add($"'{source.Name}' is taken as a raw image of RAM {where}, {reason}.");
        if (!content.IsPlaced && VmwareFiles.WithoutState(opening.Path, source.Length) is { } vmware)
        {
            (VmwareFiles.MayHaveHole(source.Length) ? content.Warnings : content.Remarks).Add(vmware);
        }

        return content;
    }

    private static byte[] Head(DataSource source)
    {
        byte[] head = new byte[(int)Math.Min(source.Length, FileKind.HeadSize)];
        source.Read(0, head);
        return head;
    }

    private static PhysicalRun Run(DataSource source, RawPiece piece, ulong end) => Run(new PhysicalRun(0, source.Length, source, 0), piece, end);

    /// <summary>A piece of an image at its place.</summary>
    /// <param name="image">The image.</param>
    /// <param name="piece">Where in it the piece begins, and where it was.</param>
    /// <param name="end">Where in the image it ends.</param>
    /// <exception cref="ElfMmuException"><c>RamBaseInvalid</c>.</exception>
    internal static PhysicalRun Run(in PhysicalRun image, RawPiece piece, ulong end)
    {
        DataSource source = image.Source;
        if (end <= piece.Offset || end > image.Size)
        {
            throw new ElfMmuException(
                "RamBaseInvalid",
                ErrorKind.InvalidArgument,
                $"A piece of RAM from offset 0x{piece.Offset:x} to 0x{end:x} isn't in the {image.Size} bytes of '{source.Name}'.");
        }

        return end - piece.Offset - 1 <= ulong.MaxValue - piece.Address
            ? new PhysicalRun(piece.Address, end - piece.Offset, source, image.Offset + piece.Offset)
            : throw new ElfMmuException(
                "RamBaseInvalid",
                ErrorKind.InvalidArgument,
                $"A RAM base of 0x{piece.Address:x} would carry the {end - piece.Offset} bytes of '{source.Name}' past the end of the "
                + "address space.");
    }
}
