using System.Globalization;
using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Relocations;

/// <summary>The names of relocation types, all of them against what readelf prints for all numbers of all machines.</summary>
public sealed class RelocationTypeTests
{
    [Theory]
    [InlineData(ElfMachine.X86_64, 6, "R_X86_64_GLOB_DAT")]
    [InlineData(ElfMachine.X86_64, 43, "R_X86_64_CODE_4_GOTPCRELX")]
    [InlineData(ElfMachine.X86_64, 47, "R_X86_64_CODE_5_GOTTPOFF")]
    [InlineData(ElfMachine.X86_64, 48, "R_X86_64_CODE_5_GOTPC32_TLSDESC")]
    [InlineData(ElfMachine.X86_64, 51, "R_X86_64_CODE_6_GOTPC32_TLSDESC")]
    [InlineData(ElfMachine.X86_64, 99, "R_X86_64_0x63")]
    [InlineData(ElfMachine.I386, 42, "R_386_IRELATIVE")]
    [InlineData(ElfMachine.Arm, 28, "R_ARM_CALL")]
    [InlineData(ElfMachine.AArch64, 1027, "R_AARCH64_RELATIVE")]
    [InlineData(ElfMachine.RiscV, 61, "R_RISCV_SUB_ULEB128")]
    [InlineData(ElfMachine.RiscV, 41, "R_RISCV_GOT32_PCREL")]
    [InlineData(ElfMachine.RiscV, 65, "R_RISCV_TLSDESC_CALL")]
    [InlineData(ElfMachine.RiscV, 191, "R_RISCV_VENDOR")]
    [InlineData(ElfMachine.Mips, 104, "R_MIPS16_HI16")]
    [InlineData(ElfMachine.LoongArch, 110, "R_LARCH_CALL36")]
    [InlineData(ElfMachine.LoongArch, 14, "R_LARCH_TLS_DESC64")]
    [InlineData(ElfMachine.LoongArch, 102, "R_LARCH_ALIGN")]
    [InlineData(ElfMachine.LoongArch, 126, "R_LARCH_TLS_DESC_PCREL20_S2")]
    [InlineData(ElfMachine.LoongArch, 139, "R_LARCH_TLS_DESC_PCADD_LO12")]
    [InlineData(ElfMachine.None, 1, "R_NONE_0x1")]
    [InlineData((ElfMachine)0x1234, 0xffffffff, "R_0x1234_0xffffffff")]
    public void Types_have_names(ElfMachine machine, uint type, string name) => Assert.Equal(name, ElfRelocationTypes.Name(machine, type));

    [Fact]
    public void No_two_numbers_of_a_machine_have_one_name()
    {
        int names = 0;
        foreach (ElfMachine machine in Enumerable.Range(0, 0x10000).Select(i => (ElfMachine)i))
        {
            IReadOnlyList<KeyValuePair<uint, string>> known = ElfRelocationTypes.Known(machine);
            Assert.Equal(known.Count, known.Select(k => k.Value).Distinct().Count());
            Assert.All(known, k => Assert.Equal(k.Value, ElfRelocationTypes.Name(machine, k.Key)));
            Assert.All(known, k => Assert.StartsWith("R_", k.Value, StringComparison.Ordinal));
            names += known.Count;
        }

        Assert.True(names > 4000, $"{names} names");
    }

    [ToolFact("readelf")]
    public void Types_are_named_as_readelf_names_them()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "types.o");
        var wrong = new List<string>();
        int same = 0;
        foreach (ElfMachine machine in Enum.GetValues<ElfMachine>().Append((ElfMachine)0x1059).Distinct())
        {
            foreach ((ElfClass elfClass, int count) in new[] { (ElfClass.Elf32, 256), (ElfClass.Elf64, 1200) })
            {
                // Types of both are bytes in 64-bit files, which have more of them in the word.
                if (elfClass == ElfClass.Elf64 && machine is ElfMachine.Mips or ElfMachine.SparcV9)
                {
                    continue;
                }

                var builder = new ObjectBuilder(elfClass, ElfData.LittleEndian, machine);
                byte[] table = builder.Words(Enumerable.Range(0, count).SelectMany(i => new[] { (ulong)i, (ulong)i, 0ul }));
                File.WriteAllBytes(path, builder.Add(".rela", 4, table).Build());
                foreach (string line in Tool.Run("readelf", "-rW", path).Output.Split('\n'))
                {
                    string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    if (words.Length < 3 || !uint.TryParse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint type))
                    {
                        continue;
                    }

                    string ours = ElfRelocationTypes.Name(machine, type);
                    bool unknown = words[2].StartsWith("unrecognized", StringComparison.Ordinal);
                    bool isNewer = machine is ElfMachine.X86_64 or ElfMachine.L1OM or ElfMachine.K1OM or ElfMachine.RiscV or ElfMachine.LoongArch;
                    if (unknown ? !isNewer && !ours.Contains("_0x", StringComparison.Ordinal) : ours != words[2])
                    {
                        wrong.Add($"{machine} {type}: {ours} instead of {words[2]}");
                    }

                    same += unknown ? 0 : 1;
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(same > 5000, $"{same} names were compared");
    }
}
