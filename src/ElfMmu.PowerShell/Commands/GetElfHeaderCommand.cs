using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Reads the headers of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfHeader", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfHeader))]
public sealed class GetElfHeaderCommand : ElfCommand
{
    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source) => WriteObject(file.Header);
}
