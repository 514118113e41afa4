using System.Diagnostics;

namespace ElfMmu.Tests.Support;

/// <summary>
/// Dumps too big for the repository: NAME.tar.xz in the folder that ELFMMU_DUMPS names. They are unpacked once and kept in the
/// temporary folder, under a name that changes when the archive does.
/// </summary>
internal static class BigDumps
{
    public static readonly string[] LinuxX86 =
        ["linux-x64-tiny", "linux-x64-tiny-la57", "linux-x64-128m", "linux-i386-tiny", "linux-i386-tiny-pae"];

    public static readonly string[] LinuxOthers =
    [
        "linux-riscv64-tiny-sv39", "linux-riscv64-tiny-sv48", "linux-riscv64-tiny-sv57", "linux-arm64-tiny-16k", "linux-arm64-tiny-64k",
        "linux-arm-tiny", "linux-arm-tiny-lpae",
    ];

    public static readonly string[] Linux = [.. LinuxX86, .. LinuxOthers];

    private static readonly Lock Gate = new();

    private static string? Library => Environment.GetEnvironmentVariable("ELFMMU_DUMPS");

    /// <summary>Why these dumps can't be had, or null.</summary>
    public static string? Missing(params IEnumerable<string> names) =>
        Library is not { Length: > 0 } library
            ? "Needs the folder of dumps that the environment variable ELFMMU_DUMPS names."
            : names.Where(n => !File.Exists(Archive(library, n))).ToArray() is { Length: > 0 } absent
                ? $"ELFMMU_DUMPS has no {string.Join(", ", absent)}."
                : null;

    /// <summary>The folder a dump is unpacked in.</summary>
    public static string Folder(string name)
    {
        var archive = new FileInfo(Archive(Library!, name));
        string kept = Path.Combine(
            Path.GetTempPath(), "elfmmu-test-dumps", $"{archive.Length:x}-{archive.LastWriteTimeUtc.Ticks:x}");
        lock (Gate)
        {
            if (!Directory.Exists(Path.Combine(kept, name)))
            {
                string unpacking = kept + "." + Guid.NewGuid().ToString("n");
                Directory.CreateDirectory(unpacking);
                using (var tar = Process.Start("tar", ["-xf", archive.FullName, "-C", unpacking]))
                {
                    tar.WaitForExit();
                    if (tar.ExitCode != 0)
                    {
                        throw new IOException($"tar can't unpack '{archive.FullName}'.");
                    }
                }

                Directory.Move(unpacking, kept);
            }
        }

        return Path.Combine(kept, name);
    }

    private static string Archive(string library, string name) => Path.Combine(library, name + ".tar.xz");
}
