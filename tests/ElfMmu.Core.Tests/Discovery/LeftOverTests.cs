using System.Buffers.Binary;
using ElfMmu.Discovery;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>
/// What processes leave behind: a copy of a root, and roots of processes that have ended. They are told from live ones as far as the
/// tables say, and listed with what they are.
/// </summary>
public class LeftOverTests
{
    [LinuxTheory]
    [InlineData("linux-x64-tiny", 4096)]
    [InlineData("linux-x64-tiny-la57", 4096)]
    [InlineData("linux-i386-tiny", 4096)]
    [InlineData("linux-riscv64-tiny-sv39", 4096)]
    [InlineData("linux-riscv64-tiny-sv48", 4096)]
    [InlineData("linux-arm-tiny", 16384)]
    [InlineData("linux-arm64-tiny-16k", 16384)]
    public void ACopyOfARootIsADuplicate(string name, int size)
    {
        byte[] image = Image(name);
        RootTruth truth = RootTruth.Of(name);
        ulong original = truth.Sampled.First();
        int free = FreePlace(image, size);
        At(image, truth, original, size).CopyTo(image.AsSpan(free));
        ulong copy = truth.RamBase + (ulong)free;

        RootSearch search = Searches.Find(image);
        PageTableRoot first = Assert.Single(search.Roots, r => r.Root == original && !r.IsUpperHalf && r.Mode.Name == truth.Mode);
        PageTableRoot second = Assert.Single(search.Roots, r => r.Root == copy && !r.IsUpperHalf && r.Mode.Name == truth.Mode);

        // Which of the two is the copy can't be seen; that there is one can.
        Assert.Equal(
            new[] { RootState.Live, RootState.Duplicate }.Order(), new[] { first.State, second.State }.Order());
        PageTableRoot live = first.State == RootState.Live ? first : second;
        PageTableRoot duplicate = first.State == RootState.Live ? second : first;
        Assert.True(duplicate.Score < live.Score, Searches.Lines([live, duplicate]));
        Assert.NotEmpty(duplicate.Doubts);
        OthersAreFound(search, truth, original);
    }

    [LinuxTheory]
    [InlineData("linux-x64-tiny", 4096, 2048)]
    [InlineData("linux-x64-tiny-la57", 4096, 2048)]
    [InlineData("linux-i386-tiny", 4096, 3072)]
    [InlineData("linux-riscv64-tiny-sv39", 4096, 2048)]
    [InlineData("linux-riscv64-tiny-sv57", 4096, 2048)]
    public void ARootWithoutItsUserHalfIsNoProcess(string name, int size, int userSize)
    {
        byte[] image = Image(name);
        RootTruth truth = RootTruth.Of(name);
        ulong ended = truth.Sampled.First();
        At(image, truth, ended, size)[..userSize].Clear();

        RootSearch search = Searches.Find(image);
        PageTableRoot left = Assert.Single(search.Roots, r => r.Root == ended && r.Mode.Name == truth.Mode);
        Assert.True(left.State is RootState.KernelOnly or RootState.Duplicate or RootState.Stale, Searches.Line(left));
        Assert.Equal(0UL, left.UserBytes);
        Assert.All(
            search.Roots.Where(r => truth.Sampled.Contains(r.Root) && r.Root != ended && r.Mode.Name == truth.Mode),
            live => Assert.True(left.Score < live.Score, Searches.Lines([live, left])));
        OthersAreFound(search, truth, ended);
    }

    /// <summary>The process ended, its tables were given to others and overwritten, and its root wasn't yet.</summary>
    [LinuxTheory]
    [InlineData("linux-x64-tiny", 4096, 256, 8)]
    [InlineData("linux-riscv64-tiny-sv39", 4096, 256, 8)]
    [InlineData("linux-i386-tiny", 4096, 768, 4)]
    public void ARootWhoseTablesAreGoneIsStale(string name, int size, int userEntries, int width)
    {
        byte[] image = Image(name);
        RootTruth truth = RootTruth.Of(name);
        ulong ended = truth.Sampled.First();
        bool riscV = truth.Mode.StartsWith("sv", StringComparison.Ordinal);
        var random = new Random(11);
        foreach (int i in Enumerable.Range(0, userEntries))
        {
            Span<byte> at = At(image, truth, ended, size)[(i * width)..];
            ulong entry = width == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
            ulong table = (riscV ? entry >> 10 << 12 : entry) & 0x000f_ffff_ffff_f000;
            if ((entry & 1) != 0)
            {
                random.NextBytes(At(image, truth, table, 4096));
            }
        }

        RootSearch search = Searches.Find(image);
        PageTableRoot? left = search.Roots.FirstOrDefault(r => r.Root == ended && r.Mode.Name == truth.Mode);
        Assert.True(
            left == null || left.Score < RootSearch.DefaultMinimumScore || left.State == RootState.Stale,
            $"It leads to nothing: {(left == null ? "" : Searches.Line(left))}");
        OthersAreFound(search, truth, ended);
    }

    private static void OthersAreFound(RootSearch search, RootTruth truth, ulong but) =>
        Assert.All(truth.Sampled.Where(s => s != but), s => Assert.Contains(
            search.Above(), r => r.Root == s && r.State == RootState.Live && r.Mode.Name == truth.Mode));

    private static byte[] Image(string name) => File.ReadAllBytes(Path.Combine(BigDumps.Folder(name), "raw.bin"));

    private static Span<byte> At(byte[] image, RootTruth truth, ulong address, int size) =>
        image.AsSpan((int)(address - truth.RamBase), size);

    /// <summary>The last place of zeros, which nobody uses.</summary>
    private static int FreePlace(byte[] image, int size)
    {
        int place = image.Length - size;
        while (image.AsSpan(place, size).ContainsAnyExcept((byte)0))
        {
            place -= size;
        }

        return place;
    }
}
