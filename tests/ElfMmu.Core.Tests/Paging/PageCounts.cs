namespace ElfMmu.Tests.Paging;

/// <summary>What the pages of many random spaces are like: a property test on spaces without pages would prove nothing.</summary>
internal sealed class PageCounts
{
    private readonly List<ManualPage> _pages = [];

    /// <summary>Takes the pages of spaces with the seeds from 0 on.</summary>
    public PageCounts(int spaces, Func<int, RandomSpace> make)
    {
        for (int seed = 0; seed < spaces; seed++)
        {
            using RandomSpace space = make(seed);
            var seen = new HashSet<ulong>();
            foreach (ulong address in space.Addresses())
            {
                if (space.Translate(address) is { } page && seen.Add(address & ~(page.PageSize - 1)))
                {
                    _pages.Add(page);
                    Upper += address >> 63 != 0 ? 1 : 0;
                }
            }

            Empty += seen.Count == 0 ? 1 : 0;
            for (int i = 0; i < 20; i++)
            {
                Anywhere += space.Translate(space.Anywhere()) is null ? 0 : 1;
            }
        }
    }

    /// <summary>How many spaces map nothing.</summary>
    public int Empty { get; }

    /// <summary>How many pages lie in the half of the addresses whose top bit is set.</summary>
    public int Upper { get; }

    /// <summary>How many addresses anywhere translate.</summary>
    public int Anywhere { get; }

    /// <summary>How many pages there are of a kind.</summary>
    public int Count(Func<ManualPage, bool> kind) => _pages.Count(kind);

    /// <summary>The different values of a property that at least so many pages have.</summary>
    public HashSet<T> Common<T>(int pages, Func<ManualPage, T> property)
        where T : notnull =>
        [.. _pages.CountBy(property).Where(p => p.Value >= pages).Select(p => p.Key)];
}
