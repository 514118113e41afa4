using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the texts in the sections of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfString", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfString))]
public sealed class GetElfStringCommand : ElfCommand
{
    private ElfStringOptions _options = new();

    /// <summary>The names of the sections to look through; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Section { get; set; }

    /// <summary>The fewest characters.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MinimumLength { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        WildcardPattern[]? names = Section == null ? null : ElfFilter.Names(Section);
        _options = new ElfStringOptions
        {
            Wanted = names == null ? null : s => Array.Exists(names, n => n.IsMatch(s.Name)),
            MinimumLength = MinimumLength,
        };
    }

    /// <inheritdoc/>
    protected override bool Narrows(IElfSource source) => source is ElfSection;

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        ElfStringOptions options = source is ElfSection one
            ? _options with { Wanted = s => s.Index == one.Index && (_options.Wanted?.Invoke(s) ?? true) }
            : _options;
        foreach (ElfString text in ElfStringSearch.Find(file, options, Cancellation))
        {
            Cancellation.ThrowIfCancellationRequested();
            WriteObject(text);
        }
    }
}
