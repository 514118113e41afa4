using System.Globalization;
using System.Text.Json;
using ElfMmu.Discovery;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Discovery;

/// <summary>
/// Which roots a dump has, as tests/discovery/truth.py found them without the engine: from the registers, the kernel's symbols and
/// its own records of its processes.
/// </summary>
/// <param name="Mode">The paging mode.</param>
/// <param name="RamBase">The physical address of the image's first byte.</param>
/// <param name="Kinds">What stands at each root's address.</param>
internal sealed record RootTruth(string Mode, ulong RamBase, IReadOnlyDictionary<ulong, string> Kinds)
{
    /// <summary>What was in use once.</summary>
    private static readonly string[] LeftOver = ["boot", "freed"];

    /// <summary>What maps the kernel and nothing else.</summary>
    private static readonly string[] OfTheKernel = ["kernel", "upper", "poking", "trampoline", "idmap", "initial"];

    private static readonly Lazy<Dictionary<string, RootTruth>> Shared =
        new(() => Read(Path.Combine(TestData.Folder, "roots.json")));

    /// <summary>The roots that were read from a register, or that the design names.</summary>
    public IEnumerable<ulong> Sampled => Kinds.Where(k => k.Value == "sampled").Select(k => k.Key);

    /// <summary>The truth about one of the shared dumps.</summary>
    public static RootTruth Of(string dump) => Shared.Value[dump];

    /// <summary>The truth about the dumps in a file that truth.py wrote.</summary>
    public static Dictionary<string, RootTruth> Read(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.EnumerateObject().ToDictionary(d => d.Name, d => new RootTruth(
            d.Value.GetProperty("mode").GetString()!,
            Number(d.Value.GetProperty("ramBase").GetString()!),
            d.Value.GetProperty("roots").EnumerateObject().ToDictionary(
                r => Number(r.Name), r => r.Value.GetProperty("kind").GetString()!)));
    }

    /// <summary>Whether it's a root in use.</summary>
    public bool IsReal(PageTableRoot root) =>
        root.Mode.Name == Mode && Kinds.TryGetValue(root.Root, out string? kind) && !LeftOver.Contains(kind);

    /// <summary>Whether it's a root that was in use once, and is called that.</summary>
    public bool IsLabelledLeftOver(PageTableRoot root) =>
        root.Mode.Name == Mode && root.State == RootState.Stale
        && Kinds.TryGetValue(root.Root, out string? kind) && LeftOver.Contains(kind);

    /// <summary>What a root is, in a word.</summary>
    public string Say(PageTableRoot root) =>
        root.Mode.Name == Mode && Kinds.TryGetValue(root.Root, out string? kind) ? kind : "false";

    /// <summary>Whether a real root's state is what it has to be: that of a process is live, the kernel's may be called the kernel's.</summary>
    public bool IsRightState(PageTableRoot root) =>
        root.State == RootState.Live || (root.State == RootState.KernelOnly && OfTheKernel.Contains(Kinds[root.Root]));

    private static ulong Number(string hex) => ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
