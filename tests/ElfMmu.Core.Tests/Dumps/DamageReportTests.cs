using ElfMmu.Dumps;
using ElfMmu.Reading;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>Damage that comes to light while memory is read: what is read then, and what is told of it.</summary>
public sealed class DamageReportTests : IDisposable
{
    private const ulong Start = 0x10_0000;
    private const int Chunk = 65536;
    private const int Chunks = 8;

    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(Chunks * Chunk / 4096);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_told_of_what_is_sound_or_never_read()
    {
        var report = new DamageReport();
        using MemoryDump sound = Open([]);
        using MemoryDump unread = Open([2]);
        using MemoryDump plain = RawDump.Open(_folder, RawDump.Pages(2));
        report.Add(sound);
        report.Add(unread);
        report.Add(plain);
        Assert.True(sound.Memory.TryRead(Start, new byte[_memory.Length]));
        Assert.True(unread.Memory.TryRead(Start, new byte[Chunk]));
        Assert.Empty(report.Take());
    }

    [Fact]
    public void Each_dump_is_told_once_with_the_first_blocks()
    {
        var report = new DamageReport();
        using MemoryDump dump = Open([1, 2, 4, 6, 7]);
        report.Add(dump);
        report.Add(dump);
        ReadAll(dump);
        string told = Assert.Single(report.Take());
        Assert.Contains($"5 blocks of '{dump.Identity.Path}'", told, StringComparison.Ordinal);
        Assert.Contains("count as absent", told, StringComparison.Ordinal);
        Assert.Contains($"physical 0x{Start + Chunk:x}, 0x10000 bytes at offset 0x", told, StringComparison.Ordinal);
        Assert.Contains($"physical 0x{Start + (4 * Chunk):x}", told, StringComparison.Ordinal);
        Assert.DoesNotContain($"physical 0x{Start + (6 * Chunk):x}", told, StringComparison.Ordinal);
        Assert.EndsWith("and 2 more.", told, StringComparison.Ordinal);
        Assert.Empty(report.Take());
    }

    [Fact]
    public void What_was_closed_meanwhile_is_told_all_the_same()
    {
        var report = new DamageReport();
        using (MemoryDump dump = Open([3]))
        {
            report.Add(dump);
            ReadAll(dump);
        }

        Assert.StartsWith("A block of ", Assert.Single(report.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_opened_twice_is_told_once()
    {
        string path = Write([3]);
        var report = new DamageReport();
        foreach (int _ in new int[2])
        {
            using MemoryDump dump = MemoryDump.Open(path);
            report.Add(dump);
            ReadAll(dump);
        }

        Assert.StartsWith("A block of ", Assert.Single(report.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_report_told_of_an_open_dump_is_not_told_again()
    {
        using MemoryDump dump = Open([1, 3, 5]);
        var (first, second) = (new DamageReport(), new DamageReport());
        first.Add(dump);
        second.Add(dump);
        Assert.False(dump.Memory.TryRead(Start + Chunk, new byte[1]));
        Assert.StartsWith("A block of ", Assert.Single(first.Take()), StringComparison.Ordinal);
        Assert.Empty(second.Take());

        second.Add(dump);
        ReadAll(dump);
        string told = Assert.Single(second.Take());
        Assert.StartsWith("2 more blocks of ", told, StringComparison.Ordinal);
        Assert.DoesNotContain($"physical 0x{Start + Chunk:x}", told, StringComparison.Ordinal);
        Assert.Equal(3, DumpDamage.Of(dump).First.Count);
    }

    [Fact]
    public void Zeros_that_were_asked_for_are_told_as_zeros()
    {
        var report = new DamageReport();
        using MemoryDump dump = MemoryDump.Open(Write([0]), new DumpOptions { ZeroFill = true });
        report.Add(dump);
        byte[] bytes = new byte[Chunk];
        Assert.True(dump.Memory.TryRead(Start, bytes));
        Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0));
        Assert.Contains("was read as zeros", Assert.Single(report.Take()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 5 })]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 7 })]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    public void Reading_takes_damaged_memory_for_absent(int[] damaged)
    {
        using MemoryDump dump = Open(damaged);
        var absent = new List<AbsentRange>();
        byte[] bytes = new byte[_memory.Length];
        Assert.Equal(bytes.Length, MemoryReader.Of(dump).Read(Start, bytes, new ReadOptions { Absent = AbsentMemory.Fill, FillByte = 0xee }, absent));
        byte[] expected = [.. _memory];
        var ranges = new List<AbsentRange>();
        foreach (int chunk in damaged)
        {
            expected.AsSpan(chunk * Chunk, Chunk).Fill(0xee);
            ulong address = Start + (ulong)(chunk * Chunk);
            if (ranges.Count > 0 && ranges[^1].Last + 1 == address)
            {
                ranges[^1] = ranges[^1] with { Size = ranges[^1].Size + Chunk };
            }
            else
            {
                ranges.Add(new AbsentRange(address, Chunk, AbsenceReason.Damaged, address));
            }
        }

        Assert.Equal(expected, bytes);
        Assert.Equal(ranges, absent);

        // And stops before it, or says that it isn't there.
        ulong first = ranges[0].Address - Start;
        Assert.Equal((int)first, MemoryReader.Of(dump).Read(Start, bytes, new ReadOptions { Absent = AbsentMemory.Stop }));
        Assert.Contains("damaged", Throws.Error("MemoryAbsent", () => MemoryReader.Of(dump).Read(Start, bytes, new ReadOptions())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "damaged", Throws.Error("MemoryAbsent", () => MemoryReader.Of(dump).Read(ranges[0].Address + 5, bytes.AsSpan(0, 8), new ReadOptions())).Message, StringComparison.Ordinal);
    }

    private static void ReadAll(MemoryDump dump)
    {
        byte[] page = new byte[4096];
        for (ulong at = Start; at < Start + (Chunks * Chunk); at += 4096)
        {
            dump.Memory.TryRead(at, page);
        }
    }

    private MemoryDump Open(int[] damaged) => MemoryDump.Open(Write(damaged));

    /// <summary>A dump whose blocks of these numbers can't be unpacked.</summary>
    private string Write(int[] damaged)
    {
        var file = new LimeFile();
        byte[] bytes = file.Packed(Start, _memory).ToArray();
        List<int> chunks = LimeFile.Chunks(bytes, file.Headers[0]);
        foreach (int chunk in damaged)
        {
            bytes[chunks[chunk] + 4] ^= 0x55;
        }

        return _folder.Write($"damaged-{string.Join('-', damaged)}.avml", bytes);
    }
}
