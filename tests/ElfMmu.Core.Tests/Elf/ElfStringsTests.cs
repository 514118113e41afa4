using System.Text;
using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Sections;
using ElfMmu.Elf.Symbols;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Elf.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Names cost what their table has, also where each is "the rest of the table".</summary>
public sealed class ElfStringsTests
{
    private const int TableSize = 256 * 1024;
    private const int Entries = 8192;

    // Entries that start at different places of a table without a NUL, each with almost 512 KB of text: 4 GB in all.
    private const long MostChars = (2 * TableSize) + (Entries * (ElfStrings.ShortBytes + 1L));

    [Fact]
    public void Names_of_a_sound_table_are_whole_however_long()
    {
        string[] names = [.. Enumerable.Range(0, 500).Select(i => new string((char)('a' + (i % 26)), i * 7))];
        byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\0', names) + "\0" + new string('é', 400_000));
        var strings = new ElfStrings(bytes);
        for (int round = 0; round < 3; round++)
        {
            uint at = 0;
            foreach (string name in names)
            {
                Assert.Equal(name, strings[at]);
                Assert.Equal(name.Length, strings.Bytes(at).Length);
                at += (uint)name.Length + 1;
            }

            Assert.Equal(400_000, strings[at].Length);
        }

        Assert.Equal(("", 0), (strings[(uint)bytes.Length], strings.Bytes(uint.MaxValue).Length));
        Assert.False(strings.HasCut);
    }

    [Fact]
    public void All_names_together_cost_what_the_table_has()
    {
        var strings = new ElfStrings(Filled());
        long chars = 0;
        for (uint i = 0; i < Entries; i++)
        {
            chars += strings[i].Length;
            Assert.Equal(strings.Bytes(i).Length, strings[i].TrimEnd(ElfStrings.CutMark[0]).Length);
        }

        Assert.InRange(chars, 2, MostChars);
        Assert.True(strings.HasCut);
        Assert.EndsWith(ElfStrings.CutMark, strings[Entries - 1], StringComparison.Ordinal);
        string kept = strings[0];
        Assert.Equal(TableSize, kept.Length);
        Assert.Same(kept, strings[0]);
    }

    [Fact]
    public void A_name_is_cut_that_nothing_ends()
    {
        var strings = new ElfStrings(new byte[ElfStrings.MostBytes + 1].Select(_ => (byte)'x').ToArray());
        Assert.Equal(new string('x', ElfStrings.ShortBytes) + ElfStrings.CutMark, strings[0]);
        Assert.Equal(ElfStrings.MostBytes, strings[1].Length);
    }

    [Fact]
    public void Symbols_of_relocations_keep_no_more()
    {
        var builder = Builder().Add(".text", 1, new byte[8]).Add(".strtab", 3, Filled()).Add(".symtab", 2, Symbols(), 2, 1)
            .Add(".rela.text", 4, Builder().Words(Enumerable.Range(0, Entries).SelectMany(i => new ulong[] { 0, ((ulong)i << 32) | 1, 0 })), 3, 1);
        using ElfFile file = Open(builder);
        ElfRelocation[] relocations = [.. ElfRelocations.Read(file)];
        Assert.InRange(Unique(relocations.Select(r => r.Symbol?.Name)), 2, MostChars);
        Assert.Single(file.Diagnostics, d => d.Id == "NamesCut" && d.Section == 2);
    }

    [Fact]
    public void Version_needs_keep_no_more()
    {
        var needs = new MemoryStream();
        using var writer = new BinaryWriter(needs);
        writer.Write([1, 0, .. BitConverter.GetBytes((ushort)Entries)]);
        foreach (uint word in (uint[])[1, 16, 0, .. Enumerable.Range(0, Entries).SelectMany(i => new uint[] { 0, 0, (uint)i, 16 })])
        {
            writer.Write(word);
        }

        using ElfFile file = Open(Builder().Add(".dynstr", 3, Filled()).Add(".dynsym", 11, new byte[48], 1, 1)
            .Add(".gnu.version", 0x6fffffff, new byte[4], 2).Add(".gnu.version_r", 0x6ffffffe, needs.ToArray(), 1, 1));
        ElfSymbolVersions versions = Assert.IsType<ElfSymbolVersions>(Assert.Single(ElfSymbolTables.Of(file)).Versions);
        Assert.Equal(Entries, versions.Needs.Count);
        Assert.InRange(Unique(versions.Needs.SelectMany(n => new[] { n.File, n.Name })), 2, MostChars);
    }

    [Fact]
    public void Dynamic_entries_keep_no_more()
    {
        using ElfFile file = Open(Builder().Add(".dynstr", 3, Filled()).Add(
            ".dynamic", 6, Builder().Words([.. Enumerable.Range(0, Entries).SelectMany(i => new[] { 1ul, (ulong)i }), 0, 0]), 1));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        ElfDynamicEntry[] entries = [.. ElfDynamicTable.Of(file)!.Entries];
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 8 << 20);
        Assert.Equal(("Shared library: [" + new string('A', TableSize) + "]", Entries + 1), (entries[0].Text, entries.Length));
        Assert.InRange(Unique(entries.Select(e => e.Name)), 2, MostChars);
    }

    [Fact]
    public void Groups_keep_no_more()
    {
        ObjectBuilder builder = Builder().Add(".strtab", 3, Filled()).Add(".symtab", 2, Symbols(), 1, 1);
        for (uint i = 1; i <= 2000; i++)
        {
            builder.Add(".group", 17, [1, 0, 0, 0], 2, i);
        }

        using ElfFile file = Open(builder);
        ElfSection[] groups = [.. ElfSections.Read(file).Where(s => s.Type == 17)];
        Assert.Equal(2000, groups.Length);
        Assert.StartsWith("AAA", groups[^1].GroupName, StringComparison.Ordinal);
        Assert.InRange(Unique(groups.Select(g => g.GroupName)), 2, MostChars);
    }

    [Fact]
    public void A_model_leaves_such_tables_as_they_are()
    {
        byte[] bytes = Builder().Add(".text", 1, new byte[8]).Add(".strtab", 3, Filled()).Add(".symtab", 2, Symbols(), 2, 1).Build();
        using ElfFile file = new MemorySource(bytes).OpenElf();
        ElfModel model = ElfModel.Read(file);
        Assert.Empty(model.Symbols);
        Assert.Equal(bytes, model.ToArray());
    }

    // Those that are one object count once.
    private static long Unique(IEnumerable<string?> texts) =>
        texts.Where(t => t is not null).Distinct<string?>(ReferenceEqualityComparer.Instance).Sum(t => (long)t!.Length);

    private static byte[] Filled()
    {
        byte[] bytes = new byte[TableSize];
        Array.Fill(bytes, (byte)'A');
        return bytes;
    }

    private static byte[] Symbols() => Builder().Words(Enumerable.Range(0, Entries).SelectMany(
        i => i == 0 ? new ulong[3] : [(uint)i | (0x12ul << 32) | (1ul << 48), 0, 0]));

    private static ObjectBuilder Builder() => new(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64);

    private static ElfFile Open(ObjectBuilder builder) => new MemorySource(builder.Build()).OpenElf();
}
