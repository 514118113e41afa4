using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>Bitmaps of pages, bit by bit beside the stretches made of them.</summary>
public sealed class PageBitmapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(4096)]
    public void Stretches_are_the_bits(int granule)
    {
        var random = new Random(granule);
        for (int round = 0; round < 60; round++)
        {
            // More than one chunk, in stretches of zeros, ones and noise.
            byte[] bytes = new byte[random.Next(1, round % 4 == 0 ? 200_000 : 3000)];
            for (int at = 0, size; at < bytes.Length; at += size)
            {
                size = Math.Min(random.Next(1, bytes.Length), bytes.Length - at);
                byte kind = (byte)random.Next(3);
                bytes.AsSpan(at, size).Fill(kind == 0 ? (byte)0 : (byte)0xff);
                if (kind == 2)
                {
                    random.NextBytes(bytes.AsSpan(at, size));
                }
            }

            int half = bytes.Length / 2;
            ulong bits = (ulong)half * 8;
            ulong first = (ulong)random.NextInt64((long)bits + 1);
            ulong end = first + (ulong)random.NextInt64((long)(bits - first) + 1);
            ulong? without = round % 2 == 0 ? (ulong)half : null;
            var bitmap = new PageBitmap(new HoledSource(bytes, granule), 0, without, default);
            List<ulong> expected = [];
            for (ulong page = first; page < end; page++)
            {
                if (Bit(bytes, page) && !(without != null && Bit(bytes, page + bits)))
                {
                    expected.Add(page);
                }
            }

            Assert.Equal((ulong)expected.Count, bitmap.Count(first, end));
            PageStretches all = bitmap.Read(first, end);
            Assert.Equal(expected, Pages(all));
            Assert.All(all.List.Zip(all.List.Skip(1)), p => Assert.True(p.First.End < p.Second.First));

            int most = random.Next(expected.Count + 1);
            PageStretches some = bitmap.Read(first, end, (ulong)most);
            Assert.Equal(expected[..most], Pages(some));
            Assert.Equal((ulong)(expected.Count - most), some.Lost);
            Assert.Equal(most < expected.Count ? expected[most] : 0, some.FirstLost);
        }
    }

    [Fact]
    public void Holes_are_not_read()
    {
        byte[] bytes = new byte[16 << 20];
        bytes[9 << 20] = 3;
        var source = new HoledSource(bytes, 4096);
        PageStretches stretches = new PageBitmap(source, 0, null, default).Read(0, 128 << 20);
        Assert.Equal([new PageStretch(72 << 20, 2)], stretches.List);
        Assert.InRange(source.Taken, 1, 1 << 17);
    }

    [Fact]
    public void Too_many_stretches_are_counted_and_not_made()
    {
        byte[] bytes = new byte[(RunLimit.Most / 4) + 1];
        bytes.AsSpan().Fill(0x55);
        var bitmap = new PageBitmap(new HoledSource(bytes, 1 << 20), 0, null, default);
        Assert.Equal((ulong)RunLimit.Most + 4, bitmap.Count(0, (ulong)bytes.Length * 8));
        Assert.Equal(RunLimit.Most, bitmap.Read(0, (ulong)RunLimit.Most * 2).List.Count);
        ElfMmuException e = Throws.Error("DumpTooManyRuns", () => bitmap.Read(0, (ulong)bytes.Length * 8));
        Assert.Equal(ErrorKind.LimitsExceeded, e.Kind);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        var bitmap = new PageBitmap(new HoledSource([1, 2, 3, 4, 5, 6, 7, 8], 8), 0, null, new CancellationToken(canceled: true));
        Assert.Throws<OperationCanceledException>(() => bitmap.Count(0, 64));
        Assert.Throws<OperationCanceledException>(() => bitmap.Read(0, 64));
    }

    private static bool Bit(byte[] bytes, ulong page) => (bytes[page / 8] >> (int)(page % 8) & 1) != 0;

    private static List<ulong> Pages(PageStretches stretches)
    {
        var pages = new List<ulong>();
        foreach (PageStretch stretch in stretches.List)
        {
            for (ulong page = stretch.First; page < stretch.End; page++)
            {
                pages.Add(page);
            }
        }

        return pages;
    }
}
