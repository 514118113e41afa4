using ElfMmu.Cli.Output;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of a difference between two address spaces.</summary>
internal static class DiffReport
{
    /// <summary>The facts; where the sides come from is said in every row, so that one diff can be told from another.</summary>
    public static Columns<(MappingChange Change, DiffSide Before, DiffSide After)> Columns { get; } = new()
    {
        { "VirtualAddress", "VirtualAddress", r => new Hex(r.Change.VirtualAddress) },
        { "EndAddress", null, r => new Hex(r.Change.EndAddress) },
        { "Size", "Size", r => new Size(r.Change.Size), r => ByteSize.Exact(r.Change.Size) },
        { "Change", "Change", r => r.Change.Change.ToString() },
        { "SideIndicator", null, r => r.Change.SideIndicator },
        { "BeforePhysicalAddress", "Before", r => Hex.Of(r.Change.BeforePhysicalAddress) },
        { "AfterPhysicalAddress", "After", r => Hex.Of(r.Change.AfterPhysicalAddress) },
        {
            "BeforeSupervisorRights", "Supervisor", r => r.Change.BeforeSupervisorRights,
            r => Both(r.Change.BeforeSupervisorRights, r.Change.AfterSupervisorRights)
        },
        { "AfterSupervisorRights", null, r => r.Change.AfterSupervisorRights },
        { "BeforeUserRights", "User", r => r.Change.BeforeUserRights, r => Both(r.Change.BeforeUserRights, r.Change.AfterUserRights) },
        { "AfterUserRights", null, r => r.Change.AfterUserRights },
        { "BeforePageSize", null, r => Size.Of(r.Change.BeforePageSize) },
        { "AfterPageSize", null, r => Size.Of(r.Change.AfterPageSize) },
        { "BeforeRoot", null, r => new Hex(r.Before.Root) },
        { "AfterRoot", null, r => new Hex(r.After.Root) },
        { "BeforeDump", null, r => r.Before.Path },
        { "AfterDump", null, r => r.After.Path },
    };

    private static string Both(string? before, string? after) =>
        before == null || after == null || before == after ? before ?? after ?? "" : $"{before} > {after}";
}
