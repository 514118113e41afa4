using System.Diagnostics;
using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>As many things as a kernel has.</summary>
public sealed class DwarfLargeTests
{
    [Fact]
    public void A_kernels_symbols_are_written_in_a_moment()
    {
        DwarfTarget target = DwarfTargets.Of("x86-64 5");
        Write(target, 1000);
        var watch = Stopwatch.StartNew();
        IReadOnlyList<DwarfSection> sections = Write(target, 100_000);
        watch.Stop();
        Assert.True(sections[0].Content.Length > 3_000_000);

        // About 0.3 s of a processor; the limit is for machines that do much else, and far below what squares would take.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [ToolFact("pyelftools")]
    public void Random_types_are_read_back_as_they_were_written()
    {
        using var folder = new TempFolder();
        for (int seed = 0; seed < 6; seed++)
        {
            DwarfTarget target = DwarfTargets.Of(new[] { "x86-64 4", "i386 5", "ppc 4", "ppc64 5", "armeb 5", "riscv64 4" }[seed]);
            DwarfTypeLibrary library = DwarfTypes.ParseC(new RandomC(seed).Text(120), target);
            var unit = new DwarfUnit { Name = "types.c" };
            library.AddTo(unit);
            string[] lines = DwarfDump.Of(folder.Write("a.elf", DwarfElf.Of(unit, target)));
            foreach (DwarfStructType type in library.Types.OfType<DwarfStructType>().Where(t => t.Size != null && t.Name != null))
            {
                string line = Assert.Single(lines, l => l.StartsWith($"{type}: ", StringComparison.Ordinal));
                Assert.StartsWith($"{type}: size {type.Size}; ", line, StringComparison.Ordinal);
                foreach (DwarfMember member in type.Members)
                {
                    string place = member.BitSize is { } bits ? $"@{member.BitOffset} bits {bits}:" : $"@{member.Offset}:";
                    Assert.Contains($"; {member.Name ?? "None"} {place} ", line, StringComparison.Ordinal);
                }
            }
        }
    }

    private static IReadOnlyList<DwarfSection> Write(DwarfTarget target, int count)
    {
        var unit = new DwarfUnit { Name = "vmlinux" };
        var number = new DwarfBaseType("int", 4, DwarfEncoding.Signed);
        for (int i = 0; i < count; i++)
        {
            ulong at = 0xffffffff81000000 + ((ulong)i * 0x40);
            unit.Functions.Add(new DwarfFunction($"function_{i}", at, 0x30) { Frame = DwarfFrame.FramePointer(4) });
            unit.Variables.Add(new DwarfVariable($"variable_{i}", 0xffffffff88000000 + ((ulong)i * 8), i % 2 == 0 ? number : null));
        }

        return DwarfWriter.Write(unit, target);
    }
}
