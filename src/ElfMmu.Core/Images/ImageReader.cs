using ElfMmu.Paging;

namespace ElfMmu.Images;

/// <summary>Reads what starts at an address, if it is an image. Its buffers are used again for the next one.</summary>
internal sealed class ImageReader(SpaceView view)
{
    private readonly ElfImageReader _elf = new(view);
    private readonly PeImageReader _pe = new(view);

    /// <summary>Reads an image.</summary>
    /// <param name="address">The address of its header.</param>
    /// <param name="kind">What its first bytes are of.</param>
    /// <param name="page">The mapping of its first page.</param>
    /// <param name="withHeaders">Whether an image of which there is only a header is wanted too; else its state is all that is said.</param>
    /// <returns>Null if it isn't one, or its header isn't all there.</returns>
    public MappedImage? Read(ulong address, ImageKind kind, in Mapping page, bool withHeaders) =>
        kind == ImageKind.Elf ? _elf.Read(address, page, withHeaders) : _pe.Read(address, page, withHeaders);
}
