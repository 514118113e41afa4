using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>Any model, written and read, is the same model; written again, the same bytes; in the other byte order and back, too.</summary>
public sealed class ElfModelPropertyTests
{
    private static readonly string[] Names = ["", ".a", ".b.a", ".text", ".rela.text", ".rodata", "x", "long name with spaces", "ünïcode"];

    private static readonly ElfMachine[] Machines = [ElfMachine.X86_64, ElfMachine.Arm, ElfMachine.Mips, ElfMachine.PowerPC, ElfMachine.RiscV];

    [Fact]
    public void Written_and_read_is_the_same() =>
        Prop.ForAll(Arb.From(ArbMap.Default.GeneratorFor<int>()), seed =>
        {
            ElfModel model = Random(new System.Random(seed));
            byte[] bytes = model.ToArray();
            using ElfFile file = Open(bytes);
            ElfModel read = ElfModel.Read(file);
            Assert.Equal(Describe(model), Describe(read, model.Sections.Count));
            Assert.Equal(bytes, read.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Fact]
    public void The_other_byte_order_says_the_same() =>
        Prop.ForAll(Arb.From(ArbMap.Default.GeneratorFor<int>()), seed =>
        {
            ElfModel model = Random(new System.Random(seed));
            ElfData other = model.Data == ElfData.LittleEndian ? ElfData.BigEndian : ElfData.LittleEndian;
            byte[] bytes = model.ToArray();
            byte[] turned = model.WithByteOrder(other).ToArray();
            using ElfFile file = Open(turned);
            Assert.Equal(other, file.Header.Data);
            ElfModel read = ElfModel.Read(file);
            Assert.Equal(
                Describe(model).Where(l => !l.StartsWith("section", StringComparison.Ordinal)),
                Describe(read, model.Sections.Count).Where(l => !l.StartsWith("section", StringComparison.Ordinal)));
            Assert.Equal(bytes, read.WithByteOrder(model.Data).ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    private static ElfModel Random(System.Random random)
    {
        bool is64 = random.Next(2) == 0;
        ulong Number() => is64 ? (ulong)random.NextInt64() : (uint)random.Next();
        var model = new ElfModel
        {
            Class = is64 ? ElfClass.Elf64 : ElfClass.Elf32,
            Data = random.Next(2) == 0 ? ElfData.LittleEndian : ElfData.BigEndian,
            Type = (ElfType)random.Next(5),
            Machine = Machines[random.Next(Machines.Length)],
            OsAbi = (ElfOsAbi)random.Next(256),
            AbiVersion = (byte)random.Next(256),
            Flags = (uint)random.Next(),
            EntryPoint = Number(),
            SharesNames = random.Next(2) == 0,
        };
        uint[] types = [1, 1, 3, 7, 8, 5, 6, 14, 17, 0x6ffffff6, 0x6ffffffd, 0x6ffffffe, 0x6fffffff, 0x7000002a, 0x12345678];
        for (int i = random.Next(12); i > 0; i--)
        {
            uint type = types[random.Next(types.Length)];
            byte[] content = new byte[type == 8 ? 0 : random.Next(100)];
            random.NextBytes(content);
            var section = new ElfModelSection(Names[random.Next(Names.Length)], type)
            {
                Content = content,
                Flags = Number() & 0x7,
                Address = Number(),
                Alignment = 1ul << random.Next(8),
                EntrySize = (ulong)random.Next(64),
                Info = (uint)random.Next(),
            };
            if (type == 8)
            {
                section.Size = Number();
            }

            if (model.Sections.Count > 0 && random.Next(3) == 0)
            {
                section.LinkedSection = model.Sections[random.Next(model.Sections.Count)];
            }

            model.Sections.Add(section);
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            // Ranges; sections in segments are placed by address, which other tests look at.
            model.Segments.Add(new ElfModelSegment((ElfSegmentType)random.Next(8), (ElfSegmentFlags)random.Next(8))
            {
                Offset = Number(),
                VirtualAddress = Number(),
                PhysicalAddress = Number(),
                FileSize = Number(),
                MemorySize = Number(),
                Alignment = Number(),
            });
        }

        for (int i = random.Next(20); i > 0; i--)
        {
            bool isIn = model.Sections.Count > 0 && random.Next(2) == 0;
            model.Symbols.Add(new ElfModelSymbol(Names[random.Next(Names.Length)], Number(), isIn ? model.Sections[random.Next(model.Sections.Count)] : null)
            {
                Size = Number(),
                Type = (byte)random.Next(16),
                Binding = (byte)random.Next(16),
                Other = (byte)random.Next(256),
                SectionIndex = isIn ? (ushort)0 : random.Next(2) == 0 ? (ushort)0 : ElfModelSymbolNumbers.Absolute,
            });
        }

        for (int i = model.Sections.Count > 0 && model.Symbols.Count > 0 ? random.Next(10) : 0; i > 0; i--)
        {
            model.Relocations.Add(new ElfModelRelocation(
                model.Sections[random.Next(model.Sections.Count)], Number(), is64 && model.Machine == ElfMachine.Mips ? (uint)random.Next() : (uint)random.Next(256),
                random.Next(4) == 0 ? null : model.Symbols[random.Next(model.Symbols.Count)],
                random.Next(2) == 0 ? null : is64 ? random.NextInt64() : random.Next()));
        }

        ElfModelSection? notes = model.Sections.Find(s => s.Type == 7);
        for (int i = notes is null ? 0 : random.Next(4); i > 0; i--)
        {
            byte[] description = new byte[random.Next(20)];
            random.NextBytes(description);
            model.Notes.Add(new ElfModelNote(notes!, new string('n', random.Next(9)), (uint)random.Next(), description));
        }

        return model;
    }

    private static IEnumerable<string> Describe(ElfModel model, int sections = int.MaxValue)
    {
        string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
        yield return $"{model.Class} {model.Type} {model.Machine} {model.OsAbi} {model.AbiVersion} {model.Flags:x} {model.EntryPoint:x}";
        HashSet<ElfModelSection> records = [.. model.Notes.Select(n => n.Section)];
        foreach (ElfModelSection section in model.Sections.Take(sections))
        {
            // Notes that happen to be sound are records after reading, bytes before.
            string content = records.Contains(section) || section.Type == 7 ? "" : $"{section.Size:x} {Hex(section.Content)}";
            yield return $"section '{section.Name}' {section.Type:x} {section.Flags:x} {section.Address:x} {section.Alignment} {section.EntrySize} " +
                $"{section.LinkedSection?.Name} {section.Info} {content}";
        }

        foreach (ElfModelSegment s in model.Segments)
        {
            yield return $"segment {s.Type} {s.Flags} {s.Offset:x} {s.VirtualAddress:x} {s.PhysicalAddress:x} {s.FileSize:x} {s.MemorySize:x} {s.Alignment:x}";
        }

        foreach (ElfModelSymbol s in model.Symbols.OrderBy(s => s.Binding != 0))
        {
            yield return $"symbol '{s.Name}' {s.Value:x} {s.Size:x} {s.Type} {s.Binding} {s.Other} '{s.Section?.Name}' {s.SectionIndex:x}";
        }

        // Tables are made in the order of their first relocation, and stay so.
        foreach (ElfModelRelocation r in model.Relocations.GroupBy(r => (r.Section, r.Addend is null)).SelectMany(g => g))
        {
            yield return $"relocation '{r.Section.Name}' {r.Offset:x} {r.Type:x} '{r.Symbol?.Name}' {r.Symbol?.Value:x} {r.Addend}";
        }

        if (model.Sections.Count(s => s.Type == 7) == 1)
        {
            foreach (ElfModelNote note in model.Notes)
            {
                yield return $"note '{note.Name}' {note.Type:x} {Hex(note.Description)}";
            }
        }
    }

    private static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/none"));
}
