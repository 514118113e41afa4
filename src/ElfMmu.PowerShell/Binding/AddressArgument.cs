using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// An address that is virtual or physical as the cmdlet is told: a number, or an object of the pipeline that has either or both.
/// </summary>
public sealed class AddressArgument
{
    private readonly ulong? _virtual;
    private readonly ulong? _physical;
    private readonly bool _isObject;

    /// <summary>A number.</summary>
    public AddressArgument(ulong address) => (_virtual, _physical) = (address, address);

    /// <summary>An object with one address or two; null for one that it doesn't have.</summary>
    internal AddressArgument(ulong? virtualAddress, ulong? physicalAddress) =>
        (_virtual, _physical, _isObject) = (virtualAddress, physicalAddress, true);

    /// <summary>The dump that the object came out of; null for a number, or if it doesn't say.</summary>
    internal DumpIdentity? Dump { get; init; }

    /// <summary>Whether the object says that its virtual address isn't mapped.</summary>
    internal bool IsUnmapped { get; init; }

    /// <summary>The address that is meant.</summary>
    /// <param name="isPhysical">Whether it is the physical one.</param>
    /// <param name="advice">What to do where the object doesn't have it.</param>
    /// <exception cref="ElfMmuException"><c>AddressMissing</c>: the object has only the other one, or none.</exception>
    internal ulong Choose(bool isPhysical, string advice) => (isPhysical ? _physical : _virtual) ?? throw new ElfMmuException(
        "AddressMissing",
        ErrorKind.InvalidArgument,
        (_virtual, _physical) is (null, null)
            ? "An array of bytes that doesn't say where it was read is no address, and its bytes are none. " + advice
            : $"The object at {this} {(IsUnmapped ? "isn't mapped and " : "")}has no {(isPhysical ? "physical" : "virtual")} address. " + advice);

    /// <inheritdoc/>
    public override string ToString() => (_virtual, _physical, _isObject) switch
    {
        ({ } address, _, true) => $"virtual 0x{address:x}",
        ({ } address, _, false) => $"0x{address:x}",
        (null, { } address, _) => $"physical 0x{address:x}",
        _ => "bytes",
    };
}
