using System.CommandLine;
using ElfMmu.Conversion;

namespace ElfMmu.Cli.Options;

/// <summary>The options of <c>elfmmu convert</c> that no other command has.</summary>
internal sealed class ConvertOptionSet
{
    public Option<DumpFormat?> Format { get; } = Value.OptionalChoice<DumpFormat>(
        "--format",
        "FORMAT",
        "The container to write",
        "raw with --split or --from-zero, else what the name says (.lime; .raw, .bin, .dd, .img, .mem, .vmem), else elf",
        ("elf", DumpFormat.Elf),
        ("lime", DumpFormat.Lime),
        ("raw", DumpFormat.Raw));

    public Option<string?> MachineOut { get; } = Value.Path(
        "--machine-out", "YAML", "Write a machine description, too: registers, mode, devices, and where raw images were.");

    public Option<bool> Split { get; } = Value.Flag(
        "--split", "Write each stretch of memory to a raw image of its own, named after its address, beside a machine description.");

    public Option<bool> FromZero { get; } = Value.Flag("--from-zero", "Begin a raw image at physical address 0.");

    public Option<bool> Plain { get; } = Value.Flag("--plain", "Leave the FOSSIL note and the segments of devices out of an ELF core.");

    public Option<bool> Json { get; } = Value.Flag("--json", "Write what was done as JSON.");
}
