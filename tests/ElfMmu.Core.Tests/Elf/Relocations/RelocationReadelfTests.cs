using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Symbols;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Relocations;

/// <summary>All relocations of real files, against what readelf prints.</summary>
public sealed partial class RelocationReadelfTests
{
    [ToolTheory("readelf")]
    [InlineData("/usr/bin", "*", 150)]
    [InlineData("/usr/lib/x86_64-linux-gnu", "*.so*", 100)]
    [InlineData("/usr/lib/x86_64-linux-gnu", "*.o", 50)]
    [InlineData("/usr/aarch64-linux-gnu/lib", "*.*o*", 60)]
    [InlineData("/usr/arm-linux-gnueabihf/lib", "*.*o*", 60)]
    [InlineData("/usr/i686-linux-gnu/lib", "*.*o*", 60)]
    [InlineData("/usr/riscv64-linux-gnu/lib", "*.*o*", 60)]
    [InlineData("/usr/lib/gcc", "crt*.o", 40)]
    [InlineData("/usr/lib/gcc-cross", "crt*.o", 100)]
    public void Relocations_are_those_of_readelf(string folder, string pattern, int most)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        int compared = 0;
        foreach (string path in RealElfFiles.In(folder, pattern, most))
        {
            compared += Compare(path);
        }

