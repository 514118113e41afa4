using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Inspection;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Says what dumps are and what they know of their machines.</summary>
[Cmdlet(VerbsCommon.Get, "MemoryDump", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(MemoryDumpInfo))]
public sealed class GetMemoryDumpCommand : DumpCommand
{
    private readonly DumpInspector _inspector = new();

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or objects that came out of dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>A machine description beside the dump.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public override string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public override ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public override SwitchParameter ZeroFill { get; set; }

    /// <summary>Calculate the SHA-256 of the files.</summary>
    [Parameter]
    public SwitchParameter Hash { get; set; }

    /// <inheritdoc/>
    protected override int MostOpen => 1;

    /// <summary>Folders that nobody named themselves are passed over: what Get-ChildItem lists has them among the files.</summary>
    private protected override bool SkipsFolders => true;

    /// <summary>What isn't a dump is an error, and nothing more.</summary>
    private protected override bool TellsOpening => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachDump(dump =>
    {
        MemoryDumpInfo info = _inspector.Inspect(dump, Hash ? HashOf : null);
        new SpaceOpener(this).Tell(info.Remarks, info.Warnings);
        WriteObject(info);
    });

    private string HashOf(string path)
    {
        using var progress = new ByteProgress(this, $"Hashing {path}");
        return FileHash.Sha256(path, progress.Report, Cancellation);
    }
}
