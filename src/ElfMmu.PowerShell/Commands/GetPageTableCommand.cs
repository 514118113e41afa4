using System.Management.Automation;
using System.Runtime.CompilerServices;
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

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>An entry that points to the table wanted.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = SpaceSet)]
    [ValidateNotNull]
    public PageTableEntry? InputObject { get; set; }

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

    private IEnumerable<PageTableEntry> Entries(PageTableReader reader) =>
        Table is { } table ? reader.TableAt(table, Level!.Value)
        : Level != null && (InputObject != null || Address == null) ? throw new ElfMmuException(
            "LevelConflict",
            ErrorKind.InvalidArgument,
            "-Level chooses among the tables on the way of an address, or says what -Table is. Give one of these too, or leave it out.")
        : InputObject is { } entry ? reader.TableBelow(entry)
        : Address is { } address ? reader.TableOf(address, Level)
        : reader.RootTable();

    private void Refuse(string id, string message) =>
        ThrowTerminatingError(ErrorRecords.From(new ElfMmuException(id, ErrorKind.InvalidArgument, message), null));
}
