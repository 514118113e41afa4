using ElfMmu.Elf;

namespace ElfMmu.Cli.Commands;

/// <summary>Opens ELF files by the names that were given, and of an archive each member.</summary>
internal static class ElfPaths
{
    /// <summary>Does something with each file; one that fails doesn't stop the others.</summary>
    /// <param name="paths">The names as they were given.</param>
    /// <param name="terminal">Where messages go.</param>
    /// <param name="action">What is done, with the name as it was given, and behind it that of a member in parentheses.</param>
    /// <returns>The exit code: failed if any of them did.</returns>
    public static int Run(string[] paths, Terminal terminal, Action<string, ElfFile> action) => Each.Run(paths, terminal, path =>
    {
        int code = ExitCode.Done;
        string full = Path.GetFullPath(path);
        foreach (IElfSource source in ElfSources.Of(full))
        {
            code = Math.Max(code, Each.Run([source], terminal, s =>
            {
                using ElfFile file = s.OpenElf(terminal.Cancellation);
                action(path + s.Path[full.Length..], file);
            }));
        }

        return code;
    });
}
