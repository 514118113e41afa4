using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// What comes of the addresses of many random spaces, counted: pages by size, rights (user|supervisor) and cache index, and
/// faults by their reason. Tables that hardly ever map anything, or never trip over a reserved bit, prove nothing.
/// </summary>
internal sealed class Outcomes
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts what comes of all addresses that the entries select, and of some from anywhere.</summary>
    public static Outcomes Of(int seeds, Func<int, TreeSpace> make)
    {
        var outcomes = new Outcomes();
        for (int seed = 0; seed < seeds; seed++)
        {
            using TreeSpace space = make(seed);
            outcomes.Add(space);
        }

        return outcomes;
    }

    /// <summary>Asserts that each of these has come up so often.</summary>
    public void AtLeast(int count, params string[] keys)
    {
        foreach (string key in keys)
        {
            Assert.True(
                _counts.GetValueOrDefault(key) >= count,
                $"'{key}' came up {_counts.GetValueOrDefault(key)} times; all: {string.Join(", ", _counts)}");
        }
    }

    private static string Text(Rights rights) =>
        (rights.HasFlag(Rights.Read) ? "R" : "")
        + (rights.HasFlag(Rights.Write) ? "W" : "")
        + (rights.HasFlag(Rights.Execute) ? "X" : "");

    private void Add(TreeSpace space)
    {
        // 64 KiB of Svnapot are 16 entries of 4 KiB, each an address of its own.
        HashSet<ulong> translated = [];
        foreach (ulong address in space.Addresses())
        {
            if (Add(space, address) is { } page)
            {
                translated.Add(address & ~(EntrySpan(page) - 1));
            }
        }

        for (int i = 0; i < 100; i++)
        {
            ulong address = space.Anywhere();
            if (Add(space, address) is { } page)
            {
                Assert.Contains(address & ~(EntrySpan(page) - 1), translated);
            }
        }
    }

    private static ulong EntrySpan(ManualPage page) => page.PageSize == 0x1_0000 ? 0x1000 : page.PageSize;

    private ManualPage? Add(TreeSpace space, ulong address)
    {
        ManualPage? page = space.Translate(address);
        Assert.Equal(page is null, space.Why != "");
        if (page is null)
        {
            Count(space.Why);
            return null;
        }

        Count($"{page.PageSize}");
        Count($"{Text(page.User)}|{Text(page.Supervisor)}");
        Count($"cache {page.CacheIndex}");
        Count(page.Global ? "global" : "not global");
        Count(page.Accessed ? "accessed" : "not accessed");
        Count(page.Dirty ? "dirty" : "not dirty");
        return page;
    }

    private void Count(string key) => _counts[key] = _counts.GetValueOrDefault(key) + 1;
}
