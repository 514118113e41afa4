using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>Crash dumps that are damaged, cut off, or hold no memory.</summary>
public sealed class HostileWindowsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(16);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1u)]
    [InlineData(5u)]
    [InlineData(6u)]
    [InlineData(9u)]
    [InlineData(10u)]
    public void ADumpThatIsCutOffOpensAsFarAsItGoes(uint type)
    {
        byte[] bytes = File(type).Bytes();
        foreach (int missing in new[] { 1, 4095, 4096, 4097, 0x5000, 0xb000, 0xc000, 0xffff })
        {
            using MemoryDump dump = Open(bytes[..^missing]);
            Assert.Equal(0x10000UL - (ulong)missing, dump.Memory.Size);
            Assert.Equal((ulong)missing, dump.MissingSize);
            string warning = Assert.Single(dump.Warnings);
            Assert.Contains($"0x{missing:x} bytes", warning, StringComparison.Ordinal);
            Assert.Contains($"0x{bytes.Length - missing:x}", warning, StringComparison.Ordinal);
            Assert.Contains("absent", warning, StringComparison.Ordinal);
            Check(dump, 0x10000 - missing, filled: false);
        }
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(5u)]
    [InlineData(10u)]
    public void WhatIsCutOffIsZerosOnlyWhenAskedFor(uint type)
    {
        byte[] bytes = File(type).Bytes();
        using MemoryDump dump = Open(bytes[..^0xc800], new DumpOptions { ZeroFill = true });
        Assert.Equal(0x10000UL, dump.Memory.Size);
        Assert.Equal(0xc800UL, dump.MissingSize);
        Assert.Contains("zeros", Assert.Single(dump.Warnings), StringComparison.Ordinal);
        Check(dump, 0x10000 - 0xc800, filled: true);
    }

    [Fact]
    public void ZerosForARunThatIsCutOffDontHideAnotherRun()
    {
        byte[] bytes = (File(1) with { Runs = [(0x20, _memory), (0x22, new byte[0x10000])] }).Bytes();
        byte[] cut = bytes[..^0x10000];

        // Now the second run is cut off before its first page, and would cover most of the first.
        using MemoryDump dump = Open(cut, new DumpOptions { ZeroFill = true });
        byte[] read = new byte[0x12000];
        Assert.True(dump.Memory.TryRead(0x20000, read));
        Assert.Equal([.. _memory, .. new byte[0x2000]], read);
    }

    [Fact]
    public void AListMayBeginAtPageZero()
    {
        using MemoryDump dump = Open((File(8) with { Runs = [(0, _memory[..0x4000]), (0x100, _memory[0x4000..])] }).Bytes());
        Assert.Equal([(0UL, 0x4000UL), (0x10_0000UL, 0xc000UL)], dump.Memory.Runs.Select(r => (r.Start, r.Size)));
        Assert.Empty(dump.Warnings);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(5u)]
    [InlineData(9u)]
    [InlineData(10u)]
    public void ADumpCutOffBeforeItsFirstPageIsTruncated(uint type)
    {
        byte[] bytes = File(type).Bytes();
        int first = bytes.Length - 0x10000;
        foreach (int length in new[] { 8, 100, 0x1fff, 0x2000, 0x2001, 0x2037, 0x2038, 0x2039, first - 1, first }.Where(l => l <= first))
        {
            Throws.Error("DumpTruncated", () => Open(bytes[..length]));
        }
    }

    [Theory]
    [InlineData(4u, "small memory dump")]
    [InlineData(3u, "header")]
    public void DumpsWithoutMemoryAreNotSupported(uint type, string what)
    {
        ElfMmuException e = Throws.Error("DumpUnsupported", () => Open(File(type).Bytes()));
        Assert.Equal(ErrorKind.NotSupported, e.Kind);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
        Assert.Contains("complete", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEncryptedDumpIsNotSupported()
    {
        ElfMmuException e = Throws.Error("DumpUnsupported", () => Open((File(1) with { Attributes = 0x100 }).Bytes()));
        Assert.Contains("encrypted", e.Message, StringComparison.Ordinal);

        // Decrypted again; and what nobody has set.
        using MemoryDump dump = Open((File(1) with { Attributes = 0x200 }).Bytes());
        using MemoryDump unset = Open((File(1) with { Attributes = 0x4547_4150 }).Bytes());
    }

    [Theory]
    [InlineData("MDMP")]
    [InlineData("USERDUMP")]
    [InlineData("USERDU64")]
    public void DumpsOfProcessesAreNotSupported(string head)
    {
        ElfMmuException e = Throws.Error("DumpUnsupported", () => Open([.. Encoding.ASCII.GetBytes(head), 0x93, 0xa7, .. new byte[0x4000]]));
        Assert.Contains("process", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(44u)]
    [InlineData(0x4547_4150u)]
    [InlineData(uint.MaxValue)]
    public void ACountOfRunsBeyondTheHeaderIsInconsistent(uint count) =>
        Throws.Error("DumpInconsistent", () => Open((File(1) with { Spoil = Put(0x88, count) }).Bytes()));

    [Fact]
    public void RunsThatOverlapAreInconsistent() => Throws.Error(
        "DumpInconsistent", () => Open((File(1) with { Runs = [(1, _memory[..0x3000]), (3, _memory[0x3000..])] }).Bytes()));

    [Theory]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(1UL << 40, 1UL)]
    [InlineData(0xff_ffff_ffffUL, 2UL)]
    public void RunsBeyondAllAddressesAreInconsistent(ulong page, ulong count)
    {
        Action<byte[]> spoil = f =>
        {
            BitConverter.GetBytes(page).CopyTo(f, 0xa8);
            BitConverter.GetBytes(count).CopyTo(f, 0xb0);
        };
        Throws.Error("DumpInconsistent", () => Open((File(1) with { Spoil = spoil }).Bytes()));
    }

    [Fact]
    public void ARunThatClaimsFarMoreThanTheFileHoldsIsCutNotAllocated()
    {
        byte[] bytes = (File(1) with { Spoil = f => BitConverter.GetBytes(0xff_0000_0000UL).CopyTo(f, 0xd0) }).Bytes();
        using MemoryDump dump = Open(bytes);
        Assert.Equal(0x10000UL, dump.Memory.Size);
        using MemoryDump filled = Open(bytes, new DumpOptions { ZeroFill = true });
        Assert.Equal(0x10000UL, filled.Memory.Size);
        Assert.Contains(filled.Warnings, w => w.Contains("too many", StringComparison.Ordinal));
    }

    [Fact]
    public void ATotalThatIsntTheRunsIsAWarning()
    {
        using MemoryDump dump = Open((File(1) with { Spoil = Put(0x90, 17) }).Bytes());
        Assert.Equal(0x10000UL, dump.Memory.Size);
        Assert.Contains("17", Assert.Single(dump.Warnings), StringComparison.Ordinal);
        using MemoryDump bitmap = Open((File(5) with { Spoil = Put(0x2028, 17) }).Bytes());
        Assert.Equal(0x10000UL, bitmap.Memory.Size);
        Assert.Contains("17", Assert.Single(bitmap.Warnings), StringComparison.Ordinal);
        using MemoryDump ranges = Open((File(10) with { Spoil = Put(0x2028, 17) }).Bytes());
        Assert.Contains("17", Assert.Single(ranges.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x20, 0x2000UL)]
    [InlineData(0x20, 0UL)]
    [InlineData(0x20, 0x2038UL)]
    [InlineData(0x28, ulong.MaxValue)]
    [InlineData(0x30, 0UL)]
    [InlineData(0x30, ulong.MaxValue)]
    [InlineData(0x30, ulong.MaxValue - 6)]
    [InlineData(0x30, 1UL << 41)]
    public void ABitmapThatContradictsItselfIsInconsistent(int at, ulong value) =>
        Throws.Error("DumpInconsistent", () => Open((File(5) with { Spoil = f => BitConverter.GetBytes(value).CopyTo(f, 0x2000 + at) }).Bytes()));

    [Fact]
    public void ABitmapBeyondTheFileIsTruncated() => Throws.Error("DumpTruncated", () => Open((File(5) with
    {
        Spoil = f =>
        {
            BitConverter.GetBytes(1UL << 40).CopyTo(f, 0x2020);
            BitConverter.GetBytes(1UL << 38).CopyTo(f, 0x2030);
        },
    }).Bytes()));

    [Theory]
    [InlineData(0x10, 0UL)]
    [InlineData(0x10, ulong.MaxValue)]
    [InlineData(0x18, 0UL)]
    [InlineData(0x18, 0x202fUL)]
    [InlineData(0x18, ulong.MaxValue)]
    public void AListThatContradictsItselfIsInconsistent(int at, ulong value) =>
        Throws.Error("DumpInconsistent", () => Open((File(9) with { Spoil = f => BitConverter.GetBytes(value).CopyTo(f, 0x2000 + at) }).Bytes()));

    [Fact]
    public void ATableWhoseSignatureIsGoneIsInconsistent()
    {
        Throws.Error("DumpInconsistent", () => Open((File(5) with { Spoil = Put(0x2000, 0) }).Bytes()));
        Throws.Error("DumpInconsistent", () => Open((File(9) with { Spoil = Put(0x2004, 0) }).Bytes()));
    }

    [Fact]
    public void AKindThatIsntKnownIsReadByItsTables()
    {
        using (MemoryDump dump = Open((File(1) with { Spoil = Put(0xf98, 0x4547_4150) }).Bytes()))
        {
            Assert.Equal(0x10000UL, dump.Memory.Size);
            Assert.Single(dump.Warnings);
        }

        using (MemoryDump dump = Open((File(5) with { Spoil = Put(0xf98, 77) }).Bytes()))
        {
            Assert.Equal(0x10000UL, dump.Memory.Size);
        }

        Throws.Error("DumpUnsupported", () => Open((File(4) with { Spoil = Put(0xf98, 77) }).Bytes()));
    }

    [Fact]
    public void ABitmapOfEverySecondPageStaysAsSmallAsTheFile()
    {
        // Eight million bits, and 16 pages: only what has bytes becomes a run.
        const int Bits = 8_000_000;
        byte[] front = (File(5) with { Runs = [(0, [])] }).Bytes()[..0x2038];
        byte[] bitmap = new byte[Bits / 8];
        Array.Fill(bitmap, (byte)0x55);
        BitConverter.GetBytes((ulong)(front.Length + bitmap.Length)).CopyTo(front, 0x2020);
        BitConverter.GetBytes((ulong)Bits / 2).CopyTo(front, 0x2028);
        BitConverter.GetBytes((ulong)Bits).CopyTo(front, 0x2030);
        byte[] bytes = [.. front, .. bitmap, .. _memory];
        using MemoryDump dump = Open(bytes);
        Assert.Equal(16, dump.Memory.Runs.Count);
        Assert.Equal(0x2000UL, dump.Memory.Runs[1].Start);
        using MemoryDump filled = Open(bytes, new DumpOptions { ZeroFill = true });
        Assert.InRange(filled.Memory.Runs.Count, 17, (1 << 20) + 16);
    }

    private static Action<byte[]> Put(int at, uint value) => f => BitConverter.GetBytes(value).CopyTo(f, at);

    private WindowsDumpFile File(uint type) => new()
    {
        Type = type,
        Root = 0x1000,
        Runs = [(1, _memory[..0x1000]), (0x13, _memory[0x1000..0x5000]), (0x40, _memory[0x5000..0xa000]), (0x80, _memory[0xa000..])],
    };

    /// <summary>Checks the memory of <see cref="File"/> byte by byte: what is there, and what follows.</summary>
    private void Check(MemoryDump dump, int held, bool filled)
    {
        (int Page, int From, int To)[] runs = [(1, 0, 0x1000), (0x13, 0x1000, 0x5000), (0x40, 0x5000, 0xa000), (0x80, 0xa000, 0x10000)];
        foreach ((int page, int from, int to) in runs)
        {
            int there = Math.Clamp(held - from, 0, to - from);
            ulong start = (ulong)page * 4096;
            byte[] bytes = new byte[there];
            Assert.True(dump.Memory.TryRead(start, bytes));
            Assert.Equal(_memory[from..(from + there)], bytes);
            if (from + there < to)
            {
                byte[] rest = new byte[to - from - there];
                Array.Fill(rest, (byte)1);
                Assert.Equal(filled, dump.Memory.TryRead(start + (ulong)there, rest.AsSpan(0, 1)));
                if (filled)
                {
                    Assert.True(dump.Memory.TryRead(start + (ulong)there, rest));
                    Assert.False(rest.ContainsAnyExcept((byte)0));
                }
            }
        }
    }

    private MemoryDump Open(byte[] bytes, DumpOptions? options = null) => MemoryDump.Open(_folder.Write("dump.dmp", bytes), options);
}
