using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Reading;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Reading;

/// <summary>
/// Reads of a machine of which every page is known: from 0x10000 on there are two pages that follow each other, one from elsewhere, one of
/// a device, one of nothing, and then nothing is mapped.
/// </summary>
public sealed class ReaderTests : IDisposable
{
    private const ulong First = 0x1_0000;
    private const ulong Device = 0x1_3000;
    private const ulong Nothing = 0x1_4000;
    private const ulong Unmapped = 0x1_5000;

    private static readonly ReadOptions Filling = new() { Absent = AbsentMemory.Fill };
    private static readonly ReadOptions Stopping = new() { Absent = AbsentMemory.Stop };

    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReasonsAreToldApart()
    {
        using MemoryDump dump = Open();
        var absent = new List<AbsentRange>();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        Assert.Equal(0x7000, reader.Read(First, new byte[0x7000], Filling, absent));
        Assert.Equal(
            [
                new AbsentRange(Device, 0x1000, AbsenceReason.Device, SmallMachine.DeviceStart),
                new AbsentRange(Nothing, 0x1000, AbsenceReason.NotInDump, 0x3000_0000),
                new AbsentRange(Unmapped, 0x2000, AbsenceReason.NotMapped, null),
            ],
            absent);
        Assert.Contains(
            "0x13000", Throws.Error("MemoryAbsent", () => reader.Read(First, new byte[0x7000], new ReadOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PagesThatFollowEachOtherAreOnePiece()
    {
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        Assert.Equal(
            new MemoryPiece(First + 5, 0x1ffb, SmallMachine.RamBase + 0x8005, null), reader.Locate(First + 5, ulong.MaxValue >> 1));
        Assert.Equal(new MemoryPiece(First + 5, 3, SmallMachine.RamBase + 0x8005, null), reader.Locate(First + 5, 3));
        Assert.Equal(0x1000UL, reader.Locate(Device, 0x3000).Size);
    }

    [Theory]
    [InlineData(0xffff_ffff_ffff_f000UL, 0x1001UL)]
    [InlineData(2UL, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 2UL)]
    public void WhatWrapsAroundIsOneError(ulong address, ulong length)
    {
        using MemoryDump dump = Open();
        foreach (MemoryReader reader in (MemoryReader[])[MemoryReader.Of(dump.Space()), MemoryReader.Of(dump)])
        {
            Throws.Error("AddressRangeInvalid", () => reader.ReadBlocks(address, length, 4096, Filling).First());
            Throws.Error("AddressRangeInvalid", () => reader.FirstAbsent(address, length, Filling));
            Throws.Error("AddressRangeInvalid", () => reader.ReadItems(address, 8, ulong.MaxValue, Filling).First());
        }
    }

    [Fact]
    public void ThirtyTwoBitsEndAtFourGibibytes()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("small.elf", new SmallMachine("ia32").Fossil(ElfClass.Elf32, true)));
        MemoryReader reader = MemoryReader.Of(dump.Space());
        Assert.Equal(new DataModel(ByteOrder.Little, 32), reader.Model);
        Assert.Equal(0x1000, reader.Read(0xffff_f000, new byte[0x1000], Filling));
        ElfMmuException e = Throws.Error("AddressRangeInvalid", () => reader.Read(0xffff_f000, new byte[0x1001], Filling));
        Assert.Contains("0xffffffff in mode ia32", e.Message, StringComparison.Ordinal);
        Throws.Error("AddressRangeInvalid", () => reader.Read(0xffff_ffff_8000_0000, new byte[1], Filling));
    }

    [Fact]
    public void TheLastByteOfAllCanBeAskedFor()
    {
        using MemoryDump dump = Open();
        var absent = new List<AbsentRange>();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        Assert.Equal(0, reader.Read(ulong.MaxValue, new byte[1], Stopping, absent));
        Assert.Equal(ulong.MaxValue, Assert.Single(absent).Last);
        Assert.Equal(0, reader.Read(ulong.MaxValue, [], new ReadOptions()));
    }

    [Fact]
    public void AnErrorComesBeforeTheFirstBlock()
    {
        using MemoryDump dump = Open();
        using IEnumerator<MemoryBlock> blocks =
            MemoryReader.Of(dump.Space()).ReadBlocks(First, 0x3001, 16, new ReadOptions()).GetEnumerator();
        Throws.Error("MemoryAbsent", () => blocks.MoveNext());
    }

    [Fact]
    public void ReadingEndsAtOnceWhenItIsCancelled()
    {
        using MemoryDump dump = Open();
        using var cancellation = new CancellationTokenSource();
        int blocks = 0;
        var options = new ReadOptions
        {
            Absent = AbsentMemory.Fill,
            Cancellation = cancellation.Token,
            Progress = (done, total) =>
            {
                Assert.Equal((1UL << 40, (ulong)(blocks + 1) * 4096), (total, done));
                if (++blocks == 3)
                {
                    cancellation.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(
            () => MemoryReader.Of(dump.Space()).ReadBlocks(First, 1UL << 40, 4096, options).Count());
        Assert.Equal(3, blocks);
    }

    [Fact]
    public void ValuesEndBeforeOneThatIsCutOff()
    {
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        MemoryValueCodec codec = MemoryValueType.Parse("u32").In(reader.Model);
        (ulong Address, object Value)[] values = [.. reader.ReadValues(codec, Device - 10, 8, Stopping)];
        Assert.Equal([Device - 10, Device - 6], values.Select(v => v.Address));
        Assert.Equal(
            BitConverter.ToUInt32(_machine.Memory, 0x5ff6), Assert.IsType<uint>(values[0].Value));
        var absent = new AbsentTally();
        Assert.Equal(8, reader.ReadValues(codec, Device - 10, 8, Filling, absent).Count());
        Assert.Equal(
            (1, 22UL, new AbsentRange(Device, 22, AbsenceReason.Device, SmallMachine.DeviceStart)),
            (absent.Ranges, absent.Bytes, absent.First));
        Assert.Contains("22 bytes aren't there", absent.Describe(reader, AbsentMemory.Fill), StringComparison.Ordinal);
        Assert.Contains("stopped before virtual 0x13000", absent.Describe(reader, AbsentMemory.Stop), StringComparison.Ordinal);
        Throws.Error("MemoryAbsent", () => reader.ReadValues(codec, Device - 10, 8, new ReadOptions()).First());
    }

    [Theory]
    [InlineData(TextEncoding.Ascii, "hello", "68656c6c6f", true)]
    [InlineData(TextEncoding.Ascii, "h\ufffdllo", "68e96c6c6f", false)]
    [InlineData(TextEncoding.Latin1, "héllo", "68e96c6c6f", true)]
    [InlineData(TextEncoding.Utf8, "hé€😀", "68c3a9e282acf09f9880", true)]
    [InlineData(TextEncoding.Utf8, "h\ufffdllo", "68e96c6c6f", false)]
    [InlineData(TextEncoding.Utf8, "a\ufffdb", "61efbfbd62", true)]
    [InlineData(TextEncoding.Utf16, "h€😀", "6800ac203dd800de", true)]
    [InlineData(TextEncoding.Utf16BE, "h€😀", "006820acd83dde00", true)]
    [InlineData(TextEncoding.Utf16LE, "\ufffdx", "3dd87800", false)]
    public void TextEndsAtItsTerminatorAcrossPages(TextEncoding encoding, string text, string hex, bool isValid)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int before = 0; before <= bytes.Length; before++)
        {
            // The third page isn't the next one in physical memory.
            byte[] whole = [.. bytes, 0, 0, 0x41, 0x41];
            whole.AsSpan(0, before).CopyTo(_machine.Memory.AsSpan(0xa000 - before));
            whole.AsSpan(before).CopyTo(_machine.Memory.AsSpan(0x5000));
            using MemoryDump dump = Open();
            ulong address = First + 0x2000 - (ulong)before;
            MemoryText read = MemoryReader.Of(dump.Space()).ReadText(address, encoding, 4096, isTerminated: true, new ReadOptions());
            Assert.Equal(
                (address, text, (ulong)bytes.Length, MemoryTextEnd.Terminator, isValid, 0),
                (read.Address, read.Text, read.Size, read.End, read.IsValid, read.Absent.Count));
        }
    }

    [Fact]
    public void TextThatIsCutOffIsGivenAsFarAsItGoes()
    {
        Encoding.Latin1.GetBytes(new string('x', 300)).CopyTo(_machine.Memory.AsSpan(0x6000 - 300));
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        MemoryText text = reader.ReadText(Device - 300, TextEncoding.Ascii, 4096, true, new ReadOptions());
        Assert.Equal((new string('x', 300), MemoryTextEnd.Absent), (text.Text, text.End));
        Assert.Equal(AbsenceReason.Device, Assert.Single(text.Absent).Reason);

        // Half a unit is none.
        Assert.Equal(1, reader.ReadText(Device - 3, TextEncoding.Utf16, 4096, true, new ReadOptions()).Text.Length);
        Throws.Error("MemoryAbsent", () => reader.ReadText(Device, TextEncoding.Ascii, 10, true, new ReadOptions()));
        Throws.Error("MemoryAbsent", () => reader.ReadText(Device - 1, TextEncoding.Utf16, 10, true, new ReadOptions()));
        Assert.Equal(
            ("", MemoryTextEnd.Absent), (reader.ReadText(Device, TextEncoding.Ascii, 10, true, Stopping) is var empty ? (empty.Text, empty.End) : default));

        // Filled with zeros, it ends there.
        text = reader.ReadText(Device - 300, TextEncoding.Ascii, 4096, true, Filling);
        Assert.Equal((300UL, MemoryTextEnd.Terminator, 0), (text.Size, text.End, text.Absent.Count));
    }

    [Fact]
    public void RangesThatGoOnAreCountedOnce()
    {
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        var tally = new AbsentTally();
        foreach (MemoryBlock block in reader.ReadBlocks(Device, 0x3000, 0x300, Filling))
        {
            foreach (AbsentRange range in block.Absent)
            {
                tally.Add(range);
            }
        }

        Assert.Equal((3, 0x3000UL), (tally.Ranges, tally.Bytes));
        Assert.Null(new AbsentTally().Describe(reader, AbsentMemory.Fill));
    }

    [Fact]
    public void AHexDumpShowsWhatIsMissing()
    {
        "Hello, \x1bworld!"u8.CopyTo(_machine.Memory.AsSpan(0x6000 - 18));
        _machine.Memory[0x5fff] = 0xe9;
        using MemoryDump dump = Open();
        MemoryBlock block = MemoryReader.Of(dump.Space()).ReadBlocks(Device - 18, 24, 100, Filling).Single();
        Assert.Equal(
            "0000000000012fee  48 65 6c 6c 6f 2c 20 1b  77 6f 72 6c 64 21 " + $"{_machine.Memory[0x5ffc]:x2} {_machine.Memory[0x5ffd]:x2}",
            HexDump.Lines(block, 16).Split('\n')[0][..66]);
        Assert.EndsWith("  Hello, .world!" + Shown(0x5ffc) + Shown(0x5ffd), HexDump.Lines(block, 16).Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(
            $"00012ffe  {_machine.Memory[0x5ffe]:x2} e9 ?? ?? ?? ?? ?? ??                           " + Shown(0x5ffe) + ".      \n",
            HexDump.Lines(block, 8).Split('\n')[1] + "\n");

        char Shown(int offset) => _machine.Memory[offset] is >= 0x20 and < 0x7f and var c ? (char)c : '.';
    }

    [Fact]
    public void TextOfAFixedLengthKeepsWhatIsInIt()
    {
        "ab\0cd"u8.CopyTo(_machine.Memory.AsSpan(0x8000));
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump.Space());
        Assert.Equal("ab\0cd", reader.ReadText(First, TextEncoding.Ascii, 5, false, new ReadOptions()).Text);
        MemoryText text = reader.ReadText(First, TextEncoding.Ascii, 1, true, new ReadOptions());
        Assert.Equal(("a", MemoryTextEnd.Length), (text.Text, text.End));
        Assert.Equal("", reader.ReadText(First + 2, TextEncoding.Ascii, 100, true, new ReadOptions()).Text);
    }

    [Fact]
    public void ThePhysicalReaderTakesWhatTheDumpHolds()
    {
        using MemoryDump dump = Open();
        MemoryReader reader = MemoryReader.Of(dump);
        byte[] bytes = new byte[_machine.Memory.Length];
        Assert.Equal(bytes.Length, reader.Read(SmallMachine.RamBase, bytes, new ReadOptions()));
        Assert.Equal(_machine.Memory, bytes);

        // A hole is one range however large, and found at once.
        AbsentRange hole = reader.FirstAbsent(SmallMachine.OtherDeviceStart + 0x1000, 0x1000, Filling)!.Value;
        Assert.Equal(AbsenceReason.NotInDump, hole.Reason);
        Assert.Equal(AbsenceReason.Device, reader.Locate(SmallMachine.DeviceStart, 1).Absence);
    }

    private MemoryDump Open() =>
        MemoryDump.Open(_folder.Write($"{Guid.NewGuid():n}.elf", _machine.Fossil(ElfClass.Elf64, padded: true)));
}
