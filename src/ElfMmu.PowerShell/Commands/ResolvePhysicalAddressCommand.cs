using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Finds the virtual addresses that lead to physical addresses, or to offsets in a dump's file.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "PhysicalAddress", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(ResolvedAddress))]
public sealed class ResolvePhysicalAddressCommand : AddressCommand
{
    private const string Advice = "Where its virtual address is mapped, Resolve-VirtualAddress gives the physical one.";

    // All spaces of the dumps of spaces that came down the pipeline, where these are asked for.
    private readonly Dictionary<DumpIdentity, SpaceSource> _all = [];
    private readonly HashSet<SpaceMap> _told = new(ReferenceEqualityComparer.Instance);

    /// <summary>The physical addresses.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PhysicalAddress")]
    [AddressArgumentTransformation(IsOptional = true)]
    public AddressArgument[]? Address { get; set; }

    /// <summary>Offsets in the dump's file instead.</summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNullOrEmpty]
    public ulong[]? FileOffset { get; set; }

    /// <summary>The file the offsets are in, where a machine's memory is in several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? File { get; set; }

    /// <summary>Look in every address space that a search finds.</summary>
    [Parameter]
    public SwitchParameter AllRoots { get; set; }

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    private protected override AddressArgument[]? Addresses => Address;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        CheckDump();
        if ((Address == null) == (FileOffset == null))
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ElfMmuException(
                    "AddressRequired",
                    ErrorKind.InvalidArgument,
                    Address == null
                        ? "There is nothing to resolve. Give physical addresses by -Address or in the pipeline, or offsets in the dump's file "
                            + "by -FileOffset."
                        : "Physical addresses are given and offsets in a file as well. Give one or the other."),
                null));
        }

        ulong[] wanted = Address == null ? FileOffset! : Chosen(Address);
        if (wanted.Length == 0)
        {
            return;
        }

        bool[] found = new bool[wanted.Length];
        bool any = false;
        ForEachSpace(space =>
        {
            any = true;
            if (AllRoots && HasSpace)
            {
                InAllSpaces(space.Identity.Dump, one => Resolve(one, wanted, found));
            }
            else
            {
                Resolve(space, wanted, found);
            }
        });

        // Of an address that could be looked for, nothing is an answer.
        for (int i = 0; i < wanted.Length && any; i++)
        {
            if (!found[i])
            {
                WriteVerbose(FileOffset == null
                    ? $"No virtual address leads to physical address 0x{wanted[i]:x}."
                    : $"No virtual address leads to the byte at offset 0x{wanted[i]:x} of the file.");
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (SpaceSource source in _all.Values)
        {
            source.Dispose();
        }

        _all.Clear();
        base.Dispose(disposing);
    }

    private ulong[] Chosen(AddressArgument[] arguments)
    {
        var addresses = new List<ulong>(arguments.Length);
        foreach (AddressArgument argument in arguments)
        {
            Try(argument, () => addresses.Add(argument.Choose(isPhysical: true, Advice)));
        }

        return [.. addresses];
    }

    private void InAllSpaces(DumpIdentity dump, Action<AddressSpace> work)
    {
        var opener = new SpaceOpener(this);
        if (!_all.TryGetValue(dump, out SpaceSource? source))
        {
            source = opener.Choose(dump.Reopen(Cancellation), new SpaceRequest(), all: true, Cancellation);
            _all.Add(dump, source);
        }

        foreach (SpaceRequest request in source.Requests)
        {
            Try(dump, () => work(source.OpenSpace(request, Cancellation)));
        }
    }

    private void Resolve(AddressSpace space, ulong[] wanted, bool[] found)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, Cancellation);
        Tell(map);
        var index = new PhysicalIndex(map);
        for (int i = 0; i < wanted.Length; i++)
        {
            foreach (ulong physical in FileOffset == null ? [wanted[i]] : space.Dump.AddressesAt(wanted[i], FileName()))
            {
                foreach (PhysicalMatch match in index.Find(physical))
                {
                    Cancellation.ThrowIfCancellationRequested();
                    found[i] = true;
                    WriteObject(match.ToResolved(space.Dump));
                }
            }
        }
    }

    /// <summary>The file's full path, or its name if that is all there is; null for none.</summary>
    private string? FileName() => File == null || Path.GetFileName(File) == File ? File : ResolveFile(File);

    private void Tell(SpaceMap map)
    {
        if (!_told.Add(map))
        {
            return;
        }

        WriteVerbose(map.Remark);
        foreach (string warning in map.Warnings)
        {
            WriteWarning(warning);
        }
    }
}
