using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Streams of machines that ran while they were sent, and ones that promise too much.</summary>
public sealed class QemuResentTests : IDisposable
{
    private const int PageSize = QemuStreamWriter.PageSize;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_is_what_it_was_sent_as_last()
    {
        byte[] old = RawDump.Pages(16);
        byte[] latest = [.. old.Select(b => (byte)~b)];
        byte[] zeros = new byte[PageSize];
        var stream = new QemuStreamWriter();
        byte[] expected = new byte[old.Length];
        for (int page = 0; page < 16; page++)
        {
            Send(page, page is >= 4 and < 8 ? zeros : Page(old, page));
        }

        Send(5, Page(latest, 5));
        Send(9, zeros);
        Send(11, Page(latest, 11));
        Send(12, Page(latest, 12));
        Send(5, zeros);
        Send(6, Page(latest, 6));
        Send(15, Page(latest, 15));
        Send(0, Page(latest, 0));
        Send(0, Page(old, 0));

        using MemoryDump dump = MemoryDump.Open(_folder.Write("saved", stream.Build(16)));
        byte[] bytes = new byte[expected.Length];
        Assert.True(dump.Memory.TryRead(0, bytes));
        Assert.True(expected.AsSpan().SequenceEqual(bytes));
        Assert.Equal(0UL, dump.MissingSize);

        void Send(int number, byte[] page)
        {
            stream.Page(number, page);
            page.CopyTo(expected, number * PageSize);
        }
    }

    [Fact]
    public void Pages_in_any_order_any_number_of_times_are_the_latest()
    {
        const int Count = 64;
        var random = new Random(5);
        var stream = new QemuStreamWriter();
        byte[]?[] expected = new byte[Count][];
        for (int i = 0; i < 600; i++)
        {
            byte[] page = new byte[PageSize];
            if (random.Next(3) != 0)
            {
                random.NextBytes(page);
            }

            int first = random.Next(Count);
            for (int number = first; number < Math.Min(Count, first + random.Next(1, 6)); number++)
            {
                stream.Page(number, page);
                expected[number] = page;
            }
        }

        using MemoryDump dump = MemoryDump.Open(_folder.Write("saved", stream.Build(Count)));
        byte[] bytes = new byte[PageSize];
        for (int number = 0; number < Count; number++)
        {
            Assert.Equal(expected[number] != null, dump.Memory.TryRead((ulong)number * PageSize, bytes));
            Assert.True(expected[number] == null || bytes.AsSpan().SequenceEqual(expected[number]));
        }
    }

    [Fact]
    public void Pages_sent_twice_cost_stretches_only()
    {
        // Half a million pages of zeros, and one of them again.
        const int Count = 1 << 19;
        byte[] zeros = new byte[PageSize];
        var stream = new QemuStreamWriter();
        for (int page = 0; page < Count; page++)
        {
            stream.Page(page, zeros);
        }

        byte[] last = RawDump.Pages(1);
        string path = _folder.Write("saved", stream.Page(7, last).Build(Count));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        byte[] bytes = new byte[PageSize];
        Assert.True(dump.Memory.TryRead(7 * PageSize, bytes));
        Assert.True(last.AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public void Capabilities_are_some_dozens_at_most()
    {
        byte[] page = RawDump.Pages(1);
        MemoryDump.Open(_folder.Write("good", new QemuStreamWriter().Capabilities(2, "xbzrle", "events").Page(0, page).Build(1))).Dispose();
        string[] names = [.. Enumerable.Range(0, 200).Select(i => "")];
        foreach (QemuStreamWriter stream in new[]
        {
            new QemuStreamWriter().Capabilities(600_000_000),
            new QemuStreamWriter().Capabilities(200, names).Capabilities(200, names),
        })
        {
            Assert.Contains(
                "capabilities",
                Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.Write("bad", stream.Page(0, page).Build(1))).Dispose()).Message,
                StringComparison.Ordinal);
        }
    }

    private static byte[] Page(byte[] pages, int number) => pages[(number * PageSize)..((number + 1) * PageSize)];
}
