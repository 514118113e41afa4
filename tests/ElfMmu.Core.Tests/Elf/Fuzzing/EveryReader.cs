using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>Reads all there is to read of a file, each reader on its own, so that one's failing doesn't spare the others.</summary>
internal static class EveryReader
{
    private static readonly (string Name, Action<ElfFile> Read)[] Readers =
    [
        ("header", Header),
        ("segments", Segments),
        ("sections", Sections),
    ];

    /// <summary>Reads.</summary>
    /// <param name="bytes">The file.</param>
    /// <returns>Whether it could be opened.</returns>
    /// <exception cref="InvalidOperationException">A reader failed with another exception than ours, or failed though the file was opened
    /// and nothing was said about what would make it fail; the message names the reader.</exception>
    public static bool Read(byte[] bytes)
    {
        ElfFile opened;
        try
        {
            opened = ElfMutator.Open(bytes);
        }
        catch (ElfMmuException)
        {
            return false;
        }

        using ElfFile file = opened;
        foreach ((string name, Action<ElfFile> read) in Readers)
        {
            try
            {
                read(file);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"the reader of {name} failed: {e}", e);
            }
        }

        return true;
    }

    private static void Header(ElfFile file)
    {
        ElfHeader h = file.Header;
        _ = (h.TypeName, h.TypeDescription, h.MachineName, h.MachineDescription, h.OsAbiName, h.OsAbiDescription);
    }

    private static void Segments(ElfFile file)
    {
        foreach (ElfProgramHeader s in file.ProgramHeaders)
        {
            _ = ElfNames.SegmentType(s.Type, file.Header.Machine) + ElfNames.SegmentFlags(s.Flags);
            _ = file.TryLocate(s.VirtualAddress, out _, out _);
            _ = file.TryLocate(s.VirtualAddress + s.FileSize - 1, out _, out _);
        }
    }

    private static void Sections(ElfFile file)
    {
        for (int i = 0; i < Math.Min(file.SectionHeaders.Length, 500); i++)
        {
            _ = file.SectionName(i);
        }
    }
}
