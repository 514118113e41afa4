using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Reads the headers of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfHeader", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfHeader))]
public sealed class GetElfHeaderCommand : CancellableCmdlet
{
    /// <summary>The files; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files; nothing is expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == "LiteralPath";
        foreach (string file in ResolveFiles(literal ? LiteralPath : Path, literal))
        {
            Try(file, () => Read(file));
        }
    }

    private void Read(string file)
    {
        using var input = new ElfFileInput(file);
        ElfHeader header = ElfReader.Open(input).Header;
        foreach (string warning in header.Warnings)
        {
            WriteWarning($"{file}: {warning}");
        }

        PSObject result = PSObject.AsPSObject(header);
        result.Properties.Add(new PSNoteProperty("Path", file));
        WriteObject(result);
    }
}
