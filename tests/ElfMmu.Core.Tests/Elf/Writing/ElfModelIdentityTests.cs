using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>A file that is read and written again is the same file.</summary>
public sealed class ElfModelIdentityTests(ITestOutputHelper output)
{
    [Fact]
    public void Real_files_come_out_byte_by_byte()
    {
        int files = 0;
        int symbols = 0;
        int relocations = 0;
        int notes = 0;
        var machines = new HashSet<string>();
        var wrong = new List<string>();
        foreach (string path in RealElfFiles.Find(150))
        {
            using ElfFile file = ElfFile.Open(path);
            byte[] expected = File.ReadAllBytes(path);
            try
            {
                ElfModel model = ElfModel.Read(file);
                if (!model.ToArray().AsSpan().SequenceEqual(expected))
                {
                    wrong.Add(path);
                }

                symbols += model.Symbols.Count;
                relocations += model.Relocations.Count;
                notes += model.Notes.Count;
                if (model.Sections.Exists(s => s.Type == ElfModelSectionTypes.SymTab) && model.Symbols.Count == 0)
                {
                    output.WriteLine($"{path}: its symbols stayed bytes.");
                }
            }
            catch (ElfMmuException e)
            {
                wrong.Add($"{path}: {e.Message}");
            }

            files++;
            machines.Add($"{file.Header.MachineName} {file.Header.Class} {file.Header.Data} {file.Header.TypeName}");
        }

        output.WriteLine($"{files} files, {symbols} symbols, {relocations} relocations, {notes} notes; {string.Join(", ", machines.Order())}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }
}
