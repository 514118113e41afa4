using System.Management.Automation;
using System.Runtime.CompilerServices;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Translates virtual addresses.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "VirtualAddress", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(ResolvedAddress), typeof(PageTableEntry))]
public sealed class ResolveVirtualAddressCommand : AddressCommand
{
    // The view of steps, which isn't that of a table's entries.
    private const string StepView = "ElfMmu.Spaces.PageTableEntry#Trace";

    private const string Advice = "Resolve-PhysicalAddress finds the virtual addresses that lead to physical ones.";

    // As long as a space is at hand, so is what translates its addresses.
    private readonly ConditionalWeakTable<AddressSpace, AddressTranslator> _translators = [];
    private readonly ConditionalWeakTable<AddressSpace, PageTableReader> _readers = [];

    /// <summary>The virtual addresses.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VirtualAddress")]
    [AddressArgumentTransformation]
    public AddressArgument[] Address { get; set; } = [];

    /// <summary>Emit every step of the way through the tables instead.</summary>
    [Parameter]
    public SwitchParameter Trace { get; set; }

    /// <summary>Translate in every address space that a search for roots finds.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter AllRoots { get; set; }

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    private protected override AddressArgument[]? Addresses => Address;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        CheckDump();
        ForEachSpace(Trace ? Follow : Resolve);
    }

    private void Resolve(AddressSpace space)
    {
        AddressTranslator translator = _translators.GetValue(space, s => s.NewTranslator());
        foreach (AddressArgument argument in Address)
        {
            Cancellation.ThrowIfCancellationRequested();
            Try(argument, () =>
            {
                ulong address = argument.Choose(isPhysical: false, Advice);
                WriteObject(new ResolvedAddress(address, translator.Translate(address), space.Identity, space.Dump));
            });
        }
    }

    private void Follow(AddressSpace space)
    {
        PageTableReader reader = _readers.GetValue(space, s => s.NewTableReader());
        foreach (AddressArgument argument in Address)
        {
            Cancellation.ThrowIfCancellationRequested();
            Try(argument, () => Follow(space, reader, argument.Choose(isPhysical: false, Advice)));
        }
    }

    private void Follow(AddressSpace space, PageTableReader reader, ulong address)
    {
        IReadOnlyList<PageTableEntry> steps = reader.Trace(address);
        if (steps.Count == 0)
        {
            WriteWarning($"0x{address:x} isn't translated by {space.Identity}: no table is for it.");
        }

        foreach (PageTableEntry step in steps)
        {
            var shown = new PSObject(step);
            shown.TypeNames.Insert(0, StepView);
            shown.Properties.Add(new PSNoteProperty("Address", address));
            WriteObject(shown);
        }
    }
}
