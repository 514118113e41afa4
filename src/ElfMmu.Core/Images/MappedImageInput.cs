using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.Images;

/// <summary>
/// The bytes of an image in an address space, from its header on. What isn't mapped or isn't in the dump reads as zeros, and is in
/// <see cref="Absent"/>. It keeps its dump open. For one thread.
/// </summary>
public sealed class MappedImageInput : IElfInput, IIncompleteElfInput, IDisposable
{
    private readonly MemoryDump _dump;
    private readonly MemoryReader _reader;
    private readonly MappedImage _image;
    private readonly ReadOptions _options;
    private readonly AbsenceList _absent = new();
    private readonly List<AbsentRange> _seen = [];
    private ElfDiagnostic[]? _missing = [];

    /// <summary>Opens an image's memory. It walks no page tables: addresses are translated when they are read.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Ends opening and reading.</param>
    /// <exception cref="ElfMmuException">What <see cref="DumpIdentity.Reopen"/> and <see cref="AddressSpace.Open(MemoryDump, SpaceRequest, CancellationToken)"/> throw.</exception>
    public MappedImageInput(MappedImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        _image = image;
        _options = new ReadOptions { Absent = AbsentMemory.Fill, Cancellation = cancellation };
        Name = ((IElfSource)image).Path;

        // What would lie behind the last address there is can't be asked for.
        Length = image.Address == 0 ? image.Size : Math.Min(image.Size, 0 - image.Address);
        _dump = image.Dump.Reopen(cancellation);
        try
        {
            _reader = MemoryReader.Of(AddressSpace.Open(_dump, image.Space.Request, cancellation));
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

    /// <summary>
    /// What was read as zeros so far because it isn't there, by virtual addresses: ascending, disjoint, in whole pages of the space, and at
    /// most 1,000 ranges.
    /// </summary>
    public IReadOnlyList<AbsentRange> Absent => _absent.Ranges;

    /// <inheritdoc/>
    IReadOnlyList<ElfDiagnostic> IIncompleteElfInput.Missing => _missing ??= [.. Describe()];

    /// <summary>The virtual address of the first byte.</summary>
    internal ulong Address => _image.Address;

    /// <summary>The files that are read.</summary>
    internal IEnumerable<string> Files => _dump.Inputs;

    /// <inheritdoc/>
    public void Read(ulong offset, Span<byte> destination)
    {
        _seen.Clear();
        Read(offset, destination, _seen);
        foreach (AbsentRange range in _seen)
        {
            if (_absent.Add(WholePages(range)))
            {
                _missing = null;
            }
        }
    }

    /// <summary>Reads bytes and hands what isn't there to the caller instead of keeping it.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Takes the bytes, and zeros for what isn't there.</param>
    /// <param name="absent">Takes the ranges that aren't there, by their virtual addresses; ascending.</param>
    internal void Read(ulong offset, Span<byte> destination, List<AbsentRange> absent)
    {
        if (offset > Length || (ulong)destination.Length > Length - offset)
        {
            throw new ElfMmuException("ReadFailed", ErrorKind.ReadError,
                $"{Name}: {destination.Length} bytes at offset 0x{offset:x} aren't in the image, which has 0x{Length:x} bytes.")
            { Path = Name, Offset = offset };
        }

        if (!destination.IsEmpty)
        {
            _reader.Read(_image.Address + offset, destination, _options, absent);
        }
    }

    /// <summary>Closes the dump.</summary>
    public void Dispose() => _dump.Dispose();

    /// <summary>What isn't mapped isn't for the whole page; that much is said of it, however little was asked for.</summary>
    private AbsentRange WholePages(AbsentRange range)
    {
        if (range.PhysicalAddress != null)
        {
            return range;
        }

        ulong within = _image.Space.Mode.Granule - 1;
        ulong first = Math.Max(range.Address & ~within, _image.Address);
        ulong last = Math.Min(range.Last | within, _image.Address + (Length - 1));
        return range with { Address = first, Size = last - first + 1 };
    }

    private IEnumerable<ElfDiagnostic> Describe()
    {
        foreach (AbsentRange range in _absent.Ranges)
        {
            yield return new ElfDiagnostic("PageAbsent", $"0x{range.Size:x} bytes at 0x{range.Address:x} were read as zeros: {range.Why}.")
            {
                Offset = range.Address - _image.Address,
            };
        }

        if (_absent.IsCut)
        {
            yield return new ElfDiagnostic("MorePagesAbsent", $"More than these {AbsenceList.Most} ranges were read as zeros; the rest isn't listed.");
        }
    }
}
