using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Inspection;

namespace ElfMmu.Cli.Commands;

/// <summary>What is said of a dump and its machine.</summary>
internal static partial class InfoReport
{
    /// <summary>What is said of each of several.</summary>
    /// <param name="hashes">Whether people want to see hashes.</param>
    public static Columns<MemoryDumpInfo> Columns(bool hashes) => new()
    {
        { "Path", "File", d => d.Path, d => d.Name },
        { "Container", "Container", d => d.Container, d => d.DescribedBy == null ? d.Container : $"{d.Container} of {Path.GetFileName(d.DescribedBy)}" },
        { "Compression", null, d => d.Compression },
        { "Length", null, d => d.Length },
        { "MemorySize", "Memory", d => d.MemorySize, d => ByteSize.Rounded(d.MemorySize) },
        { "MissingSize", null, d => d.MissingSize },
        { "LeftOutSize", null, d => d.LeftOutSize },
        { "IsComplete", null, d => d.IsComplete },
        { "IsPlaced", null, d => d.IsPlaced },
        { "DescribedBy", null, d => d.DescribedBy },
        { "Architecture", "Architecture", d => d.Architecture.ToString(), Processor },
        { "WordSize", null, d => d.WordSize },
        { "ByteOrder", null, d => d.ByteOrder?.ToString() },
        { "Mode", "Mode", d => d.Mode },
        { "Root", "Root", d => Hex.Of(d.Root) },
        { "AddressSpaceId", null, d => d.AddressSpaceId },
        { "AddressSpace", null, d => d.AddressSpace },
        { "PhysicalAddressBits", null, d => d.PhysicalAddressBits },
        { "HighestAddress", null, d => Hex.Of(d.HighestAddress) },
        { "Runs", null, d => Texts(d.Runs) },
        { "Devices", null, d => Texts(d.Devices) },
        { "Cpus", "CPUs", d => Texts(d.Cpus), d => d.Cpus.Count == 0 ? "" : $"{d.Cpus.Count}" },
        { "Roots", null, d => Texts(d.Roots) },
        { "TakenUtc", "Taken", d => Time(d), d => d.TakenUtc?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "" },
        { "HostName", "Host", d => d.HostName },
        { "OperatingSystem", "OperatingSystem", d => d.OperatingSystem, d => $"{d.OperatingSystem}{(d.IsComplete ? "" : " (incomplete)")}".Trim() },
        { "OsRelease", null, d => d.OsRelease },
        { "BuildId", null, d => d.BuildId },
        { "KernelOffset", null, d => Hex.Of(d.KernelOffset) },
        { "Details", null, d => Details(d).Select(v => $"{v.Name}={new ReportField("", null, v.Value, null).Plain}").ToArray() },
        { "Warnings", null, d => d.Warnings },
        { "Sha256", hashes ? "SHA-256" : null, d => d.Sha256 },
    };

    /// <summary>Everything about one.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="registers">Whether people want to see all registers; JSON always has them.</param>
    public static Report Of(MemoryDumpInfo dump, bool registers)
    {
        Report[] runs = [.. dump.Runs.Select(Region)];
        Report[] devices = [.. dump.Devices.Select(d => Region(d).Add("name", "Name", d.Name))];
        Report[] cpus = [.. dump.Cpus.Select(c => CpuReport(c, registers))];
        string length = $"{dump.Length} bytes ({ByteSize.Rounded(dump.Length)})";
        string kernel = dump.VmcoreInfo ? $"yes, OSRELEASE {dump.OsRelease ?? "unknown"}" : "no";
        string ram = $"{ByteSize.Rounded(dump.MemorySize)} in {runs.Length} {(runs.Length == 1 ? "run" : "runs")}";
        string origin = dump.NeedsSearch ? $"{dump.AddressSpace} '{CommandLine.Name} roots' looks for one." : dump.AddressSpace;
        var details = new Report();
        foreach ((string name, object? value) in Details(dump))
        {
            details.AddOwn(name, value);
        }

        return new Report { Title = dump.Path }
            .Add("path", null, dump.Path)
            .Add("files", dump.Files.Count > 1 ? "Files" : null, dump.Files.Select(FileReport).ToArray(), $"{dump.Files.Count}")
            .Add("container", "Container", dump.Container)
            .Add("describedBy", Known("Described by", dump.DescribedBy), dump.DescribedBy)
            .Add("isPlaced", null, dump.IsPlaced)
            .Add("compression", Known("Compression", dump.Compression), dump.Compression)
            .Add("length", "Length", dump.Length, length)
            .Add("sha256", Known("SHA-256", dump.Sha256), dump.Sha256)
            .Add("operatingSystem", Known("Operating system", dump.OperatingSystem), dump.OperatingSystem)
            .Add("hostName", Known("Host", dump.HostName), dump.HostName)
            .Add("takenUtc", Known("Taken", dump.TakenUtc), Time(dump), dump.TakenUtc?.ToString("u", CultureInfo.InvariantCulture))
            .Add("architecture", "Architecture", dump.Architecture.ToString())
            .Add("wordSize", "Word size", dump.WordSize, dump.WordSize is { } size ? $"{size} bits" : "unknown")
            .Add("byteOrder", "Byte order", dump.ByteOrder?.ToString(), dump.ByteOrder?.ToString() ?? "unknown")
            .Add("mode", "Paging mode", dump.Mode, dump.Mode ?? "unknown")
            .Add("root", null, Hex.Of(dump.Root))
            .Add("addressSpaceId", null, dump.AddressSpaceId)
            .Add("addressSpace", "Address space", origin)
            .Add("physicalAddressBits", "Physical address bits", dump.PhysicalAddressBits, dump.PhysicalAddressBits is { } most ? $"{most}" : "unknown")
            .Add("vmcoreInfo", "VMCOREINFO", dump.VmcoreInfo, kernel)
            .Add("osRelease", null, dump.OsRelease)
            .Add("buildId", Known("Build-id", dump.BuildId), dump.BuildId)
            .Add("kernelOffset", Known("Kernel offset", dump.KernelOffset), Hex.Of(dump.KernelOffset))
            .Add("details", details.Fields.Count == 0 ? null : "Details", details, string.Join("; ", details.Fields.Select(f => $"{f.Name} {f.Plain}")))
            .Add("memorySize", null, dump.MemorySize)
            .Add("missingSize", dump.MissingSize == 0 ? null : "Missing", dump.MissingSize, ByteSize.Rounded(dump.MissingSize))
            .Add("leftOutSize", dump.LeftOutSize == 0 ? null : "Left out", dump.LeftOutSize, ByteSize.Rounded(dump.LeftOutSize))
            .Add("isComplete", null, dump.IsComplete)
            .Add("damage", dump.Damage.Count == 0 ? null : "Damaged", dump.Damage.Select(DamageOf).ToArray(), $"{dump.Damage.Count} blocks")
            .Add("highestAddress", null, Hex.Of(dump.HighestAddress))
            .Add("runs", "RAM", runs, ram)
            .Add("devices", "Devices", devices, $"{devices.Length}")
            .Add("cpus", "CPUs", cpus, $"{cpus.Length}")
            .Add("roots", null, dump.Roots.Select(RootReport).ToArray())
            .Add("warnings", null, dump.Warnings);
    }

