using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.Images;

/// <summary>
/// The bytes of an image in an address space, from its header on. What isn't mapped or isn't in the dump reads as zeros, and is in
/// <see cref="Absent"/>. It keeps its dump open.
/// </summary>
public sealed class MappedImageInput : IElfInput, IDisposable
{
    private readonly MemoryDump _dump;
    private readonly MemoryReader _reader;
    private readonly ulong _address;
    private readonly CancellationToken _cancellation;
    private readonly List<AbsentRange> _absent = [];

    /// <summary>Opens an image's memory.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Ends opening and reading.</param>
    /// <exception cref="ElfMmuException">What <see cref="DumpIdentity.Reopen"/> and <see cref="AddressSpace.Open(MemoryDump, SpaceRequest, CancellationToken)"/> throw.</exception>
    public MappedImageInput(MappedImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        Name = $"{image.Dump.Path}:0x{image.Address:x}";
        _address = image.Address;
        _cancellation = cancellation;
        Length = Math.Min(image.Size, ulong.MaxValue - image.Address);
        _dump = image.Dump.Reopen(cancellation);
        try
        {
            _reader = MemoryReader.Of(AddressSpace.Open(_dump, image.Space.Request));
        }
        catch
        {
            _dump.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ulong Length { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What was read as zeros so far because it isn't there, in the order of reading.</summary>
    public IReadOnlyList<AbsentRange> Absent => _absent;

    /// <inheritdoc/>
    public void Read(ulong offset, Span<byte> destination)
    {
        if (offset > Length || (ulong)destination.Length > Length - offset)
        {
            throw new ElfMmuException("ReadFailed", ErrorKind.ReadError,
                $"{Name}: {destination.Length} bytes at offset 0x{offset:x} aren't in the image, which has 0x{Length:x} bytes.")
            { Path = Name, Offset = offset };
        }

        _reader.Read(_address + offset, destination, new ReadOptions { Absent = AbsentMemory.Fill, Cancellation = _cancellation }, _absent);
    }

    /// <summary>Closes the dump.</summary>
    public void Dispose() => _dump.Dispose();
}
