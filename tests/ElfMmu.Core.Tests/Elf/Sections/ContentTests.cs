using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Sections;

/// <summary>Contents of sections: as they are, decompressed, and how much information is in them.</summary>
public sealed class ContentTests
{
    [ToolTheory("gcc", "objcopy")]
    [InlineData("zlib", "ELFCOMPRESS_ZLIB")]
    [InlineData("zlib-gnu", "ZLIB")]
    [InlineData("zstd", "ELFCOMPRESS_ZSTD")]
    public void Debugging_information_is_decompressed(string algorithm, string typeName)
    {
        using var folder = new TempFolder();
        string source = folder.Write("a.c", string.Concat(Enumerable.Range(0, 200).Select(i =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"struct type_{i} {{ int field_{i}; }} variable_{i};\n"))));
        string plain = folder.File("plain.o");
        string packed = folder.File("packed.o");
        ToolResult made = Tools.Run("gcc", "-g", "-gz=none", "-c", source, "-o", plain);
        Assert.True(made.ExitCode == 0, made.Errors);
        made = Tools.Run("objcopy", $"--compress-debug-sections={algorithm}", plain, packed);
        Assert.True(made.ExitCode == 0, made.Errors);

        Dictionary<string, byte[]> expected = Read(plain, new ElfSectionOptions { Content = true })
            .Where(s => s.Name.StartsWith(".debug", StringComparison.Ordinal)).ToDictionary(s => s.Name, s => s.Content!);
        ElfSection[] sections = [.. Read(packed, new ElfSectionOptions { Content = true, Decompress = true }).Where(s => s.IsCompressed)];
        Assert.NotEmpty(sections);
        foreach (ElfSection section in sections)
        {
            byte[] content = expected[section.Name.Replace(".zdebug", ".debug", StringComparison.Ordinal)];
            Assert.Equal(typeName, section.Compression!.TypeName);
            Assert.Equal((ulong)content.Length, section.Compression.Size);
            Assert.Equal(content, section.Content);
        }

        // Left as it is, it begins with what says how it is compressed.
        ElfSection raw = Read(packed, new ElfSectionOptions { Content = true }).First(s => s.IsCompressed);
        Assert.Equal(raw.Size, (ulong)raw.Content!.Length);
    }

    [Fact]
    public void A_bomb_and_a_lie_end_where_they_must()
    {
        // Its content is 8 bytes of noise behind a header that promises 2^60 bytes.
        byte[] file = new byte[64 + (2 * 64) + 32];
        ElfEncoder.WriteHeader(file, Layout(2));
        ElfEncoder.WriteSectionHeader(file.AsSpan(128), ElfClass.Elf64, ElfData.LittleEndian,
            new ElfSectionHeader { Type = 1, Flags = 0x800, Offset = 192, Size = 32 });
        file[192] = 1;
        BitConverter.GetBytes(1UL << 60).CopyTo(file, 200);
        file.AsSpan(216).Fill(0x55);
        using ElfFile elf = Open(file);
        ElfSection section = ElfSections.Read(elf, new ElfSectionOptions { Content = true, Decompress = true }).Last();
        Assert.Empty(section.Content!);
        Assert.Contains(elf.Diagnostics, d => d.Id == "CompressedContentDamaged");
    }

    [Fact]
    public void Thousands_of_sections_over_the_same_bytes_are_not_all_read()
    {
        const int Count = 20_000;
        byte[] file = new byte[64 + (Count * 64) + 1_000_000];
        ElfEncoder.WriteHeader(file, Layout(Count));
        for (int i = 1; i < Count; i++)
        {
            ElfEncoder.WriteSectionHeader(file.AsSpan(64 + (64 * i)), ElfClass.Elf64, ElfData.LittleEndian,
                new ElfSectionHeader { Type = 1, Offset = 64, Size = (ulong)file.Length - 64 });
        }

        using ElfFile elf = Open(file);
        int read = 0;
        int listed = 0;
        foreach (ElfSection section in ElfSections.Read(elf, new ElfSectionOptions { Content = true, Entropy = true }))
        {
            listed++;
            read += section.Content is { Length: > 0 } ? 1 : 0;
        }

        Assert.Equal(Count, listed);
        Assert.Equal(8, read);
        Assert.Contains(elf.Diagnostics, d => d.Id == "ContentLeftOut");
    }

    [Fact]
    public void Entropy_is_Shannons()
    {
        Assert.Equal(0, Shannon.Entropy(new byte[1000]));
        Assert.Equal(8, Shannon.Entropy([.. Enumerable.Range(0, 256).Select(i => (byte)i)]));
        Assert.Equal(1, Shannon.Entropy("abababab"u8));
        Assert.Equal(1.5, Shannon.Entropy("aabc"u8));
        Assert.Equal(0.918296, Shannon.Entropy("aab"u8), 6);
    }

    private static ElfLayout Layout(ulong sections) => new()
    {
        Class = ElfClass.Elf64, Data = ElfData.LittleEndian, Type = ElfType.Relocatable, Machine = ElfMachine.X86_64, SectionHeaderOffset = 64,
        SectionHeaderCount = sections,
    };

    private static ElfFile Open(byte[] file) => ElfFile.Open(new ElfMemoryInput(file), new ElfFileSource("/none"));

    private static List<ElfSection> Read(string path, ElfSectionOptions options)
    {
        using var file = ElfFile.Open(path);
        List<ElfSection> sections = [.. ElfSections.Read(file, options)];
        Assert.Empty(file.Diagnostics);
        return sections;
    }
}
