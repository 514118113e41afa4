using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What a reader found in a container.</summary>
internal sealed class DumpContent
{
    /// <summary>The container's name for people.</summary>
    public required string Container { get; init; }

    /// <summary>The stretches of physical memory, in the order of the file.</summary>
    public required IReadOnlyList<PhysicalRun> Runs { get; init; }

    /// <summary>Whether something says where the bytes were in physical memory; of a bare raw image nothing does.</summary>
    public bool IsPlaced { get; init; } = true;

    /// <summary>Whether the places that were asked for are those of the runs, as of a raw image.</summary>
    public bool IsPlacedAsGiven { get; init; }

    /// <summary>The machine as far as the container knows it.</summary>
    public Machine Machine { get; init; } = new();

    /// <summary>The VMCOREINFO text as it is in the container.</summary>
    public ReadOnlyMemory<byte> VmcoreInfo { get; init; }

    /// <summary>Where, when and how the dump was taken.</summary>
    public DumpFacts Facts { get; init; } = new();

    /// <summary>What leads on in a Windows crash dump; null of any other.</summary>
    public WindowsDump? Windows { get; init; }

    /// <summary>The full paths of files that belong to it and hold none of the runs, such as a virtual machine's state.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>
    /// How many bytes of memory the container promises that the file doesn't hold, because it is cut off or points elsewhere. What was left out on
    /// purpose doesn't count.
    /// </summary>
    public ulong MissingSize { get; set; }

    /// <summary>What was lost before, when it was converted to this container; null for nothing that is known.</summary>
    public ConversionLoss? Loss { get; init; }

    /// <summary>How many bytes of memory were left out by choice when the dump was made, whether they are read as zeros or not.</summary>
    public ulong LeftOutSize { get; init; }

    /// <summary>What else a file without a signature looks like, for people: <c>a PDF document</c>; null for nothing that is known.</summary>
    public string? Resembles { get; init; }

    /// <summary>Choices made while reading, for the verbose stream.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>What is lost or doubtful, for the warning stream.</summary>
    public List<string> Warnings { get; } = [];
}
