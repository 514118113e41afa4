using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Sections;

/// <summary>ELF files that this machine has anyway: its own, and those of compilers and emulators for other processors.</summary>
internal static class RealFiles
{
    private static readonly string[] Folders =
    [
        "/usr/lib/gcc", "/usr/lib/gcc-cross", "/usr/aarch64-linux-gnu", "/usr/arm-linux-gnueabihf", "/usr/riscv64-linux-gnu",
        "/usr/powerpc-linux-gnu", "/usr/powerpc64-linux-gnu", "/usr/mips-linux-gnu", "/usr/mips64el-linux-gnuabi64", "/usr/s390x-linux-gnu",
        "/usr/share/qemu", "/usr/libexec/valgrind", "/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/debug",
    ];

    /// <summary>Some of each kind: as many of one machine, class, byte order and type as are asked for, in the order of their names.</summary>
    public static List<string> Some(int ofEachKind)
    {
        var counts = new Dictionary<(ElfMachine, ElfClass, ElfData, ElfType), int>();
        var found = new List<string>();
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
        };
        foreach (string folder in Folders.Where(Directory.Exists))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal))
            {
                if (Kind(path) is not { } kind)
                {
                    continue;
                }

                int count = counts.GetValueOrDefault(kind);
                if (count < ofEachKind)
                {
                    counts[kind] = count + 1;
                    found.Add(path);
                }
            }
        }

        return found;
    }

    private static (ElfMachine, ElfClass, ElfData, ElfType)? Kind(string path)
    {
        try
        {
            Span<byte> start = stackalloc byte[4];
            using (var input = File.OpenHandle(path))
            {
                if (RandomAccess.Read(input, start, 0) < 4 || !ElfReader.IsElf(start))
                {
                    return null;
                }
            }

            using var file = ElfFile.Open(path);
            return (file.Header.Machine, file.Header.Class, file.Header.Data, file.Header.Type);
        }
        catch (Exception e) when (e is ElfMmuException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
