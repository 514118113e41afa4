using ElfMmu.Elf;
using ElfMmu.Elf.Checking;
using ElfMmu.Elf.Notes;
using ElfMmu.Elf.Relocations;
using ElfMmu.Tests.Elf.Notes;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Relocations;

public sealed class RelocationTests
{
    private const int FuzzRounds = 20_000;

    [Theory]
    [InlineData(ElfData.BigEndian)]
    [InlineData(ElfData.LittleEndian)]
    public void Mips64_has_three_types_in_an_order_of_its_own(ElfData data)
    {
        // r_sym 0x01020304 as a word; then the bytes r_ssym 1, r_type3 6, r_type2 24, r_type 7.
        byte[] symbol = data == ElfData.BigEndian ? [1, 2, 3, 4] : [4, 3, 2, 1];
        var builder = new ObjectBuilder(ElfClass.Elf64, data, ElfMachine.Mips);
        byte[] table = [.. builder.Words(0x10), .. symbol, 1, 6, 24, 7, .. builder.Words(unchecked((ulong)-8L))];
        ElfRelocation r = Assert.Single(Read(builder.Add(".rela", 4, table), out _));
        Assert.Equal((0x10ul, 0x0102030401061807ul, 0x01020304u, -8L), (r.Offset, r.Info, r.SymbolIndex, r.Addend));
        Assert.Equal(("R_MIPS_GPREL16", "R_MIPS_SUB", "R_MIPS_LO16", 1u), (r.TypeName, r.Type2Name, r.Type3Name, r.SpecialSymbol));
    }

