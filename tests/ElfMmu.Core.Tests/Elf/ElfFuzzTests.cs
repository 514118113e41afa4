using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class ElfFuzzTests
{
    private const int PerFormat = 50_000;

    // The sample has under 1 KiB; what is left covers exceptions with their messages and stack traces.
    private const long AllocationLimit = 64 * 1024;

    public static TheoryData<ElfClass, ElfData> Formats => ElfSamples.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Mutated_files_end_in_our_exception_or_in_none(ElfClass elfClass, ElfData data)
    {
        var random = new Random(20240229);
        var original = ElfSamples.Typical(elfClass, data);
        int opened = 0, failed = 0;

        // What is set up once, for the first file ever read, is no matter of any file.
        ReadAll(original);
        for (var round = 0; round < PerFormat; round++)
        {
            var file = Mutate(original, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(file);
                opened++;
            }
            catch (ElfMmuException e)
            {
                failed++;
                Assert.NotEmpty(e.ErrorId);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}: {e}\n{Convert.ToHexString(file)}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocationLimit, $"round {round}: {allocated} bytes\n{Convert.ToHexString(file)}");
        }

        // Neither all harmless nor all hopeless, or the mutations would test nothing.
        Assert.InRange(opened, PerFormat / 10, PerFormat * 95 / 100);
        Assert.InRange(failed, PerFormat / 20, PerFormat * 90 / 100);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var length = random.Next(16) == 0 ? random.Next(original.Length) : original.Length;
        var file = original[..length];
        for (var i = random.Next(1, 6); i > 0 && length > 0; i--)
        {
            // Half of the changes go to the headers, where the sizes stand.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(length, 300) : length);
            switch (random.Next(4))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file.AsSpan(at, Math.Min(length - at, 1 << random.Next(4))).Fill(0xff);
                    break;
                default:
                    file.AsSpan(at, Math.Min(length - at, 1 << random.Next(4))).Clear();
                    break;
            }
        }

        return file;
    }

    private static void ReadAll(byte[] file)
    {
        var reader = ElfSamples.Open(file);
        var h = reader.Header;
        _ = (h.TypeName, h.TypeDescription, h.MachineName, h.MachineDescription, h.OsAbiName, h.OsAbiDescription);
        if (h.SectionHeaderCount > 0)
        {
            _ = Record.Exception(() => reader.ReadSectionHeader(h.SectionHeaderCount - 1)) is null or ElfMmuException
                ? true
                : throw new InvalidOperationException("a section header failed with another exception");
        }

        foreach (var segment in reader.ReadProgramHeaders())
        {
            _ = ElfNames.SegmentType(segment.Type, h.Machine) + ElfNames.SegmentFlags(segment.Flags);
            if (segment.Type == ElfSegmentType.Note)
            {
                foreach (var note in reader.EnumerateNotes(segment))
                {
                    var registers = new Dictionary<string, ulong>();
                    _ = QemuCpuNote.TryDecode(note.Description.Span, registers);
                    _ = CoreNoteLayouts.TryDecodePrStatus(h.Machine, h.Class, note.Description.Span, h.Data, registers);
                }
            }
        }
    }
}
