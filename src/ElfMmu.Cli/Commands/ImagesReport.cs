using System.Globalization;
using ElfMmu.Cli.Output;
using ElfMmu.Images;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of an executable in an address space.</summary>
internal static class ImagesReport
{
    // First, for what stands below refers to it.
    private static Columns<ImageSegment> Segments { get; } = new()
    {
        { "Name", null, s => s.Name },
        { "VirtualAddress", null, s => Hex.Of(s.VirtualAddress) },
        { "LinkedAddress", null, s => new Hex(s.LinkedAddress) },
        { "Size", null, s => new Size(s.Size) },
        { "FileOffset", null, s => new Hex(s.FileOffset) },
        { "FileSize", null, s => s.FileSize },
        { "Rights", null, s => s.Rights },
        { "PresentBytes", null, s => s.PresentBytes },
    };

    public static Columns<MappedImage> Columns { get; } = new()
    {
        { "VirtualAddress", "VirtualAddress", i => new Hex(i.VirtualAddress) },
        { "Size", "Size", i => new Size(i.Size) },
        { "PresentPercent", "Present", i => i.PresentPercent, i => i.PresentPercent.ToString("0.#", CultureInfo.InvariantCulture) + "%" },
        { "Kind", "Kind", i => i.Kind.ToString(), i => $"{i.Kind}{i.Class}" },
        { "Class", null, i => i.Class },
        { "ByteOrder", null, i => i.ByteOrder.ToString() },
        { "Machine", "Machine", i => i.Machine },
        { "Type", "Type", i => i.Type },
        { "State", "State", i => i.State.ToString() },
        { "EntryPoint", "EntryPoint", i => Hex.Of(i.EntryPoint) },
        { "LoadBias", null, i => Hex.Of(i.LoadBias) },
        { "ImageSize", null, i => new Size(i.ImageSize) },
        { "TotalBytes", null, i => i.TotalBytes },
        { "PresentBytes", null, i => i.PresentBytes },
        { "Name", "Name", i => i.Name },
        { "BuildId", "BuildId", i => i.BuildId },
        { "DebugFile", null, i => i.DebugFile },
        { "Segments", i => i.Segments.Select(s => Segments.AddTo(new Report(), s)).ToArray() },
        { "Doubts", null, i => i.Doubts },
        { "SupervisorRights", null, i => i.SupervisorRights },
        { "UserRights", null, i => i.UserRights },
        { "PhysicalAddress", null, i => new Hex(i.PhysicalAddress) },
        { "Root", null, i => new Hex(i.Root) },
    };
}