    [Fact]
    public void Sparc64_has_a_second_addend()
    {
        var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.BigEndian, ElfMachine.SparcV9);
        byte[] table = builder.Words(0x10, 0xfffff021, 4, 0x18, 0x20, 0);
        ElfRelocation[] r = Read(builder.Add(".rela", 4, table), out _);
        Assert.Equal(("R_SPARC_OLO10", -16), (r[0].TypeName, r[0].TypeData));
        Assert.Equal(("R_SPARC_64", (int?)null), (r[1].TypeName, r[1].TypeData));
    }

    [Fact]
    public void Packed_places_are_expanded_in_both_classes()
    {
        foreach ((ElfClass elfClass, ulong step) in new[] { (ElfClass.Elf32, 4ul), (ElfClass.Elf64, 8ul) })
        {
            var builder = new ObjectBuilder(elfClass, ElfData.LittleEndian, ElfMachine.AArch64) { Type = ElfType.SharedObject };
            byte[] table = builder.Words(0x1000, 0b1011, 0b101, 0x8000);
            ulong next = 0x1000 + step;
            ulong behind = next + (step * ((step * 8) - 1));
            Assert.Equal([0x1000, next, next + (2 * step), behind + step, 0x8000], Read(builder.Add(".relr.dyn", 19, table), out _).Select(r => r.Offset));
        }
    }

    [Fact]
    public void A_symbol_that_is_not_there_is_said_once_and_left_without_a_name()
    {
        var builder = new ObjectBuilder(ElfClass.Elf32, ElfData.LittleEndian, ElfMachine.I386);
        ElfRelocation[] r = Read(
            builder.Add(".text", 1, new byte[4]).Add(".rel.text", 9, builder.Words(0, 0x501, 4, 0x601), link: 0, info: 1), out ElfFile file);
        Assert.Equal([(5u, (string?)null, ".text"), (6u, null, ".text")], r.Select(x => (x.SymbolIndex, x.SymbolName, x.TargetSection!)));
        Assert.All(r, x => Assert.Null(x.Addend));
        Assert.Equal("RelocationSymbolMissing", Assert.Single(file.Diagnostics).Id);
        Assert.Equal(["RelocationOutside", "RelocationSymbolMissing"], ElfChecks.Run(file).Select(f => f.Id).Where(i => i.StartsWith("Relocation", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Thousands_of_sections_over_the_same_bytes_are_read_once()
    {
        var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64);
        builder.Add(".rela", 4, new byte[24 * 100_000]);
        for (int i = 0; i < 30_000; i++)
        {
            builder.Add(".rela", 4, []);
        }

        byte[] bytes = builder.Build((i, header) => header.Type == 4 ? header with { Offset = 64, Size = 24 * 100_000 } : header);
        using ElfFile file = NoteContentTests.Open(bytes);
        Assert.InRange(ElfRelocations.Read(file).Count(), 100_000, 300_000);
        Assert.Contains(file.Diagnostics, d => d.Id == "RelocationsOverlap");
    }

    [Fact]
    public void A_table_that_ends_with_the_file_is_read_as_far_as_it_is_there()
    {
        var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64);
        byte[] bytes = builder.Add(".rela", 4, builder.Words(1, 8, 2)).Build((i, header) => header.Type == 4 ? header with { Size = ulong.MaxValue } : header);
        using ElfFile file = NoteContentTests.Open(bytes);
        Assert.Equal((1ul, "R_X86_64_RELATIVE", 2L), ElfRelocations.Read(file).Select(r => (r.Offset, r.TypeName, r.Addend!.Value)).First());
        Assert.Contains(file.Diagnostics, d => d.Id == "OutsideFile");
    }

    [Fact]
    public void Mutated_files_end_in_our_exception_or_in_none()
    {
        byte[] original = Sample();
        var random = new Random(20261122);
        int read = 0;
        for (int round = 0; round < FuzzRounds; round++)
        {
            byte[] bytes = [.. original];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                int at = random.Next(bytes.Length);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 << random.Next(4))).Fill(0xff);
                        break;
                    default:
                        bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 << random.Next(4))).Clear();
                        break;
                }
            }

            bytes = random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                using ElfFile file = NoteContentTests.Open(bytes);
                foreach (ElfRelocation r in ElfRelocations.Read(file).Take(100_000))
                {
                    _ = (r.Section, r.TargetSection, r.TypeName, r.Type2Name, r.Type3Name, r.SymbolName, r.Address);
                    read++;
                }

                foreach (ElfNoteItem n in ElfNoteItems.Read(file))
                {
                    _ = (n.Owner, n.TypeName, n.Text, n.Section);
                    read++;
                }
            }
            catch (ElfMmuException e)
            {
                Assert.NotEmpty(e.ErrorId);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}: {e}\n{Convert.ToHexString(bytes)}");
            }
        }

        Assert.True(read > FuzzRounds, $"{read} were read");
    }

    /// <summary>A file with tables of each kind, a symbol table and notes of each kind.</summary>
    private static byte[] Sample()
    {
        var builder = new ObjectBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.Core };
        byte[] text = new byte[64];
        byte[] property = [2, 0, 0, 0xc0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
        byte[] files = [.. builder.Words(2, 4096, 0x400000, 0x401000, 0, 0x401000, 0x402000, 1), .. "/a\0/b\0"u8];
        byte[] probe = [.. builder.Words(1, 2, 3), .. "p\0n\0-4@%eax\0"u8];
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian)
            .Add("GNU", 1, [0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]).Add("GNU", 3, [1, 2, 3]).Add("GNU", 5, property).Add("stapsdt", 3, probe)
            .Add("CORE", 1, new byte[336]).Add("CORE", 3, new byte[136]).Add("CORE", 6, builder.Words(3, 64, 9, 0x401000, 0, 0)).Add("CORE", 0x46494c45, files)
            .Add("CORE", 0x53494749, [11, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, .. new byte[116]]).Add("VMCOREINFO", 0, "OSRELEASE=1\nA=2"u8)
            .Add("FDO", 0xcafe1a7e, "{\"a\":[1,2.5,\"x\"]}"u8).Add("QEMU", 0, [1, 0, 0, 0, 0xb8, 1, 0, 0, .. new byte[432]]).Add("Go", 4, "id"u8).ToArray();
        return builder
            .Add(".text", 1, text)
            .Add(".strtab", 3, [0, .. "f\0"u8])
            .Add(".symtab", 2, [.. new byte[24], 1, 0, 0, 0, 0x12, 0, 1, 0, .. builder.Words(8, 4), 0, 0, 0, 0, 3, 0, 1, 0, .. builder.Words(0, 0)], link: 2)
            .Add(".rela.text", 4, builder.Words(0, 0x100000002, 4, 8, 0x200000001, 0), link: 3, info: 1)
            .Add(".rel.text", 9, builder.Words(0, 0x100000002), link: 3, info: 1)
            .Add(".relr.dyn", 19, builder.Words(0x1000, 0xff))
            .Add(".note", 7, notes)
            .Build();
    }

    private static ElfRelocation[] Read(ObjectBuilder builder, out ElfFile file)
    {
        file = NoteContentTests.Open(builder.Build());
        return [.. ElfRelocations.Read(file)];
    }
}
