using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the segments of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfSegment", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfSegment))]
public sealed class GetElfSegmentCommand : ElfCommand
{
    private Func<uint, string, bool>? _type;

    /// <summary>The types wanted: names with or without PT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SegmentTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>Addresses of which the segments wanted hold at least one.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong[]? Address { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _type = Type == null ? null : ElfFilter.Types<ElfSegmentType>(Type, "PT_");
    }

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        foreach (ElfSegment segment in ElfSegments.Read(file))
        {
            Cancellation.ThrowIfCancellationRequested();
            if ((_type == null || _type((uint)segment.Type, segment.TypeName)) && (Address == null || Array.Exists(Address, segment.Contains)))
            {
                WriteObject(segment);
            }
        }
    }
}
