using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>The processes of Linux guests against what the kernel and they themselves said of their memory.</summary>
public class LinuxProcessTests
{
    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void PagesStandWhereThePageMapSays(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        int compared = 0;
        int young = 0;
        foreach ((int id, RegisterSet root) in guest.Roots)
        {
            List<Mapping> mappings = Described.Space(dump, root).All(includeAbsent: false);

            // The pagemap counts pages as present that were made inaccessible after they were filled.
            GuestRegion[] hidden = [.. guest.Regions.Where(r => r.Id == id && r.Protection == "---")];
            foreach ((_, ulong first, ulong pages, ulong frame) in guest.PageMap.Where(p => p.Id == id))
            {
                for (ulong page = 0; page < pages; page++)
                {
                    ulong address = first + (page * guest.PageSize);
                    ulong? expected = hidden.Any(r => address - r.Address < r.Size) ? null : (frame + page) * guest.PageSize;
                    ulong? found = Walks.Translate(mappings, address);

                    // Short descriptors have no accessed bit: Linux leaves pages out that it wants to see used, and counts them.
                    if (found == null && expected != null && name == "linux-arm-tiny")
                    {
                        young++;
                        continue;
                    }

                    Assert.True(found == expected, $"Process {id}, 0x{address:x}: 0x{found:x} instead of 0x{expected:x}.");
                    compared++;
                }
            }
        }

        Assert.True(young <= 3 * guest.Roots.Count, $"{young} pages are missing.");

        // ARM's short descriptors leave the guest fewer regions; larger pages are fewer, but as much memory.
        ulong least = name == "linux-arm-tiny" ? 1800UL : 2000;
        Assert.True((ulong)compared * guest.PageSize > least * 4096, $"Only {compared} pages were compared.");
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void RegionsHaveTheRightsTheyWereGiven(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        foreach ((int id, RegisterSet root) in guest.Roots)
        {
            List<Mapping> mappings = Described.Space(dump, root).All(includeAbsent: false);
            GuestRegion[] regions = [.. guest.Regions.Where(r => r.Id == id)];
            Assert.NotEmpty(regions);
            foreach (GuestRegion region in regions)
            {
                foreach (ulong page in region.Pages)
                {
                    Rights? found = Walks.Find(mappings, page)?.Attributes.User;

                    // On ARM a shared page can be written to only once Linux has noted that it is going to be, and who only read
                    // it hasn't got as far.
                    if (found == Rights.Read && region is { Id: not 1, Kind: "shared-with-pattern" } && name.StartsWith("linux-arm", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    Assert.True(
                        found == guest.RightsOf(region, page),
                        $"0x{page:x} of {region}: {found} instead of {guest.RightsOf(region, page)}.");
                }
            }
        }
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void SharedMemoryIsTheSameMemory(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        var frames = new List<ulong[]>();
        foreach (GuestRegion region in guest.Regions.Where(r => r.Kind is "shared-with-workers" or "shared-with-pattern"))
        {
            List<Mapping> mappings = Described.Space(dump, guest.Roots[region.Id]).All(includeAbsent: false);
            frames.Add([.. region.Pages.Select(p => Walks.Translate(mappings, p) ?? throw new InvalidDataException($"0x{p:x}"))]);
        }

        Assert.Equal(4, frames.Count);
        Assert.All(frames, f => Assert.Equal(frames[0], f));
    }
}