        Assert.True(compared > 10, $"{compared} relocations");
    }

    [ToolTheory("mips-linux-gnu-as", "readelf")]
    [InlineData("-mabi=64", "-EB")]
    [InlineData("-mabi=64", "-EL")]
    [InlineData("-mabi=n32", "-EB")]
    [InlineData("-mabi=32", "-EL")]
    public void Mips_has_up_to_three_types(string abi, string order)
    {
        using var folder = new TempFolder();
        string source = Path.Combine(folder.Path, "a.s");
        string made = Path.Combine(folder.Path, "a.o");
        File.WriteAllText(source,
            """
            .option pic2
            f:  .cpsetup $25, $3, f
                lui $4, %hi(%neg(%gp_rel(f)))
                addiu $4, $4, %lo(%neg(%gp_rel(f)))
                jal g
                .data
            d:  .word d + 4, g
                .gpword d

            """.Replace(".cpsetup", abi == "-mabi=32" ? "#" : ".cpsetup", StringComparison.Ordinal)
               .Replace("%neg(%gp_rel(f))", abi == "-mabi=32" ? "f" : "%neg(%gp_rel(f))", StringComparison.Ordinal));
        (string output, string errors) = Tool.Run("mips-linux-gnu-as", "-march=mips64r2", "-KPIC", abi, order, "-o", made, source);
        Assert.True(File.Exists(made), output + errors);
        Assert.True(Compare(made) > 3);
        using ElfFile file = ElfFile.Open(made);
        bool three = ElfRelocations.Read(file).Any(r => r.Type3Name == (order == "-EB" ? "R_MIPS_HI16" : "R_MIPS_LO16"));
        Assert.Equal(abi == "-mabi=64", three);
    }

    [ToolTheory("gcc", "readelf")]
    [InlineData("gcc")]
    [InlineData("i686-linux-gnu-gcc")]
    public void Packed_places_are_those_of_readelf(string compiler)
    {
        if (Tools.Missing(compiler) != null)
        {
            return;
        }

        using var folder = new TempFolder();
        string source = Path.Combine(folder.Path, "a.c");
        string made = Path.Combine(folder.Path, "a.so");
        var text = new StringBuilder("extern int puts(const char *); static int x; void *p[] = {");
        for (int i = 0; i < 300; i++)
        {
            text.Append(i % 7 == 0 || i is > 100 and < 180 ? "0," : "&x,");
        }

        File.WriteAllText(source, text + "}; int *far = &x; void f(void) { puts(\"x\"); }");
        _ = Tool.Run(compiler, "-shared", "-fPIC", "-nostdlib", "-Wl,-z,pack-relative-relocs", "-o", made, source);
        using ElfFile file = ElfFile.Open(made);
        ElfRelocation[] packed = [.. ElfRelocations.Read(file).Where(r => r.Format == ElfRelocationFormat.Relr)];
        Assert.InRange(packed.Length, 180, 260);
        Assert.All(packed, r => Assert.EndsWith("_RELATIVE", r.TypeName, StringComparison.Ordinal));
        Assert.True(Compare(made) > packed.Length);
    }

    [ToolFact("gcc", "readelf", "objcopy")]
    public void Without_sections_the_dynamic_section_leads_to_the_same()
    {
        foreach (string path in RealElfFiles.In("/usr/lib/x86_64-linux-gnu", "*.so*", 20))
        {
            byte[] bytes = File.ReadAllBytes(path);
            using ElfFile file = ElfFile.Open(path);
            string[] expected = [.. ElfRelocations.Read(file).Select(r => Line(r, true)).Order(StringComparer.Ordinal)];
            bytes.AsSpan(40, 8).Clear();
            bytes.AsSpan(60, 4).Clear();
            var input = new ElfMemoryInput(bytes);
            using ElfFile bare = ElfFile.Open(input, new ElfFileSource(path));
            ElfRelocation[] found = [.. ElfRelocations.Read(bare)];
            Assert.Equal(expected, found.Select(r => Line(r, true)).Order(StringComparer.Ordinal));
            Assert.All(found, r => Assert.StartsWith("DT_", r.Section, StringComparison.Ordinal));
            Assert.Empty(bare.Diagnostics);
        }
    }

    /// <summary>Compares a file's relocations, and says how many there were.</summary>
    private static int Compare(string path)
    {
        string[] theirs = [.. Theirs(path)];
        using ElfFile file = ElfFile.Open(path);
        string[] ours = [.. Ours(file)];
        for (int i = 0; i < Math.Min(theirs.Length, ours.Length); i++)
        {
            Assert.True(theirs[i] == ours[i], $"{path}, {i}:\n{theirs[i]}\n{ours[i]}");
        }

        Assert.Equal(theirs.Length, ours.Length);
        return ours.Length;
    }

    private static IEnumerable<string> Theirs(string path)
    {
        foreach (string line in Tool.Run("readelf", "-rW", path).Output.Split('\n'))
        {
            if (TableLine().Match(line) is { Success: true } table)
            {
                yield return table.Groups[1].Value;
            }
            else if (RowLine().IsMatch(line))
            {
                yield return Spaces().Replace(line, " ").Trim();
            }
        }
    }

    private static IEnumerable<string> Ours(ElfFile file)
    {
        int? section = null;
        foreach (ElfRelocation r in ElfRelocations.Read(file))
        {
            if (section != r.SectionIndex)
            {
                section = r.SectionIndex;
                yield return r.Section;
            }

            yield return Line(r, file.Header.Class == ElfClass.Elf64);
            if (r.Type2 != null)
            {
                yield return "Type2: " + r.Type2Name;
                yield return "Type3: " + r.Type3Name;
            }
        }
    }

    private static string Line(ElfRelocation r, bool is64)
    {
        string hex = is64 ? "x16" : "x8";
        string Number(ulong value) => value.ToString(hex, CultureInfo.InvariantCulture);
        if (r.Format == ElfRelocationFormat.Relr)
        {
            return Number(r.Offset);
        }

        var line = new StringBuilder($"{Number(r.Offset)} {Number(r.Info)} {r.TypeName}");
        if (r.Symbol is { } symbol)
        {
            line.Append(symbol.Type == ElfSymbolType.IndirectFunction ? $" {r.SymbolName}()" : $" {Number(symbol.Value)}")
                .Append($" {(r.SymbolName!.Length == 0 ? "<null>" : r.SymbolName)}");
        }

        if (r.Addend is { } addend)
        {
            ulong size = addend < 0 ? 0 - (ulong)addend : (ulong)addend;
            string sign = r.Symbol == null ? (addend < 0 ? "-" : "") : addend < 0 ? "- " : "+ ";
            line.Append(CultureInfo.InvariantCulture, $" {sign}{size:x}");
        }

        return Spaces().Replace(line.ToString(), " ");
    }

    [GeneratedRegex("^Relocation section '(.*)' at offset")]
    private static partial Regex TableLine();

    [GeneratedRegex("^([0-9a-f]{8}|[0-9a-f]{16})(  |$)|^ +Type[23]: ")]
    private static partial Regex RowLine();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
