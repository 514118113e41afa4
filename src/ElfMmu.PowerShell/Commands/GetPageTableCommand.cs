using System.Management.Automation;
using System.Runtime.CompilerServices;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Emits the entries of a page table.</summary>
[Cmdlet(VerbsCommon.Get, "PageTable", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(PageTableEntry))]
public sealed class GetPageTableCommand : SpaceCommand
{
    private readonly ConditionalWeakTable<AddressSpace, PageTableReader> _readers = [];

    /// <summary>An entry that points to the table wanted; beside a dump that is named, an address or an object that has one.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>A virtual address on whose way the table is.</summary>
    [Parameter(Position = 1, ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SpaceSet)]
    [Alias("VirtualAddress")]
    [AddressTransformation]
    public ulong? Address { get; set; }

    /// <summary>The physical address of a page to read as a table.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Table { get; set; }

    /// <summary>The number of the table's level, as the architecture counts.</summary>
    [Parameter]
    [ValidateRange(-1, 15)]
    public int? Level { get; set; }

    /// <summary>Emit also entries that are empty.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Table != null && Level == null)
        {
            Refuse("LevelRequired", "A page says nothing of the level it is a table of. Give -Level with -Table.");
        }

        if (Table != null && MyInvocation.BoundParameters.ContainsKey(nameof(Address)))
        {
            Refuse("TableConflict", "-Table reads a page, and -Address finds one: give one of them.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachSpace(space =>
    {
        foreach (PageTableEntry entry in Entries(_readers.GetValue(space, s => s.NewTableReader())))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (All || entry.Value is not (null or 0))
            {
                WriteObject(entry);
            }
        }
    });

    private IEnumerable<PageTableEntry> Entries(PageTableReader reader)
    {
        PageTableEntry? entry = ParameterSetName == SpaceSet ? InputObject?.BaseObject as PageTableEntry : null;
        ulong? address = Address ?? AddressOfObject();
        return Table is { } table ? reader.TableAt(table, Level!.Value)
            : Level != null && (entry != null || address == null) ? throw new ElfMmuException(
                "LevelConflict",
                ErrorKind.InvalidArgument,
                "-Level chooses among the tables on the way of an address, or says what -Table is. Give one of these too, or leave it out.")
            : entry != null ? reader.TableBelow(entry)
            : address is { } wanted ? reader.TableOf(wanted, Level)
            : reader.RootTable();
    }

    /// <summary>The address that the object of the pipeline is, or has; null for one that names the dump.</summary>
    private ulong? AddressOfObject()
    {
        if (InputObject == null || Table != null || (ParameterSetName == SpaceSet ? Space != null : !IsDumpNamed))
        {
            return null;
        }

        return PipelineObject.AddressOf(InputObject) ?? (AddressConverter.TryConvert(InputObject, out ulong address)
            ? address
            : throw new ElfMmuException(
                "AddressMissing",
                ErrorKind.InvalidArgument,
                $"'{InputObject}' isn't a virtual address and has none, so that no table is on its way. Pipe addresses, or objects with a "
                + "VirtualAddress."));
    }

    private protected override DumpIdentity? DumpOfObject => PipelineObject.DumpOf(InputObject);

    private void Refuse(string id, string message) =>
        ThrowTerminatingError(ErrorRecords.From(new ElfMmuException(id, ErrorKind.InvalidArgument, message), null));
}
