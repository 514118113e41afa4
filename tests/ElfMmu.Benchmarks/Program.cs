using ElfMmu.Benchmarks;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Spaces;

// Prints one CSV line a figure: what,ours,rival,theirs,ratio,limit; which figures, the first argument says. build.ps1 -Task Bench makes
// tables of them.
string folder = Directory.CreateTempSubdirectory("elfmmu-bench-").FullName;
try
{
    IEnumerable<string> lines = args switch
    {
        [] => Figures(folder).Select(f => f.ToCsv()),
        ["modes"] => ModeSpeed.Lines(),
        ["roots"] => RootSpeed.Lines(folder),
        ["index"] => IndexSpeed.Lines().Concat(IndexSpeed.Comparisons()),
        ["resolve"] => ResolveSpeed.Lines(folder),
        ["search", .. var image] => SearchSpeed.Lines(image.FirstOrDefault(), folder),
        ["elf", .. var places] => ElfSpeed.Lines(places is [] ? ["/usr/bin", "/usr/lib"] : places),
        ["containers", .. var files] when files.Length > 0 => ContainerSpeed.Lines(files, folder),
        _ => throw new ArgumentException(
            $"There are no figures '{args[0]}': modes, roots, index, resolve, search [IMAGE], elf [FOLDER or FILE ...], containers FILE ..., or nothing."),
    };
    foreach (string line in lines)
    {
        Console.WriteLine(line);
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static IEnumerable<Figure> Figures(string folder)
{
    const int Full = 262_144;
    const int Quarter = 65_536;
    string core = Path.Combine(folder, "core.elf");
    string copy = Path.Combine(folder, "copy.elf");
    string quarter = Path.Combine(folder, "quarter.bin");
    string full = Path.Combine(folder, "full.bin");
    string padded = Path.Combine(folder, "padded.bin");

    ShuffledDump.Write(quarter, Quarter);
    ShuffledDump.Write(full, Full);
    (double export, double cp, double ratio) = Timing.Pairs(
        7, () => Export(full, core), () => Timing.Run("cp", core, copy), beforeA: () => File.Delete(core), beforeB: () => File.Delete(copy));
    yield return new("export 262144 shuffled pages", $"{export:f0} ms", "cp of the core", $"{cp:f0} ms", ratio, 1.5);

    (double over, double overCp, double overRatio) = Timing.Pairs(7, () => Export(full, core), () => Timing.Run("cp", core, copy));
    yield return new("the same over an existing core", $"{over:f0} ms", "cp over an existing file", $"{overCp:f0} ms", overRatio, null);

    (double large, double small, double growth) = Timing.Pairs(
        5, () => Export(full, core), () => Export(quarter, copy), beforeA: () => File.Delete(core), beforeB: () => File.Delete(copy));
    yield return new(
        "a page of 262144", $"{large / Full * 1e6:f0} ns", "a page of 65536", $"{small / Quarter * 1e6:f0} ns", growth * Quarter / Full, null);

    long smallMemory = PrivateMemory.PeakDuring(() => Export(quarter, core));
    ShuffledDump.Write(padded, Quarter, padding: 15L << 30);
    long paddedMemory = PrivateMemory.PeakDuring(() => Export(padded, core));
    yield return new(
        "own memory with 15.25 GiB of dump",
        $"{paddedMemory >> 20} MiB",
        "with 0.25 GiB",
        $"{smallMemory >> 20} MiB",
        (double)paddedMemory / Math.Max(1, smallMemory),
        null);

    (double walk, double scan, double walkRatio) = Timing.Pairs(5, () => Walk(full), () => Scan(full));
    yield return new("walk of 262144 leaves", $"{walk:f2} ms ({Full / walk / 1000:f0} M a second)", "pass over their tables as bytes", $"{scan:f2} ms", walkRatio, null);
}

static void Export(string path, string core)
{
    using MemoryDump dump = MemoryDump.Open(path);
    AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = 0, Mode = "ia32e" });
    var segments = new CoreSegments(new MappingFilter(Privilege.Any));
    var sink = new CoreSegmentSink(segments);
    space.Walk(space.NewWalk(), ref sink);
    ElfCoreExporter.Export(dump, space.Identity, segments, new ExportOptions { Path = core });
}

static void Walk(string path)
{
    using MemoryDump dump = MemoryDump.Open(path);
    AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = 0, Mode = "ia32e" });
    var sink = new CountingSink();
    space.Walk(space.NewWalk(), ref sink);
    if (sink.Count != 262_144)
    {
        throw new InvalidOperationException($"The walk found {sink.Count} mappings.");
    }
}

// The floor of any walk: reading the same table pages once, adding their bytes up.
static unsafe void Scan(string path)
{
    using MemoryDump dump = MemoryDump.Open(path);
    byte* bytes = dump.Memory.Runs[0].Source.Pointer;
    ulong sum = 0;
    for (int i = 0; i < 515 * 512; i++)
    {
        sum += ((ulong*)bytes)[i];
    }

    if (sum == 0)
    {
        throw new InvalidOperationException("The tables are empty.");
    }
}

internal struct CountingSink : IMappingSink
{
    public int Count;

    public bool Add(in Mapping mapping)
    {
        Count++;
        return true;
    }
}
