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
    [OpenedDumpTransformation]
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
            bool wasClosed = dump.IsClosed;
            dump.Dispose();
            WriteVerbose(wasClosed ? $"'{dump}' was closed already." : $"Closed '{dump}'.");
        }

        if (All)
        {
            IReadOnlyList<OpenedDump> closed = SessionDumps.CloseAll();
            foreach (OpenedDump dump in closed)
            {
                WriteVerbose($"Closed '{dump}'.");
            }

            if (closed.Count == 0)
            {
                WriteVerbose("No dump of this session was open.");
            }
        }
    }
}
