using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Closes dumps that are kept open.</summary>
[Cmdlet(VerbsCommon.Close, "MemoryDump", DefaultParameterSetName = "Dump")]
[OutputType(typeof(void))]
public sealed class CloseMemoryDumpCommand : CancellableCmdlet
{
    /// <summary>The dumps to close.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Dump")]
    [ValidateNotNullOrEmpty]
    public OpenedDump[] Dump { get; set; } = [];

    /// <summary>Close every dump that was opened in this session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "All")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (OpenedDump dump in Dump)
        {
            dump.Dispose();
        }

        if (All)
        {
            SessionDumps.CloseAll();
        }
    }
}
