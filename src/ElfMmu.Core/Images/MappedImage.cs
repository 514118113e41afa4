using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Spaces;

namespace ElfMmu.Images;

/// <summary>An executable in an address space, as an object that can leave its dump.</summary>
public sealed class MappedImage : IElfSource
{
    internal MappedImage(SpaceIdentity space) => Space = space;

    /// <summary>The virtual address of its first byte, which is that of its header.</summary>
    public ulong Address { get; internal init; }

    /// <summary>
    /// The same as <see cref="Address"/>, by the name other objects have it under; and <c>$images.Address</c> is a method of PowerShell's
    /// arrays, where <c>$images.VirtualAddress</c> is what one wants.
    /// </summary>
    public ulong VirtualAddress => Address;

    /// <summary>
    /// How many bytes from <see cref="Address"/> on it takes in the space: up to the end of its last page if it is loaded, the file's
    /// length as far as it is mapped if it lies there as a file, one page if there is only a header.
    /// </summary>
    public ulong Size { get; internal init; }

    /// <summary>
    /// The first address behind it; 0xffffffffffffffff for one that reaches the top of the 64-bit address space.
    /// </summary>
    public ulong EndAddress => Address + Size < Address ? ulong.MaxValue : Address + Size;

    /// <summary>The physical address of its first byte.</summary>
    public ulong PhysicalAddress { get; internal init; }

    /// <summary>The format.</summary>
    public ImageKind Kind { get; internal init; }

    /// <summary>How it lies there.</summary>
    public ImageState State { get; internal init; }

    /// <summary>The width of its addresses in bits: 32 or 64.</summary>
    public int Class { get; internal init; }

    /// <summary>The byte order of its header.</summary>
    public ByteOrder ByteOrder { get; internal init; }

    /// <summary>The processor: <c>EM_X86_64</c> of ELF, <c>AMD64</c> of PE (IMAGE_FILE_MACHINE_AMD64).</summary>
    public string Machine { get; internal init; } = "";

    /// <summary>
    /// What it is: <c>EXEC</c>, <c>DYN</c>, <c>REL</c>, <c>CORE</c> of ELF (e_type); <c>exe</c>, <c>dll</c>, <c>driver</c>,
    /// <c>efi-application</c>, <c>efi-boot-driver</c>, <c>efi-runtime-driver</c> or <c>efi-rom</c> of PE.
    /// </summary>
    public string Type { get; internal init; } = "";

    /// <summary>The virtual address of the entry's first byte in this space; null where it has none or it isn't there.</summary>
    public ulong? EntryPoint { get; internal init; }

    /// <summary>What has to be added to the addresses in its headers, modulo 2^64, to have those in the space; null unless it is
    /// loaded.</summary>
    public ulong? LoadBias { get; internal init; }

    /// <summary>How many bytes it takes in memory when it is loaded, as its headers say.</summary>
    public ulong ImageSize { get; internal init; }

    /// <summary>How many bytes its segments, or its file, have in all.</summary>
    public ulong TotalBytes { get; internal init; }

    /// <summary>How many of <see cref="TotalBytes"/> are mapped and in the dump.</summary>
    public ulong PresentBytes { get; internal init; }

    /// <summary>The share of it that is there, in percent.</summary>
    public double PresentPercent => TotalBytes == 0 ? 0 : Math.Round(100.0 * PresentBytes / TotalBytes, 1);

    /// <summary>Its segments (ELF) or sections (PE), in the order of its headers; at most <see cref="ImageFinder.MostSegments"/>.</summary>
    public IReadOnlyList<ImageSegment> Segments { get; internal init; } = [];

    /// <summary>
    /// What identifies the build: the GNU build-id in hexadecimal, or the GUID and age of the PDB as symbol servers write them; null
    /// where it has none or it isn't there.
    /// </summary>
    public string? BuildId { get; internal init; }

    /// <summary>
    /// Its name where it says one itself: DT_SONAME of ELF, the export directory's name or else the PDB's of PE. Nothing vouches for it.
    /// </summary>
    public string? Name { get; internal init; }

    /// <summary>The path of the PDB as the linker wrote it; null where there is none.</summary>
    public string? DebugFile { get; internal init; }

    /// <summary>What contradicts itself in its headers, or the headers' word of the memory; empty if nothing does.</summary>
    public IReadOnlyList<string> Doubts { get; internal init; } = [];

    /// <summary>Effective rights to its first page in supervisor mode.</summary>
    public string SupervisorRights { get; internal init; } = "";

    /// <summary>Effective rights to its first page in user mode.</summary>
    public string UserRights { get; internal init; } = "";

    /// <summary>The physical address of the top table.</summary>
    public ulong Root => Space.Root;

    /// <summary>The paging mode's name.</summary>
    public string Mode => Space.Mode.Name;

    /// <summary>The dump it was found in.</summary>
    public DumpIdentity Dump => Space.Dump;

    /// <summary>The address space it is in.</summary>
    public SpaceIdentity Space { get; }

    /// <inheritdoc/>
    public override string ToString() => $"0x{Address:x} {Kind} {Type} {Machine} {State} {Name ?? BuildId}".TrimEnd();

    /// <inheritdoc/>
    string IElfSource.Path => $"{Dump.Path}:0x{Address:x}";

    /// <inheritdoc/>
    ElfFile IElfSource.OpenElf(CancellationToken cancellation)
    {
        if (Kind != ImageKind.Elf)
        {
            throw new ElfMmuException("NotElf", ErrorKind.InvalidData,
                $"The image at 0x{Address:x} of '{Dump.Path}' is {Kind.ToString().ToUpperInvariant()} and not ELF; take those whose Kind is Elf.");
        }

        var input = new MappedImageInput(this, cancellation);
        try
        {
            return State == ImageState.Loaded
                ? ElfFile.OpenLoaded(input, this, LoadBias!.Value - Address, input, Address)
                : ElfFile.OpenMapped(input, this, Address, input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    IDisposable? IElfSource.KeepOpen(CancellationToken cancellation) => Dump.Reopen(cancellation);
}
