using ElfMmu.Cli.Output;
using ElfMmu.Inspection;

namespace ElfMmu.Cli.Commands;

/// <summary>Writes what dumps are: one for people fact by fact, several of them a row each; programs get rows in CSV, and everything in JSON.</summary>
internal sealed class InfoWriter
{
    private readonly ReportWriter? _reports;
    private readonly RowWriter<MemoryDumpInfo>? _rows;
    private readonly bool _registers;

    /// <summary>Makes the writer.</summary>
    /// <param name="format">The format.</param>
    /// <param name="several">Whether several dumps will come.</param>
    /// <param name="hashes">Whether hashes were asked for.</param>
    /// <param name="terminal">Where to.</param>
    public InfoWriter(OutputFormat format, bool several, bool hashes, Terminal terminal)
    {
        _registers = terminal.Verbosity == Verbosity.Verbose;
        if (format == OutputFormat.Csv || (format == OutputFormat.Table && several))
        {
            _rows = new RowWriter<MemoryDumpInfo>(format, terminal.Output, InfoReport.Columns(hashes));
        }
        else
        {
            _reports = ReportWriter.Create(format, terminal.Output, list: true);
        }
    }

    /// <summary>Writes one.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="info">What it is.</param>
    public void Write(string path, MemoryDumpInfo info)
    {
        _rows?.Write(path, null, info);
        _reports?.Write(InfoReport.Of(info, _registers));
    }

    /// <summary>Ends the whole output.</summary>
    public void End()
    {
        _rows?.End();
        _reports?.End();
    }
}
