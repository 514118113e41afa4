using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Hashing;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Reads the hash tables of dynamic symbols of ELF files, and looks every symbol up in them.</summary>
[Cmdlet(VerbsCommon.Get, "ElfHashTable", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfHashTable))]
public sealed class GetElfHashTableCommand : ElfCommand
{
    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        foreach (ElfHashTable table in ElfHashTables.Of(file))
        {
            Cancellation.ThrowIfCancellationRequested();
            foreach (ElfDiagnostic problem in table.Problems)
            {
                WriteWarning($"{file.Source.Path}: {problem.Message}");
            }

            WriteObject(table);
        }
    }
}
