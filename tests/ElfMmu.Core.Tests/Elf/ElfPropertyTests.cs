using ElfMmu.Elf;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class ElfPropertyTests
{
    private static readonly Gen<(ElfClass Class, ElfData Data)> Format = Gen.Elements(ElfSamples.AllFormats.ToArray());

    // Any 64-bit number, and often one of those at which something changes.
    private static readonly Gen<ulong> Number = Gen.OneOf(
        ArbMap.Default.GeneratorFor<DoNotSize<ulong>>().Select(n => n.Item),
        Gen.Elements<ulong>(0, 1, 0xfeff, 0xff00, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, ulong.MaxValue));

    private static readonly Gen<ulong[]> Numbers = Number.ArrayOf(10);

    [Fact]
    public void A_header_is_read_as_it_was_written() =>
        Prop.ForAll(Arb.From(Format.Zip(Numbers)), input =>
        {
            var ((elfClass, data), n) = (input.Item1, input.Item2);
            var mask = elfClass == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;
            var size = (uint)ElfEncoder.HeaderSize(elfClass);
            var layout = new ElfLayout
            {
                Class = elfClass,
                Data = data,
                OsAbi = (ElfOsAbi)(byte)n[0],
                AbiVersion = (byte)n[1],
                Type = (ElfType)(ushort)n[2],
                Machine = (ElfMachine)(ushort)n[3],
                Flags = (uint)n[4],
                EntryPoint = n[5] & mask,
                ProgramHeaderOffset = n[6] & mask,
                ProgramHeaderCount = (uint)n[7],
                SectionHeaderOffset = size,
                SectionHeaderCount = Math.Max(1, n[8] & mask),
                SectionNameIndex = (uint)n[9],
            };
            var file = new byte[ElfEncoder.HeaderSize(elfClass) + ElfEncoder.SectionHeaderSize(elfClass)];
            ElfEncoder.WriteHeader(file, layout);
            ElfEncoder.WriteSectionZero(file.AsSpan((int)size), layout);
            var h = ElfSamples.Open(file).Header;
            return layout == new ElfLayout
            {
                Class = h.Class,
                Data = h.Data,
                OsAbi = h.OsAbi,
                AbiVersion = h.AbiVersion,
                Type = h.Type,
                Machine = h.Machine,
                Flags = h.Flags,
                EntryPoint = h.EntryPoint,
                ProgramHeaderOffset = h.ProgramHeaderOffset,
                ProgramHeaderCount = h.ProgramHeaderCount,
                SectionHeaderOffset = h.SectionHeaderOffset,
                SectionHeaderCount = h.SectionHeaderCount,
                SectionNameIndex = h.SectionNameIndex,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Program_headers_are_read_as_they_were_written() =>
        Prop.ForAll(Arb.From(Format.Zip(Numbers.ArrayOf())), input =>
        {
            var ((elfClass, data), rows) = (input.Item1, input.Item2);
            var mask = elfClass == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;
            var headers = rows.Select(n => new ElfProgramHeader
            {
                Type = (ElfSegmentType)(uint)n[0],
                Flags = (ElfSegmentFlags)(uint)n[1],
                Offset = n[2] & mask,
                VirtualAddress = n[3] & mask,
                PhysicalAddress = n[4] & mask,
                FileSize = n[5] & mask,
                MemorySize = n[6] & mask,
                Alignment = n[7] & mask,
            }).ToArray();
            var (start, size) = (ElfEncoder.HeaderSize(elfClass), ElfEncoder.ProgramHeaderSize(elfClass));
            var file = new byte[start + (headers.Length * size)];
            ElfEncoder.WriteHeader(file, new ElfLayout
            {
                Class = elfClass,
                Data = data,
                ProgramHeaderOffset = (ulong)start,
                ProgramHeaderCount = (ulong)headers.Length,
            });
            for (var i = 0; i < headers.Length; i++)
            {
                ElfEncoder.WriteProgramHeader(file.AsSpan(start + (i * size)), elfClass, data, headers[i]);
            }

            return ElfSamples.Open(file).ReadProgramHeaders().SequenceEqual(headers);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_section_header_is_read_as_it_was_written() =>
        Prop.ForAll(Arb.From(Format.Zip(Numbers)), input =>
        {
            var ((elfClass, data), n) = (input.Item1, input.Item2);
            var mask = elfClass == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;
            var section = new ElfSectionHeader
            {
                NameOffset = (uint)n[0],
                Type = (uint)n[1],
                Flags = n[2] & mask,
                Address = n[3] & mask,
                Offset = n[4] & mask,
                Size = n[5] & mask,
                Link = (uint)n[6],
                Info = (uint)n[7],
                Alignment = n[8] & mask,
                EntrySize = n[9] & mask,
            };
            var (start, size) = (ElfEncoder.HeaderSize(elfClass), ElfEncoder.SectionHeaderSize(elfClass));
            var file = new byte[start + (2 * size)];
            ElfEncoder.WriteHeader(file, new ElfLayout
            {
                Class = elfClass,
                Data = data,
                SectionHeaderOffset = (ulong)start,
                SectionHeaderCount = 2,
            });
            ElfEncoder.WriteSectionHeader(file.AsSpan(start + size), elfClass, data, section);
            return ElfSamples.Open(file).ReadSectionHeader(1) == section;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Notes_are_read_as_they_were_built() =>
        Prop.ForAll(Arb.From(Format.Zip(Gen.Choose(0, 40).Two().ArrayOf())), input =>
        {
            var ((elfClass, data), sizes) = (input.Item1, input.Item2);
            var notes = sizes
                .Select((s, i) => (Name: new string('N', s.Item1), Type: (uint)i + 1, Bytes: Fill(s.Item2)))
                .ToArray();
            var builder = new ElfNoteBuilder(data);
            foreach (var (name, type, bytes) in notes)
            {
                builder.Add(name, type, bytes);
            }

            var start = ElfEncoder.HeaderSize(elfClass);
            var file = new byte[start + builder.Length];
            ElfEncoder.WriteHeader(file, new ElfLayout { Class = elfClass, Data = data });
            builder.ToArray().CopyTo(file, start);
            var read = ElfSamples.Open(file)
                .EnumerateNotes(new ElfProgramHeader { Offset = (ulong)start, FileSize = (ulong)builder.Length, Alignment = 4 })
                .ToArray();
            return read.Length == notes.Length
                && read.Zip(notes).All(p => p.First.Name == p.Second.Name && p.First.Type == p.Second.Type
                    && p.First.Description.Span.SequenceEqual(p.Second.Bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static byte[] Fill(int size) => [.. Enumerable.Range(1, size).Select(i => (byte)i)];
}
