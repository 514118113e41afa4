using System.CommandLine;
using ElfMmu.Images.Loading;

namespace ElfMmu.Cli.Options;

/// <summary>The options of <c>elfmmu expand</c> that no other command has.</summary>
internal sealed class ExpandOptionSet
{
    public ExpandOptionSet() => Output.Aliases.Add("-o");

    public Option<string?> Output { get; } = Value.Path(
        "--output", "OUT", "The image to write, or a folder (NAME/) for several; in the current folder, with the name of the input and .bin, by default.");

    public Option<ulong?> Base { get; } = Value.Address(
        "--base", "The address of the image's first byte; the start of the lowest segment's page by default.");

    public Option<ulong?> LoadAddress { get; } = Value.Address(
        "--load-address", "Where to load what can be loaded anywhere (ET_DYN, PE). Relocations aren't applied.");

    public Option<ImageAddressKind> AddressKind { get; } = Value.Choice(
        "--address-kind",
        "KIND",
        "Which of a segment's addresses counts",
        ("virtual", ImageAddressKind.Virtual),
        ("physical", ImageAddressKind.Physical));

    public Option<ulong?> MaximumSize { get; } = Value.Number(
        "--maximum-size", "The most bytes an image may have, holes included; 0x100000000 (4 GiB) by default.");

    public Option<bool> NoDescription { get; } = Value.Flag(
        "--no-description", "Write no machine description (.yaml) beside the image.");

    public Option<ulong[]?> Images { get; } = Value.Addresses(
        "--image", "Take the executable whose header is at this address of an address space in the dump; may be given several times.");
}
