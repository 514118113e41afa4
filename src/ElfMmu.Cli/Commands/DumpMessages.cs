using ElfMmu.Cli.Output;
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
        foreach (string remark in dump.Remarks)
        {
            terminal.Remark(remark);
        }

        foreach (string warning in dump.Warnings)
        {
            terminal.Warn(warning);
        }
    }

    /// <summary>Says what a walk came across, above all what it couldn't see.</summary>
    public static void About(this Terminal terminal, WalkSummary walk, AddressSpace space)
    {
        string of = $"of root {new Hex(space.Identity.Root)} in '{space.Dump.Identity.Path}'";
        if (walk.AbsentTables > 0)
        {
            terminal.Warn($"{walk.AbsentTables} page tables {of} aren't in the dump (the first at physical "
                + $"{new Hex(walk.FirstAbsentTable ?? 0)}); what they map is missing.");
        }

        if (walk.SkippedTables > 0)
        {
            terminal.Warn($"{walk.SkippedTables} shared page tables {of} were left out because they turn up too often (the first "
                + $"at virtual {new Hex(walk.FirstSkippedAddress ?? 0)}); what they map there is missing.");
        }

        terminal.Remark($"Walked {walk.Tables} tables with {walk.Leaves} leaves {of}; {walk.ReservedEntries} entries have "
            + "reserved bits set" + (walk.Stopped ? "; stopped before the end." : "."));
    }
}
