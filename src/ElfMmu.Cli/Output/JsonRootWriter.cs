using ElfMmu.Discovery;

namespace ElfMmu.Cli.Output;

/// <summary>Writes roots as one JSON array, with everything that is known of them.</summary>
internal sealed class JsonRootWriter(Utf8Output output, bool several) : RootWriter
{
    private readonly JsonReportWriter _items = new(output, list: true);

    /// <inheritdoc/>
    public override void Write(string path, IReadOnlyList<PageTableRoot> roots)
    {
        foreach (PageTableRoot root in roots)
        {
            var registers = new Report();
            foreach ((string name, ulong value) in root.Registers.OrderBy(r => r.Key, StringComparer.Ordinal))
            {
                registers.Add(name, null, new Hex(value));
            }

            var item = new Report();
            if (several)
            {
                item.Add("dump", null, path);
            }

            _items.Write(item
                .Add("root", null, new Hex(root.Root))
                .Add("mode", null, root.Mode.Name)
                .Add("ramBase", null, new Hex(root.RamBase))
                .Add("score", null, Math.Round(root.Score, 3))
                .Add("state", null, root.State.ToString())
                .Add("tables", null, root.Tables)
                .Add("userBytes", null, root.UserBytes)
                .Add("supervisorBytes", null, root.SupervisorBytes)
                .Add("upperHalf", null, root.IsUpperHalf)
                .Add("root1", null, root.Root1 is { } second ? new Hex(second) : null)
                .Add("registers", null, registers)
                .Add("reasons", null, root.Reasons)
                .Add("doubts", null, root.Doubts));
        }
    }

    /// <inheritdoc/>
    public override void End() => _items.End();
}
