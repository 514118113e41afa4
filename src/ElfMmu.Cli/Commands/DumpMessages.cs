using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>What opening and walking a dump has to say beside its results.</summary>
internal static class DumpMessages
{
    /// <summary>Says what was chosen and what is doubtful about an opened dump.</summary>
    public static void About(this Terminal terminal, MemoryDump dump)
    {
        terminal.Damage.Add(dump);
        terminal.About(dump.Remarks, dump.Warnings);
    }

    /// <summary>Says what was chosen and what is doubtful.</summary>
    public static void About(this Terminal terminal, IEnumerable<string> remarks, IEnumerable<string> warnings)
    {
        foreach (string remark in remarks)
        {
            terminal.Remark(remark);
        }

        foreach (string warning in warnings)
        {
            terminal.Warn(warning);
        }
    }

    /// <summary>Says what a walk came across, above all what it couldn't see.</summary>
    public static void About(this Terminal terminal, WalkSummary walk, WalkRequest request, AddressSpace space)
    {
        foreach (string warning in space.Warnings(walk, request))
        {
            terminal.Warn(warning);
        }

        terminal.Remark(space.Remark(walk));
    }
}
