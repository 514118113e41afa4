using ElfMmu.Cli.Output;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of an address and what it leads to.</summary>
internal static class ResolveReport
{
    public static Columns<ResolvedAddress> Columns { get; } = new()
    {
        { "VirtualAddress", "VirtualAddress", a => new Hex(a.VirtualAddress) },
        { "Status", "Status", a => a.Status.ToString() },
        { "PhysicalAddress", "PhysicalAddress", a => Hex.Of(a.PhysicalAddress) },
        { "FileOffset", "FileOffset", a => Hex.Of(a.FileOffset) },
        { "File", null, a => a.File },
        { "PageSize", "PageSize", a => Size.Of(a.PageSize), a => a.PageSize is { } size ? ByteSize.Exact(size) : "" },
        { "Level", null, a => a.Level },
        { "SupervisorRights", "Supervisor", a => a.SupervisorRights },
        { "UserRights", "User", a => a.UserRights },
        { "Kind", "Kind", a => a.Kind?.ToString() },
        { "Root", null, a => new Hex(a.Root) },
    };
}
