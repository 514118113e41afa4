using System.Diagnostics;

namespace ElfMmu.Tests.Support;

/// <summary>Programs of others that read what we write.</summary>
internal static class Tools
{
    private static readonly Lazy<string?> PythonWithElfTools = new(() =>
        new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import elftools").ExitCode == 0));

    private static readonly Lazy<string?> PythonWithPeFile = new(() =>
        new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import pefile").ExitCode == 0));

    private static readonly Lazy<string?> PythonWithSnappy = new(() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import snappy, crcmod").ExitCode == 0));

    private static readonly Lazy<string?> PythonWithVolatility = new(() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import volatility3.framework.layers.avml").ExitCode == 0));

    private static readonly Lazy<string?> PythonWithKdumpfile = new(() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import kdumpfile").ExitCode == 0));

    private static readonly Lazy<string?> PythonWithLzo = new(() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => Exists(p) && Run(p, "-c", "import lzo").ExitCode == 0));

    // It says of each compression whether it was built with it.
    private static readonly Lazy<string> Makedumpfile = new(() =>
        Exists("makedumpfile") && Run("makedumpfile", "-v") is var said ? said.Output + said.Errors : "");

    private static readonly Lazy<bool> CanMount = new(() =>
    {
        using var folder = new TempFolder();
        return Exists("mount") && MountSmallDisk(folder.Path) && Run("umount", folder.Path).ExitCode == 0;
    });

    private static readonly Lazy<bool> CanTrace = new(() =>
        Gdb != null && File.Exists("/bin/true") && Run(Gdb, "-nx", "-batch", "-ex", "run", "/bin/true").Output
            .Contains("exited normally", StringComparison.Ordinal));

    /// <summary>A Python with pyelftools, or null.</summary>
    public static string? Python => PythonWithElfTools.Value;

    /// <summary>A Python with pefile, or null.</summary>
    public static string? PePython => PythonWithPeFile.Value;

    /// <summary>A Python with python3-snappy and python3-crcmod, or null.</summary>
    public static string? SnappyPython => PythonWithSnappy.Value;

    /// <summary>A Python that finds Volatility 3's modules (PYTHONPATH can say where), or null.</summary>
    public static string? VolatilityPython => PythonWithVolatility.Value;

    /// <summary>A Python with libkdumpfile's binding, or null.</summary>
    public static string? KdumpPython => PythonWithKdumpfile.Value;

    /// <summary>A Python with python3-lzo, or null.</summary>
    public static string? LzoPython => PythonWithLzo.Value;

    /// <summary>A GDB for all architectures if there is one, else the host's; null if there is none.</summary>
    public static string? Gdb { get; } = Exists("gdb-multiarch") ? "gdb-multiarch" : Exists("gdb") ? "gdb" : null;

    /// <summary>A browser that works without a screen, or null.</summary>
    public static string? Browser { get; } = new[] { "chromium", "chromium-browser", "google-chrome" }.FirstOrDefault(Exists);

    /// <summary>Why a tool can't be used, or null; "pyelftools", "gdb" and "browser" are those above, "tmpfs" a disk.</summary>
    public static string? Missing(string tool) => tool switch
    {
        "" => null,
        "pyelftools" => Python == null ? "Needs a python3 with pyelftools." : null,
        "kdumpfile" => KdumpPython == null ? "Needs a python3 with kdumpfile." : null,
        "lzo" => LzoPython == null ? "Needs a python3 with lzo." : null,
        "makedumpfile lzo" or "makedumpfile snappy" or "makedumpfile zstd" => Makedumpfile.Value.Contains(tool.Split(' ')[1] + "\tenabled", StringComparison.Ordinal)
            ? null
            : $"Needs a makedumpfile with {tool.Split(' ')[1]}.",
        "pefile" => PePython == null ? "Needs a python3 with pefile." : null,
        "snappy" => SnappyPython == null ? "Needs a python3 with snappy and crcmod." : null,
        "volatility3" => VolatilityPython == null ? "Needs a python3 that finds volatility3." : null,
        "tmpfs" => CanMount.Value ? null : "Needs the right to mount a tmpfs.",
        "browser" => Browser == null ? "Needs chromium or google-chrome." : Missing("timeout"),
        "ptrace" => CanTrace.Value ? null : "Needs a gdb that may run programs of this machine.",
        "gdb" => Gdb == null ? "Needs gdb-multiarch or gdb." : null,
        _ => Exists(tool) ? null : $"Needs {tool}.",
    };

    /// <summary>Makes a folder a disk of 1 MiB; only root may.</summary>
    public static bool MountSmallDisk(string folder) =>
        Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder).ExitCode == 0;

    /// <summary>Runs a program in the C locale to its end.</summary>
    public static ToolResult Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, errors.Result);
    }

    /// <summary>Gives commands to GDB with a core opened and no start-up file read.</summary>
    public static ToolResult RunGdb(string core, params IEnumerable<string> commands) => Run(
        Gdb!,
        [
            "-nx", "-batch", "-ex", "set pagination off", "-ex", $"core-file {core}",
            .. commands.SelectMany(c => new[] { "-ex", c }),
        ]);

    private static bool Exists(string tool) => tool.Contains('/')
        ? File.Exists(tool)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(d => File.Exists(Path.Combine(d, tool)));
}
