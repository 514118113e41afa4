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
        PageSize = QemuWalk.Hex(log.Select(l => PageSizeText().Match(l)).First(m => m.Success).Groups[1].Value);
        Regions = [.. log.Select(l => RegionLine().Match(l)).Where(m => m.Success).Select(m => new GuestRegion(
            int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture),
            QemuWalk.Hex(m.Groups[2].Value),
            QemuWalk.Hex(m.Groups[3].Value),
            m.Groups[4].Value,
            QemuWalk.Hex(m.Groups[5].Value),
            QemuWalk.Hex(m.Groups[6].Value),
            m.Groups[7].Value,
            PageSize))];
        Dictionary<string, int> ids = log.Select(l => ProcessLine().Match(l)).Where(m => m.Success)
            .ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        PageMap = [.. log.Where(l => l.StartsWith("PM ", StringComparison.Ordinal)).Select(l => l.Split(' ')).Select(p => (
            ids[p[1]], QemuWalk.Hex(p[2]), ulong.Parse(p[3], CultureInfo.InvariantCulture), QemuWalk.Hex(p[4])))];
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json")));
        Roots = meta.RootElement.GetProperty("roots").EnumerateObject().ToDictionary(
            r => int.Parse(r.Name, CultureInfo.InvariantCulture), r => Numbers(r.Value));
        Registers = Numbers(meta.RootElement.GetProperty("regs"));
        string tlb = Path.Combine(folder, "info_tlb.txt");
        HasNoExecute = !File.Exists(tlb)
            || File.ReadLines(tlb).Select(l => l.Split(' ')[2]).Any(flags => flags[0] == 'X' && flags[7] == 'U');
        Name = Path.GetFileName(folder);
    }

    public string Folder { get; }

    public GuestRegion[] Regions { get; }

    /// <summary>Runs of the kernel's pagemap: process, first address, count of pages, first frame.</summary>
    public (int Id, ulong Address, ulong Pages, ulong Frame)[] PageMap { get; }

    /// <summary>The size of the kernel's pages in bytes; frames are counted in it.</summary>
    public ulong PageSize { get; }

    /// <summary>The registers that name each process's space.</summary>
    public IReadOnlyDictionary<int, RegisterSet> Roots { get; }

    public RegisterSet Registers { get; }

    public string Name { get; }

    /// <summary>
    /// Whether the kernel marks user pages that aren't to be executed. x86's 32-bit paging has no bit for it, and the PAE guest sets it
    /// in pages of the kernel only: QEMU's walk shows no user page with it.
    /// </summary>
    public bool HasNoExecute { get; }

    /// <summary>
    /// The rights the processor gives user mode to a page; null where nothing is mapped. RISC-V alone has pages that can be run
    /// and not read.
    /// </summary>
    public Rights? RightsOf(GuestRegion region, ulong page)
    {
        Rights? asked = region.RightsOf(page);
        bool riscV = Name.Contains("riscv", StringComparison.Ordinal);
        return asked == null || riscV ? asked : asked | Rights.Read | (HasNoExecute ? Rights.None : Rights.Execute);
    }

    public static LinuxGuest Load(string name) => new(BigDumps.Folder(name));

    private static RegisterSet Numbers(JsonElement values) => new(values.EnumerateObject()
        .Where(v => v.Value.ValueKind == JsonValueKind.Number && v.Value.TryGetUInt64(out _))
        .Select(v => KeyValuePair.Create(v.Name, v.Value.GetUInt64())));

    [GeneratedRegex(@"pagesize=(\w+)")]
    private static partial Regex PageSizeText();

    [GeneratedRegex(@"^REGION id=(\d+) idx=\d+ va=(\w+) len=(\w+) prot=(\S+) tag=(\w+) tagva=(\w+) kind=(\S+)")]
    private static partial Regex RegionLine();

    [GeneratedRegex(@"^(?:PATTERN|WORKER) id=(\d+) pid=(\d+)")]
    private static partial Regex ProcessLine();
}
