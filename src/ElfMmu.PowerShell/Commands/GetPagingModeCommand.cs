using System.Management.Automation;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the paging modes.</summary>
[Cmdlet(VerbsCommon.Get, "PagingMode", DefaultParameterSetName = "Name")]
[OutputType(typeof(PagingMode))]
public sealed class GetPagingModeCommand : CancellableCmdlet
{
    /// <summary>Names or aliases; wildcards are expanded.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Alias("Mode")]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The architecture.</summary>
    [Parameter]
    public Architecture[]? Architecture { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            Try(name, () => Emit(name));
        }
    }

    private void Emit(string name)
    {
        bool isPattern = WildcardPattern.ContainsWildcardCharacters(name);
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        IEnumerable<PagingMode> modes = isPattern ? PagingModes.All.Where(m => pattern.IsMatch(m.Name)) : PagingModes.Named(name);
        if (!isPattern && !modes.Any())
        {
            throw PagingModes.Unknown(name);
        }

        WriteObject(modes.Where(m => Architecture == null || Architecture.Contains(m.Architecture)), enumerateCollection: true);
    }
}
