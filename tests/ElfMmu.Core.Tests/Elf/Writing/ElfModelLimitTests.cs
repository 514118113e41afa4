using System.Diagnostics;
using ElfMmu.Elf;
using ElfMmu.Elf.Checking;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Elf.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>What a model does with very many segments, with numbers of 8 bytes among words, and when it is told to stop.</summary>
public sealed class ElfModelLimitTests
{
    [Fact]
    public void Many_program_header_tables_take_no_time()
    {
        var model = new ElfModel { Machine = ElfMachine.X86_64 };
        for (int i = 0; i < 60_000; i++)
        {
            model.Segments.Add(new ElfModelSegment(ElfSegmentType.ProgramHeaderTable, ElfSegmentFlags.Read));
        }

        var watch = Stopwatch.StartNew();
        Assert.Equal(64 + (60_000 * 56), model.ToArray().Length);

        // Looked for by each, the segment that loads the headers took 20 s.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), watch.Elapsed.ToString());
    }

    [Fact]
    public void Properties_of_8_bytes_are_numbers_of_8_bytes()
    {
        byte[] little =
        [
            4, 0, 0, 0, 56, 0, 0, 0, 5, 0, 0, 0, .. "GNU\0"u8,
            1, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
            2, 0, 0, 0xc0, 4, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0,
            1, 0, 0, 0xc0, 16, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ];
        byte[] big =
        [
            0, 0, 0, 4, 0, 0, 0, 56, 0, 0, 0, 5, .. "GNU\0"u8,
            0, 0, 0, 1, 0, 0, 0, 8, 8, 7, 6, 5, 4, 3, 2, 1,
            0xc0, 0, 0, 2, 0, 0, 0, 4, 4, 3, 2, 1, 0, 0, 0, 0,
            0xc0, 0, 0, 1, 0, 0, 0, 16, 8, 7, 6, 5, 4, 3, 2, 1, 16, 15, 14, 13, 12, 11, 10, 9,
        ];
        byte[] bytes = [.. little];
        ElfByteOrder.Swap(bytes, ElfSectionTypes.Note, 0, 8, ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.AArch64);
        Assert.Equal(big, bytes);
        ElfByteOrder.Swap(bytes, ElfSectionTypes.Note, 0, 8, ElfClass.Elf64, ElfData.BigEndian, ElfMachine.AArch64);
        Assert.Equal(little, bytes);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(4097, false)]
    public void All_segments_of_notes_are_translated_or_none(int count, bool isAllowed)
    {
        byte[] note = [4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, .. "abc\0"u8];
        var model = new ElfModel { Machine = ElfMachine.X86_64, Type = ElfType.Core };
        ulong start = 64 + ((ulong)count * 56);
        model.Pieces.Add(new ElfModelPiece(start, Enumerable.Repeat(note, count).SelectMany(b => b).ToArray()));
        for (int i = 0; i < count; i++)
        {
            model.Segments.Add(new ElfModelSegment(ElfSegmentType.Note, ElfSegmentFlags.Read) { Offset = start + (ulong)(i * 16), FileSize = 16 });
        }

        if (!isAllowed)
        {
            Assert.Equal("ElfTooManySegments", Assert.Throws<ElfMmuException>(() => model.WithByteOrder(ElfData.BigEndian)).ErrorId);
            return;
        }

        byte[] other = model.WithByteOrder(ElfData.BigEndian).ToArray();
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(4, other[(int)start + (i * 16) + 3]));
    }

    [Fact]
    public void Both_numbers_of_mips_have_relocations_of_one_layout()
    {
        foreach (ElfMachine machine in new[] { ElfMachine.Mips, ElfMachine.MipsRs3LittleEndian })
        {
            var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.LittleEndian, machine);
            byte[] bytes = builder.Add(".rela", 4, [.. builder.Words(0x10), 4, 3, 2, 1, 1, 6, 24, 7, .. builder.Words(0)]).Build();
            using ElfFile file = new MemorySource(bytes).OpenElf();
            ElfRelocation relocation = Assert.Single(ElfRelocations.Read(file));
            Assert.Equal((0x01020304u, 7u, 24u), (relocation.SymbolIndex, relocation.Type, relocation.Type2!.Value));
        }
    }

    [Fact]
    public void Writing_ends_in_the_middle()
    {
        using var source = new CancellationTokenSource();
        var model = new ElfModel { Machine = ElfMachine.X86_64, SectionHeaderOffset = 1ul << 50 };
        Assert.Throws<OperationCanceledException>(() => model.Write(new CancellingStream(source), source.Token));
    }

    [Fact]
    public void Each_check_ends_in_the_middle()
    {
        byte[] notes = [4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, .. "abc\0"u8];
        var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.SharedObject };
        byte[] rela = builder.Words(0, 1, 0);
        byte[] bytes = builder.Add(".strtab", 3, new byte[1]).Add(".symtab", 2, new byte[48], 1, 1).Add(".rela", 4, rela, 2).Add(".note", 7, notes).Build();
        using ElfFile file = new MemorySource(bytes).OpenElf();
        string[] ended = [.. ElfChecks.All.Where(c => Ends(c, file)).Select(c => c.GetType().Name)];
        foreach (string name in new[] { "SectionHeaderCheck", "SectionOverlapCheck", "SectionContentCheck", "SymbolTableCheck", "RelocationCheck", "NoteCheck" })
        {
            Assert.Contains(name, ended);
        }
    }

    private static bool Ends(IElfCheck check, ElfFile file)
    {
        try
        {
            check.Check(file, new CancellationToken(canceled: true));
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Takes everything, and wants no more after the first bytes.</summary>
    private sealed class CancellingStream(CancellationTokenSource source) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => source.Cancel();

        public override void Write(ReadOnlySpan<byte> buffer) => source.Cancel();
    }
}
