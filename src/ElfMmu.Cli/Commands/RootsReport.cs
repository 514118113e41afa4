using System.Globalization;
using ElfMmu.Cli.Output;
using ElfMmu.Discovery;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of a root that was found. For people, what speaks against one stands behind what speaks for it.</summary>
internal static class RootsReport
{
    public static Columns<PageTableRoot> Columns { get; } = new()
    {
        { "Root", "Root", r => new Hex(r.Root) },
        { "Mode", "Mode", r => r.Mode.Name },
        { "RamBase", "RamBase", r => new Hex(r.RamBase) },
        { "Score", "Score", r => Math.Round(r.Score, 3), r => r.Score.ToString("0.00", CultureInfo.InvariantCulture) },
        { "State", "State", r => r.State.ToString() },
        { "Tables", "Tables", r => r.Tables },
        { "UserBytes", "User", r => r.UserBytes, r => ByteSize.Rounded(r.UserBytes) },
        { "SupervisorBytes", "Supervisor", r => r.SupervisorBytes, r => ByteSize.Rounded(r.SupervisorBytes) },
        { "IsUpperHalf", null, r => r.IsUpperHalf },
        { "Root1", null, r => Hex.Of(r.Root1) },
        { "Registers", Registers },
        {
            "Reasons", "Reasons", r => r.Reasons,
            r => string.Join("; ", r.Reasons) + (r.Doubts.Count == 0 ? "" : $" (doubtful: {string.Join("; ", r.Doubts)})")
        },
        { "Doubts", null, r => r.Doubts },
    };

    private static Report Registers(PageTableRoot root)
    {
        var registers = new Report();
        foreach ((string name, ulong value) in root.Registers.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            registers.Add(name, null, new Hex(value));
        }

        return registers;
    }
}
