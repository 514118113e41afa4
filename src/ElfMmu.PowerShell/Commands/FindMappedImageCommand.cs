using System.Management.Automation;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Finds the executables in address spaces.</summary>
[Cmdlet(VerbsCommon.Find, "MappedImage", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(MappedImage))]
public sealed class FindMappedImageCommand : RangeCommand
{
    private readonly HashSet<SpaceMap> _told = new(ReferenceEqualityComparer.Instance);

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
    protected override void ProcessRecord() => ForEachRange(Find);

    private void Find(AddressSpace space, Interval range)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, Cancellation);
        var options = new ImageSearchOptions
        {
            Kind = Kind,
            Privilege = Privilege,
            MinimumAddress = Math.Max(space.Untag(MinimumAddress ?? 0), range.Start),
            MaximumAddress = Math.Min(space.Untag(MaximumAddress ?? ulong.MaxValue), range.Last),
            IncludeHeaders = All,
        };
        ImageSearch search = ImageFinder.Find(space, options, Cancellation);
        var opener = new SpaceOpener(this);
        if (_told.Add(map))
        {
            opener.Tell([map.Remark], map.Warnings);
        }

        opener.Tell([search.Remark], search.Warnings);

        foreach (MappedImage image in search.Images)
        {
            WriteObject(image);
        }
    }
}
