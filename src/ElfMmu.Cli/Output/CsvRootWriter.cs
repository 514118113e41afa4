using ElfMmu.Discovery;

namespace ElfMmu.Cli.Output;

/// <summary>Writes roots as comma-separated values.</summary>
internal sealed class CsvRootWriter : RootWriter
{
    private readonly CsvReportWriter _rows;

    private readonly bool _several;

    public CsvRootWriter(Utf8Output output, bool several)
    {
        _several = several;

        // The heading stands there even if nothing is found.
        output.Write(several ? "Dump,"u8 : ""u8);
        output.Write("Root,Mode,RamBase,Score,Tables,UserBytes,SupervisorBytes,Reasons\n"u8);
        _rows = new CsvReportWriter(output, heading: false);
    }

    /// <inheritdoc/>
    public override void Write(string path, IReadOnlyList<PageTableRoot> roots)
    {
        foreach (PageTableRoot root in roots)
        {
            var row = new Report();
            if (_several)
            {
                row.Add("dump", null, path);
            }

            _rows.Write(row
                .Add("root", null, new Hex(root.Root))
                .Add("mode", null, root.Mode.Name)
                .Add("ramBase", null, new Hex(root.RamBase))
                .Add("score", null, RootFilter.Format(root.Score))
                .Add("tables", null, root.Tables)
                .Add("userBytes", null, root.UserBytes)
                .Add("supervisorBytes", null, root.SupervisorBytes)
                .Add("reasons", null, root.Reasons));
        }
    }
}
