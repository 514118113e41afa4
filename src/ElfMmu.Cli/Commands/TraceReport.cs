using ElfMmu.Cli.Output;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of a step on the way of an address through the tables.</summary>
internal static class TraceReport
{
    /// <summary>The facts; of an address that the mode doesn't translate there is no entry, and its kind is what became of it.</summary>
    public static Columns<(ResolvedAddress Address, PageTableEntry? Entry)> Columns { get; } = new()
    {
        { "Address", null, s => new Hex(s.Address.VirtualAddress) },
        { "Stage", null, s => s.Entry?.Stage },
        { "LevelName", "Entry", s => s.Entry?.LevelName },
        { "Level", null, s => s.Entry?.Level },
        { "Table", null, s => Hex.Of(s.Entry?.Table) },
        { "Index", "Index", s => s.Entry?.Index },
        { "EntryAddress", "EntryAddress", s => Hex.Of(s.Entry?.EntryAddress) },
        { "Value", "Value", s => Hex.Of(s.Entry?.Value) },
        { "Kind", "Kind", s => s.Entry?.Kind.ToString() ?? s.Address.Status.ToString() },
        { "Target", "Target", s => Hex.Of(s.Entry?.Target) },
        { "VirtualAddress", null, s => Hex.Of(s.Entry?.VirtualAddress) },
        { "Size", null, s => Size.Of(s.Entry?.Size) },
        { "PageSize", null, s => Size.Of(s.Entry?.PageSize) },
        { "SupervisorRights", "Supervisor", s => s.Entry?.SupervisorRights },
        { "UserRights", "User", s => s.Entry?.UserRights },
        { "Flags", "Flags", s => s.Entry?.Flags },
        { "Cacheability", null, s => s.Entry?.Cacheability },
        { "FileOffset", null, s => Hex.Of(s.Entry?.FileOffset) },
        { "File", null, s => s.Entry?.File },
        { "Root", null, s => new Hex(s.Address.Root) },
    };
}
