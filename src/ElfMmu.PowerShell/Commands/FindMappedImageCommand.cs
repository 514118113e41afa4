using System.Management.Automation;
using ElfMmu.Images;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Finds the executables in address spaces.</summary>
[Cmdlet(VerbsCommon.Find, "MappedImage", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(MappedImage))]
public sealed class FindMappedImageCommand : SpaceCommand
{
    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>Search every address space that a search for roots finds.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter AllRoots { get; set; }

    /// <summary>The format wanted.</summary>
    [Parameter]
    public ImageKind? Kind { get; set; }

    /// <summary>The privilege that must have any right to an image's first page.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The lowest address an image may start at.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MinimumAddress { get; set; }

    /// <summary>The highest address an image may start at.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MaximumAddress { get; set; }

    /// <summary>Emit images too of which there is only a header.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachSpace(Find);

    private void Find(AddressSpace space)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, Cancellation);
        var options = new ImageSearchOptions
        {
            Kind = Kind,
            Privilege = Privilege,
            MinimumAddress = MinimumAddress ?? 0,
            MaximumAddress = MaximumAddress ?? ulong.MaxValue,
            IncludeHeaders = All,
        };
        ImageSearch search = ImageFinder.Find(space, options, Cancellation);
        WriteVerbose(map.Remark);
        WriteVerbose(search.Remark);
        foreach (string warning in map.Warnings.Concat(search.Warnings))
        {
            WriteWarning(warning);
        }

        foreach (MappedImage image in search.Images)
        {
            WriteObject(image);
        }
    }
}
