using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Opens dumps and keeps them open.</summary>
[Cmdlet(VerbsCommon.Open, "MemoryDump", DefaultParameterSetName = "Path")]
[OutputType(typeof(OpenedDump))]
public sealed class OpenMemoryDumpCommand : CancellableCmdlet, IDumpParameters
{
    /// <summary>The dumps; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [Alias("Dump")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The dumps; nothing is expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A machine description beside the dump.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public SwitchParameter ZeroFill { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == "LiteralPath";
        foreach (string file in ResolveFiles(literal ? LiteralPath : Path, literal))
        {
            Try(file, () => Open(file));
        }
    }

    private void Open(string file)
    {
        OpenedDump dump = this.OpenKeptDump(file, OptionsOf(this), Cancellation);
        SessionDumps.Add(dump);
        try
        {
            new SpaceOpener(this).Tell(dump.Remarks, dump.Warnings);
        }
        catch
        {
            // Writing throws when the pipeline is being stopped. Once the dump is written, it is somebody else's.
            dump.Dispose();
            throw;
        }

        WriteObject(dump);
    }
}
