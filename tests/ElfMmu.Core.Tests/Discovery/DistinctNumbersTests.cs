using ElfMmu.Discovery;
using Xunit;

namespace ElfMmu.Tests.Discovery;

public sealed class DistinctNumbersTests
{
    [Fact]
    public void EachNumberCountsOnce()
    {
        var random = new Random(1);
        var numbers = new DistinctNumbers(12);
        for (int round = 0; round < 20; round++)
        {
            uint[] added = [.. Enumerable.Range(0, random.Next(3000)).Select(_ => (uint)random.Next(1 << 12))];
            numbers.Clear();
            Array.ForEach(added, numbers.Add);
            Assert.Equal(added.Distinct(), numbers.ToArray());
            Assert.Equal(added.Distinct().Count(), numbers.Count);
        }
    }
}
