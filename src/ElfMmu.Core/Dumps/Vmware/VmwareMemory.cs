using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Where the memory of a VMware machine is, by the group <c>memory</c> of its state: regions say which pages of the file belong at which
/// physical page; without any, the memory starts at 0.
/// </summary>
internal sealed class VmwareMemory
{
    private const int PageShift = 12;

    // VMware itself writes two or three; the count is bounded so that a damaged one can't make a list of any length.
    private const uint MostRegions = 4096;
    private const ulong ArmBase = 0x8000_0000;

    private readonly SortedDictionary<uint, Region> _regions = [];
    private readonly VmwareState _state;

    private VmwareMemory(VmwareState state) => _state = state;

    /// <summary>The memory in the state file itself; null when it is in a file of its own.</summary>
    public VmwareTag? Embedded { get; private set; }

    /// <summary>How many bytes the state promises that the file doesn't hold; right once they are placed.</summary>
    public ulong MissingSize { get; private set; }

    /// <summary>Reads the group. O(its values).</summary>
    public static VmwareMemory Read(VmwareState state)
    {
        var memory = new VmwareMemory(state);
        uint? count = null;
        int blocks = 0;
        foreach (VmwareTag tag in state.Tags("memory"))
        {
            switch (tag.Name)
            {
                case "regionsCount":
                    count = (uint?)state.Number(tag);
                    break;
                case "regionPageNum" or "regionPPN" or "regionSize" when tag.IndexCount > 0 && tag.First < MostRegions && state.Number(tag) is { } pages:
                    memory._regions.TryGetValue(tag.First, out Region region);
                    memory._regions[tag.First] = tag.Name switch
                    {
                        "regionPageNum" => region with { FilePage = pages },
                        "regionPPN" => region with { PhysicalPage = pages },
                        _ => region with { Pages = pages },
                    };
                    break;
                case "Memory" when tag.Size > 0:
                    blocks++;
                    memory.Embedded ??= tag;
                    break;
            }
        }

        if (blocks > 1)
        {
            state.Warnings.Add($"'{state.Source.Name}' has {blocks} blocks of memory, and nothing says where the others belong; only the first one is read.");
        }

        memory.Trim(count);
        return memory;
    }

    /// <summary>The stretches of physical memory.</summary>
    /// <param name="source">The file that holds the memory.</param>
    /// <param name="isArm">Whether the machine is an ARM: its memory starts at 2 GiB then.</param>
    /// <param name="zeroFill">Whether what the file doesn't hold is read as zeros.</param>
    public IReadOnlyList<PhysicalRun> Place(DataSource source, bool isArm, bool zeroFill)
    {
        var runs = new PlacedRuns(source, zeroFill);
        ulong start = Embedded?.Offset ?? 0;
        foreach ((uint index, Region region) in _regions)
        {
            if (region is not { FilePage: { } file, PhysicalPage: { } physical, Pages: { } pages })
            {
                _state.Warnings.Add($"Region {index} of the memory in '{_state.Source.Name}' has no start or no size, and is left out.");
            }
            else if ((file | physical | pages) >> (62 - PageShift) != 0)
            {
                _state.Warnings.Add($"Region {index} of the memory in '{_state.Source.Name}' is out of all bounds, and is left out.");
            }
            else
            {
                runs.Add(physical << PageShift, pages << PageShift, start + (file << PageShift));
            }
        }

        if (_regions.Count == 0)
        {
            runs.Add(isArm ? ArmBase : 0, Embedded?.Size ?? source.Length, start);
        }

        IReadOnlyList<PhysicalRun> placed = runs.Finish(_state.Warnings);
        MissingSize = runs.MissingSize;
        return placed;
    }

    /// <summary>Says that the memory is in a file of its own after all.</summary>
    public void IgnoreEmbedded() => Embedded = null;

    /// <summary>In words.</summary>
    public string Describe() => _regions.Count == 0
        ? "no regions, so the memory is one stretch"
        : Plural.Of(_regions.Count, "region");

    /// <summary>The count says how many regions there are, whatever values stand behind them.</summary>
    private void Trim(uint? count)
    {
        if (count is { } counted)
        {
            foreach (uint beyond in _regions.Keys.Where(k => k >= counted).ToArray())
            {
                _regions.Remove(beyond);
            }

            if (_regions.Count < counted)
            {
                _state.Warnings.Add($"'{_state.Source.Name}' says that its memory has {counted} regions, but describes {_regions.Count}.");
            }
        }
    }

    private readonly record struct Region(ulong? FilePage, ulong? PhysicalPage, ulong? Pages);
}
