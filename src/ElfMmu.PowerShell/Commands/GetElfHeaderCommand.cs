using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Details;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Reads the headers of ELF files, and says what they are.</summary>
[Cmdlet(VerbsCommon.Get, "ElfHeader", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfHeader), typeof(ElfDetails))]
public sealed class GetElfHeaderCommand : ElfCommand
{
    /// <summary>Emit what the file is, by its segments, sections, dynamic section and notes too.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source) => WriteObject(Detailed ? ElfDetails.Of(file) : file.Header);
}
