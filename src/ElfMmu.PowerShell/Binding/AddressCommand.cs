using System.Management.Automation;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// A cmdlet that takes addresses, from the pipeline or beside it. Beside the pipeline, what comes by it are the dumps.
/// </summary>
public abstract class AddressCommand : SpaceCommand
{
    private bool _isAddressNamed;

    /// <summary>The addresses.</summary>
    private protected abstract AddressArgument[]? Addresses { get; }

    private protected override DumpIdentity? DumpOfObject => _isAddressNamed ? null : Addresses?.FirstOrDefault()?.Dump;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isAddressNamed = MyInvocation.BoundParameters.ContainsKey("Address");
    }

    /// <summary>Says so where the same text of the pipeline was taken for an address and for a dump.</summary>
    private protected void CheckDump()
    {
        if (ParameterSetName != SpaceSet && !IsDumpNamed && !_isAddressNamed && Addresses is [var address, ..])
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ElfMmuException(
                    "DumpRequired",
                    ErrorKind.InvalidArgument,
                    $"{address} is an address, and nothing says of which dump. Name the dump: '{address}' | {MyInvocation.MyCommand.Name} "
                    + "-Dump dump.elf; or pipe the dump, and name the address by -Address."),
                address.ToString()));
        }
    }
}
