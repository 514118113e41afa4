using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Checking;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Looks for what contradicts itself in ELF files.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ElfFile", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfFinding), typeof(bool))]
public sealed class TestElfFileCommand : ElfCommand
{
    /// <summary>Say of each file only whether nothing is wrong with it.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override bool WarnsOfDiagnostics => false;

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        IReadOnlyList<ElfFinding> findings = ElfChecks.Run(file, Cancellation);
        if (Quiet)
        {
            WriteObject(findings.Count == 0);
            return;
        }

        foreach (ElfFinding finding in findings)
        {
            WriteObject(finding);
        }
    }
}
