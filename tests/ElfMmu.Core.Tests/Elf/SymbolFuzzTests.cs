using System.Diagnostics;
using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Hashing;
using ElfMmu.Elf.Symbols;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Damaged files: whatever stands in the tables, reading ends soon, and nothing but our own exception comes out.</summary>
public sealed class SymbolFuzzTests
{
    private const int Rounds = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damaged_files_are_read_as_far_as_they_are_sound(int seed)
    {
        var random = new Random(seed);
        byte[][] samples = [.. ElfFiles.OfThisSystem(6).Select(File.ReadAllBytes).Where(b => b.Length < 400_000).Take(12)];
        Assert.True(samples.Length > 0 || !OperatingSystem.IsLinux());
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < Rounds && samples.Length > 0; round++)
        {
            byte[] bytes = [.. samples[round % samples.Length]];
            int[] places = Places(bytes);
            for (int i = random.Next(1, 12); i > 0; i--)
            {
                int at = random.Next(3) == 0 || places.Length == 0 ? random.Next(16, bytes.Length) : places[random.Next(places.Length)] + random.Next(16);
                bytes[Math.Min(at, bytes.Length - 1)] = random.Next(3) switch { 0 => 0xff, 1 => 0, _ => (byte)random.Next(256) };
            }

            Read(bytes, loaded: (round & 1) != 0);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(3), clock.Elapsed.ToString());
    }

    /// <summary>Where the headers of sections and the first records of each section are: what damage hurts most.</summary>
    private static int[] Places(byte[] bytes)
    {
        using ElfFile file = ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/sample"));
        List<int> places = [];
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (section.Type is 2 or 5 or 6 or 11 or >= 0x6ffffff6 && section.Offset < (ulong)bytes.Length)
            {
                places.Add((int)section.Offset);
                places.Add((int)section.Offset + 16);
                places.Add((int)file.Header.SectionHeaderOffset + (i * ElfEncoder.SectionHeaderSize(file.Header.Class)) + 24);
            }
        }

        return [.. places];
    }

    private static void Read(byte[] bytes, bool loaded)
    {
        try
        {
            var input = new ElfMemoryInput(bytes);
            using ElfFile file = loaded
                ? ElfFile.OpenLoaded(input, new ElfFileSource("/sample"), 0, null, 0x7f0000000000)
                : ElfFile.Open(input, new ElfFileSource("/sample"));
            ElfSymbolTable[] tables = [.. ElfSymbolTables.Of(file)];
            foreach (ElfSymbolTable table in tables)
            {
                // Together at most as many as the file has room for, twice.
                Assert.True(table.Count <= bytes.Length / 16);
                foreach (ElfSymbol symbol in table.Symbols.Take(2000))
                {
                    _ = symbol.ToString() + symbol.SectionName + symbol.TypeName + symbol.Address;
                }
            }

            var index = new ElfSymbolIndex(tables);
            _ = index.At(0x1000);
            _ = index.Named("main").Count();
            foreach (ElfDynamicEntry entry in ElfDynamicTable.Of(file)?.Entries.Take(5000) ?? [])
            {
                _ = entry.ToString();
            }

            foreach (ElfHashTable table in ElfHashTables.Of(file))
            {
                Assert.True(table.FoundCount <= table.CheckedCount);
                _ = table.Find("printf");
            }
        }
        catch (ElfMmuException)
        {
            // A header that can't be read at all.
        }
    }
}
