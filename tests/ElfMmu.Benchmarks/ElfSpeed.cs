using System.Diagnostics;
using System.Globalization;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How fast headers, sections and symbols of ELF files are read, beside readelf and pyelftools: of all files below some folders, and of the
/// one with the most symbols. The files are in the system's cache.
/// </summary>
internal static class ElfSpeed
{
    private const int Rounds = 3;
    private const int BigRounds = 7;
    private const int PerProcess = 4000;
    private const double MostOfPyElfTools = 1 / 50.0;

    private const string ReadWithPyElfTools = """
        import sys
        from elftools.elf.elffile import ELFFile
        from elftools.elf.sections import SymbolTableSection
        n = 0
        with open(sys.argv[1], 'rb') as f:
            for section in ELFFile(f).iter_sections():
                if isinstance(section, SymbolTableSection):
                    for s in section.iter_symbols():
                        _ = (s.name, s['st_value'], s['st_size'], s['st_info']['type'], s['st_info']['bind'], s['st_shndx'])
                        n += 1
        print(n)
        """;

    /// <summary>One CSV line a figure.</summary>
    /// <param name="places">Folders and files.</param>
    public static IEnumerable<string> Lines(string[] places)
    {
        string[] files = [.. Find(places)];
        string big = files.MaxBy(Symbols) ?? throw new ArgumentException("There is no ELF file in what was named.");
        long symbols = Symbols(big);
        long all = files.Sum(Symbols);
        string name = string.Create(CultureInfo.InvariantCulture, $"{files.Length} files with {all} symbols");
        foreach ((string how, Action<string> read) in Ways)
        {
            (double ours, double theirs, double ratio) = Timing.Pairs(Rounds, () => Each(files, read), () => Quiet("readelf", ["-hSsW"], files));
            yield return Line($"{name}: {how}", ours, "readelf -hSsW", theirs, ratio, 1);
        }

        if (Cli() is { } cli)
        {
            (double ours, double theirs, double ratio) = Timing.Pairs(
                Rounds,
                () =>
                {
                    Quiet(cli, ["header"], files);
                    Quiet(cli, ["sections"], files);
                    Quiet(cli, ["symbols"], files);
                },
                () => Quiet("readelf", ["-hSsW"], files));
            yield return Line($"{name}: elfmmu header; elfmmu sections; elfmmu symbols", ours, "readelf -hSsW", theirs, ratio, 1);
        }

        name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(big)} with {symbols} symbols");
        foreach ((string how, Action<string> read) in Ways)
        {
            (double ours, double theirs, double ratio) = Timing.Pairs(BigRounds, () => read(big), () => Quiet("readelf", ["-hSsW"], [big]));
            yield return Line($"{name}: {how}", ours, "readelf -hSsW", theirs, ratio, 1);
        }

        if (Cli() is { } program)
        {
            (double ours, double theirs, double ratio) = Timing.Pairs(BigRounds, () => Quiet(program, ["symbols"], [big]), () => Quiet("readelf", ["-sW"], [big]));
            yield return Line($"{name}: elfmmu symbols", ours, "readelf -sW", theirs, ratio, 1);
        }

