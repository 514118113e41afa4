using System.Globalization;
using ElfMmu.Cli.Output;
using ElfMmu.Searching;

namespace ElfMmu.Cli.Commands;

/// <summary>What programs are told of a hit.</summary>
internal static class SearchReport
{
    public static Columns<SearchHit> Columns { get; } = new()
    {
        { "VirtualAddress", null, h => Hex.Of(h.VirtualAddress) },
        { "PhysicalAddress", null, h => new Hex(h.PhysicalAddress) },
        { "Length", null, h => h.Length },
        { "Pattern", null, h => h.Pattern },
        { "SupervisorRights", null, h => h.SupervisorRights },
        { "UserRights", null, h => h.UserRights },
        { "PageSize", null, h => Size.Of(h.PageSize) },
        { "File", null, h => h.File },
        { "FileOffset", null, h => new Hex(h.FileOffset) },
        { "Bytes", null, h => Convert.ToHexStringLower(h.Bytes) },
        { "ContextBefore", null, h => Context(h.ContextBefore) },
        { "ContextAfter", null, h => Context(h.ContextAfter) },
        { "Root", null, h => Hex.Of(h.Root) },
    };

    /// <summary>Bytes in hexadecimal, <c>..</c> for each that isn't there.</summary>
    private static string Context(IEnumerable<byte?> bytes) =>
        string.Concat(bytes.Select(b => b?.ToString("x2", CultureInfo.InvariantCulture) ?? ".."));
}