    /// <summary>A label of what is known; nothing is said to people of what isn't.</summary>
    private static string? Known(string label, object? value) => value == null ? null : label;

    private static string? Time(MemoryDumpInfo dump) => dump.TakenUtc?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Processor(MemoryDumpInfo dump) => dump.Architecture == Architecture.Unknown ? ""
        : dump.WordSize is { } size ? $"{dump.Architecture}, {size} bits" : dump.Architecture.ToString();

    private static string[] Texts<T>(IEnumerable<T> items) => [.. items.Select(i => $"{i}")];

    /// <summary>What the container says, as values that reports can hold.</summary>
    private static IEnumerable<(string Name, object? Value)> Details(MemoryDumpInfo dump) => dump.Details.Cast<DictionaryEntry>()
        .Select(d => ((string)d.Key, d.Value is null or bool or string or IConvertible and not (DateTime or char or Enum) ? d.Value : (object?)$"{d.Value}"));

    private static Report FileReport(DumpFile file) => new Report()
        .Add("path", "Path", file.Path)
        .Add("length", "Length", file.Length, ByteSize.Rounded(file.Length))
        .Add("lastWriteTimeUtc", null, file.LastWriteTimeUtc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
        .Add("sha256", Known("SHA-256", file.Sha256), file.Sha256);

    private static Report DamageOf(DamagedMemory damage) => new Report()
        .Add("physicalAddress", "Address", Hex.Of(damage.PhysicalAddress))
        .Add("size", "Size", (ulong)damage.Size, ByteSize.Exact((ulong)damage.Size))
        .Add("file", null, damage.File)
        .Add("fileOffset", "Offset", new Hex(damage.FileOffset), $"at offset {new Hex(damage.FileOffset)}")
        .Add("reason", "Reason", damage.Reason);

    private static Report RootReport(DumpRoot root) => new Report()
        .Add("root", null, new Hex(root.Root))
        .Add("root1", null, Hex.Of(root.Root1))
        .Add("mode", null, root.Mode.Name)
        .Add("cpu", null, root.Cpu)
        .Add("isDefault", null, root.IsDefault)
        .Add("addressSpaceId", null, root.AddressSpaceId)
        .Add("origin", null, root.Origin);

    private static Report Region(MemoryRange range)
    {
        const int Width = 10;
        var last = new Hex(range.End);
        return new Report()
            .Add("start", "Start", new Hex(range.Start), $"{new Hex(range.Start).ToString(Width)}-{last.ToString(Width)}")
            .Add("end", null, last)
            .Add("size", "Size", range.Size, ByteSize.Exact(range.Size));
    }

    private static Report CpuReport(DumpCpu cpu, bool registers)
    {
        var report = new Report().Add("index", "CPU", cpu.Index, $"CPU {cpu.Index}");
        foreach ((string name, ulong value) in cpu.PagingRegisters)
        {
            report.Add(name.ToLowerInvariant(), name, new Hex(value), $"{name} {new Hex(value)}");
        }

        var all = new Report();
        foreach ((string name, ulong content) in cpu.Registers.OrderBy(r => SortKey(r.Key), StringComparer.Ordinal))
        {
            all.Add(name, name, new Hex(content));
        }

        return report.Add("registers", registers ? "Registers" : null, all);
    }

    /// <summary>Puts r9 before r10.</summary>
    private static string SortKey(string name) => Digits().Replace(name, number => number.Value.PadLeft(4, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
