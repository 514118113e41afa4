using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ElfMmu.Tests.Support;

/// <summary>What a Linux guest said of itself before it was dumped.</summary>
internal sealed partial class LinuxGuest
{
    private LinuxGuest(string folder)
    {
        Folder = folder;
        string[] log = [.. File.ReadLines(Path.Combine(folder, "serial.log")).Select(l => l.TrimEnd())];
        Regions = [.. log.Select(l => RegionLine().Match(l)).Where(m => m.Success).Select(m => new GuestRegion(
            int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture),
            QemuWalk.Hex(m.Groups[2].Value),
            QemuWalk.Hex(m.Groups[3].Value),
            m.Groups[4].Value,
            QemuWalk.Hex(m.Groups[5].Value),
            QemuWalk.Hex(m.Groups[6].Value),
            m.Groups[7].Value))];
        Dictionary<string, int> ids = log.Select(l => ProcessLine().Match(l)).Where(m => m.Success)
            .ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        PageMap = [.. log.Where(l => l.StartsWith("PM ", StringComparison.Ordinal)).Select(l => l.Split(' ')).Select(p => (
            ids[p[1]], QemuWalk.Hex(p[2]), ulong.Parse(p[3], CultureInfo.InvariantCulture), QemuWalk.Hex(p[4])))];
        HasNoExecute = File.ReadLines(Path.Combine(folder, "info_tlb.txt"))
            .Select(l => l.Split(' ')[2]).Any(flags => flags[0] == 'X' && flags[7] == 'U');
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json")));
        Roots = meta.RootElement.GetProperty("roots").EnumerateObject().ToDictionary(
            r => int.Parse(r.Name, CultureInfo.InvariantCulture), r => r.Value.GetProperty("cr3").GetUInt64());
        Registers = meta.RootElement.GetProperty("regs").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetUInt64());
    }

    public string Folder { get; }

    public GuestRegion[] Regions { get; }

    /// <summary>Runs of the kernel's pagemap: process, first address, count of pages, first frame.</summary>
    public (int Id, ulong Address, ulong Pages, ulong Frame)[] PageMap { get; }

    public IReadOnlyDictionary<int, ulong> Roots { get; }

    public IReadOnlyDictionary<string, ulong> Registers { get; }

    /// <summary>
    /// Whether the kernel marks user pages that aren't to be executed. 32-bit paging has no bit for it, and the PAE guest sets it
    /// in pages of the kernel only: QEMU's walk shows no user page with it.
    /// </summary>
    public bool HasNoExecute { get; }

    public static LinuxGuest Load(string name) => new(BigDumps.Folder(name));

    [GeneratedRegex(@"^REGION id=(\d+) idx=\d+ va=(\w+) len=(\w+) prot=(\S+) tag=(\w+) tagva=(\w+) kind=(\S+)")]
    private static partial Regex RegionLine();

    [GeneratedRegex(@"^(?:PATTERN|WORKER) id=(\d+) pid=(\d+)")]
    private static partial Regex ProcessLine();
}