        string? python = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(p => Succeeds(p, "-c", "import elftools"));
        if (python != null)
        {
            List<double> theirs = [.. Enumerable.Range(0, Rounds).Select(_ => Timing.Once(() => Quiet(python, ["-c", ReadWithPyElfTools], [big])))];
            double slow = Timing.Median(theirs);
            foreach ((string how, Action<string> read) in Ways)
            {
                double ours = Timing.Median([.. Enumerable.Range(0, BigRounds).Select(_ => Timing.Once(() => read(big)))]);
                yield return Line($"{name}: {how}", ours, "pyelftools", slow, ours / slow, MostOfPyElfTools);
            }
        }
    }

    private static (string How, Action<string> Read)[] Ways =>
    [
        ("entries", ReadEntries),
        ("objects, every property of the table", ReadObjects),
        ("objects as text", path => WriteObjects(path, Stream.Null)),
    ];

    private static void Each(string[] files, Action<string> read)
    {
        foreach (string file in files)
        {
            read(file);
        }
    }

    /// <summary>The engine's loop without an object a symbol: every field, and the bytes of every name.</summary>
    private static void ReadEntries(string path)
    {
        using ElfFile file = ElfFile.Open(path);
        ulong sum = 0;
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            sum += file.SectionHeaders[i].Size + (ulong)file.SectionName(i).Length;
        }

        foreach (ElfSymbolTable table in ElfSymbolTables.Of(file))
        {
            for (int i = 0; i < table.Count; i++)
            {
                ElfSymbolEntry s = table[i];
                sum += s.Value + s.Size + (ulong)s.Type + (ulong)s.Binding + (ulong)s.Visibility + (table.SectionOf(i, s) ?? 0) + (ulong)table.NameBytes(s).Length;
            }
        }

        Keep(sum);
    }

    /// <summary>What the cmdlets hand out: an object a section and a symbol, and all that its table shows.</summary>
    private static void ReadObjects(string path)
    {
        using ElfFile file = ElfFile.Open(path);
        ulong sum = (ulong)file.Header.MachineName.Length;
        foreach (ElfSection s in ElfSections.Read(file))
        {
            sum += s.Size + s.Address + s.Offset + (ulong)(s.Name.Length + s.TypeName.Length + s.FlagLetters.Length);
        }

        foreach (ElfSymbol s in ElfSymbolTables.Symbols(file))
        {
            sum += s.Value + s.Size + (ulong)(s.TypeName.Length + s.BindingName.Length + s.VisibilityName.Length + s.SectionText.Length + s.Name.Length)
                + (ulong)(s.Version?.Length ?? 0);
        }

        Keep(sum);
    }

    private static void WriteObjects(string path, Stream output)
    {
        using ElfFile file = ElfFile.Open(path);
        using var writer = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        ElfHeader h = file.Header;
        writer.WriteLine($"{h.Class} {h.Data} {h.TypeName} {h.MachineName} {h.EntryPoint:x} {h.Flags:x}");
        foreach (ElfSection s in ElfSections.Read(file))
        {
            writer.WriteLine($"{s.Index,5} {s.Name,-20} {s.TypeName,-16} {s.Address:x16} {s.Offset:x8} {s.Size:x8} {s.EntrySize,3} {s.FlagLetters,3} {s.Link,3} {s.Info,3} {s.Alignment,3}");
        }

        foreach (ElfSymbol s in ElfSymbolTables.Symbols(file))
        {
            writer.WriteLine($"{s.Index,6} {s.Value:x16} {s.Size,6} {s.TypeName,-12} {s.BindingName,-10} {s.VisibilityName,-12} {s.SectionText,5} {s.FullName}");
        }
    }

    private static IEnumerable<string> Find(string[] places) => places.SelectMany<string, string>(place => File.Exists(place)
        ? [Path.GetFullPath(place)]
        : Directory.EnumerateFiles(Path.GetFullPath(place), "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        }).Where(IsElf).Order(StringComparer.Ordinal));

    private static bool IsElf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[52];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && ElfReader.IsElf(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Symbols(string path)
    {
        using ElfFile file = ElfFile.Open(path);
        return ElfSymbolTables.Of(file).Sum(t => (long)t.Count);
    }

    private static string? Cli()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string program = Path.Combine(folder.FullName, "src", "ElfMmu.Cli", "bin", "Release", "net10.0", "elfmmu");
            if (File.Exists(program))
            {
                return Succeeds(program, "symbols", "--help") ? program : null;
            }
        }

        return null;
    }

    /// <summary>Runs a program over the files, as many at once as a command line takes, its output going nowhere.</summary>
    private static void Quiet(string program, string[] arguments, string[] files)
    {
        foreach (string[] some in files.Chunk(PerProcess))
        {
            // A shell makes /dev/null of the output, so that no pipe is between the program and nothing.
            using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments, .. some])
            {
                UseShellExecute = false,
                Environment = { ["LC_ALL"] = "C" },
            })!;
            process.WaitForExit();
        }
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // What nobody asks for needn't be computed; this asks.
    private static void Keep(ulong sum)
    {
        if (sum == 1)
        {
            Console.Error.WriteLine();
        }
    }

    private static string Line(string what, double ours, string rival, double theirs, double ratio, double limit) => string.Create(
        CultureInfo.InvariantCulture, $"\"{what}\",{ours:f1} ms,{rival},{theirs:f1} ms,{ratio:f4},{limit:f2}");
}
