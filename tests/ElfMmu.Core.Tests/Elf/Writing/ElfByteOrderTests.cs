using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>Files in the other byte order say the same, and come back as they were.</summary>
public sealed partial class ElfByteOrderTests(ITestOutputHelper output)
{
    private static readonly uint[] Types =
    [
        2, 4, 5, 6, 7, 9, 11, 14, 15, 16, 17, 18, 19, ElfSectionTypes.GnuHash, ElfSectionTypes.VersionDefinitions,
        ElfSectionTypes.VersionNeeds, ElfSectionTypes.SymbolVersions, ElfSectionTypes.MipsAbiFlags,
    ];

    [Fact]
    public void Twice_is_never_for_real_files()
    {
        int files = 0;
        foreach (string path in RealElfFiles.Find(40))
        {
            using ElfFile file = ElfFile.Open(path);
            ElfModel model = ElfModel.Read(file);
            byte[] other = model.WithByteOrder(Other(model.Data)).ToArray();
            Assert.NotEqual(File.ReadAllBytes(path), other);
            using ElfFile swapped = ElfFile.Open(new ElfMemoryInput(other), new ElfFileSource(path));
            byte[] again = ElfModel.Read(swapped).WithByteOrder(model.Data).ToArray();
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(again), path);
            files++;
        }

        output.WriteLine($"{files} files");
    }

    [Fact]
    public void Twice_is_never_whatever_a_section_says() => Prop.ForAll(
        Arb.From(Gen.Elements(Types).Zip(Gen.Elements(ElfSamples.AllFormats.ToArray())).Zip(Numbers)), input =>
        {
            ((uint type, (ElfClass elfClass, ElfData data)), byte[] bytes) = (input.Item1, input.Item2);
            bool once = false;
            foreach (ElfMachine machine in new[] { ElfMachine.X86_64, ElfMachine.Mips })
            {
                byte[] turned = [.. bytes];
                ElfByteOrder.Swap(turned, type, 0, 4, elfClass, data, machine);
                once |= bytes.Length < 64 || !turned.AsSpan().SequenceEqual(bytes) || !bytes.AsSpan().ContainsAnyExcept((byte)0);
                ElfByteOrder.Swap(turned, type, 0, 4, elfClass, Other(data), machine);
                if (!turned.AsSpan().SequenceEqual(bytes))
                {
                    return false;
                }
            }

            return once;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [ToolFact("readelf")]
    public void Readelf_prints_the_same_of_both_orders()
    {
        using var folder = new TempFolder();
        int files = 0;
        var wrong = new List<string>();
        foreach (string path in RealElfFiles.Find(6))
        {
            using ElfFile file = ElfFile.Open(path);
            ElfModel model = ElfModel.Read(file);
            string other = folder.Write("file", model.WithByteOrder(Other(model.Data)).ToArray());
            string expected = Report(path);
            string actual = Report(other);
            if (expected != actual)
            {
                string[] one = expected.Split('\n');
                string[] two = actual.Split('\n');
                int line = Enumerable.Range(0, Math.Min(one.Length, two.Length)).FirstOrDefault(i => one[i] != two[i]);
                wrong.Add($"{path}: '{one[line]}' has become '{two[line]}'.");
            }

            files++;
        }

        output.WriteLine($"{files} files");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10)));
    }

    // What there are in a hostile section: small numbers, so that chains go on, and any numbers.
    private static Gen<byte[]> Numbers => Gen.Elements<byte>(0, 0, 0, 1, 4, 8, 16, 20, 255).ArrayOf(200);

    private static ElfData Other(ElfData data) => data == ElfData.LittleEndian ? ElfData.BigEndian : ElfData.LittleEndian;

    private static string Report(string path)
    {
        ToolResult result = Tools.Run("readelf", "-hlSsrdVgnW", "--histogram", path);
        return Varying().Replace(result.Output, "");
    }

    // The header's first lines tell the byte order.
    [GeneratedRegex(@"^  (Magic|Data): .*\n|^File: .*\n", RegexOptions.Multiline)]
    private static partial Regex Varying();
}
