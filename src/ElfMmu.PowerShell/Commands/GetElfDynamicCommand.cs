using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the entries of the dynamic section of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfDynamic", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfDynamicEntry))]
public sealed class GetElfDynamicCommand : ElfCommand
{
    private Func<uint, string, bool>? _tag;

    /// <summary>The tags wanted: names with or without DT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DynamicTagCompleter))]
    public string[]? Tag { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _tag = Tag == null ? null : ElfFilter.Types(Tag, "DT_");
    }

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        foreach (ElfDynamicEntry entry in ElfDynamicTable.Of(file)?.Entries ?? [])
        {
            Cancellation.ThrowIfCancellationRequested();
            if (_tag == null || _tag((uint)Math.Min(entry.Tag, uint.MaxValue), entry.TagName))
            {
                WriteObject(entry);
            }
        }
    }
}
