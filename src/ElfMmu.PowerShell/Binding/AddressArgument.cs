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

    /// <summary>The address that is meant.</summary>
    /// <exception cref="ElfMmuException"><c>AddressMissing</c>: the object has only the other one.</exception>
    internal ulong Choose(bool isPhysical) => (isPhysical ? _physical : _virtual) ?? throw new ElfMmuException(
        "AddressMissing",
        ErrorKind.InvalidArgument,
        isPhysical
            ? $"The object at {this} has no physical address. Leave -Physical out, or give an address."
            : $"The object at {this} has no virtual address. Give -Physical to take the physical one.");

    /// <inheritdoc/>
    public override string ToString() => (_virtual, _isObject) switch
    {
        ({ } address, true) => $"virtual 0x{address:x}",
        ({ } address, false) => $"0x{address:x}",
        _ => $"physical 0x{_physical:x}",
    };
}
