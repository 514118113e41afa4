using System.Globalization;

namespace ElfMmu.Dumps;

/// <summary>What a crash dump's header says of the system, its state and its end.</summary>
internal static class WindowsFacts
{
    // Version of Windows by the first build that had it.
    private static readonly (uint Build, string Version)[] Versions =
    [
        (10240, "10.0"), (9600, "6.3"), (9200, "6.2"), (7600, "6.1"), (6000, "6.0"), (3790, "5.2"), (2600, "5.1"), (2195, "5.0"),
    ];

    private static readonly string[] Products = ["", "workstation", "domain controller", "server"];

    /// <summary>Gathers it.</summary>
    public static DumpFacts Of(WindowsHeader header)
    {
        WindowsLayout layout = header.Layout;
        var details = new List<KeyValuePair<string, object>>();
        uint? build = header.Number(WindowsLayout.Version + 4);
        Add("Dump type", WindowsDumpReader.Describe(header.DumpType));
        Add("Machine type", $"0x{header.MachineType:x}");
        Add("Kernel", header.Number(WindowsLayout.Version) switch { 0xf => "free", 0xc => "checked", _ => null });
        Add("Build", build);
        Add("Product", header.Number(layout.ProductType) is > 0 and <= 3 and var product ? Products[product] : null);
        Add("Suites", Hex(header.Number(layout.SuiteMask)));
        Add("Processors", header.Processors);
        Add("Bug check", Hex(header.Number(layout.BugCheckCode)));
        string parameters = string.Join(", ", Enumerable.Range(0, 4)
            .Select(i => Hex(header.Word(layout.BugCheckParameters + (i * layout.PointerSize)))).OfType<string>());
        Add("Bug check parameters", parameters.Length == 0 ? null : parameters);
        if (header.Number(layout.Exception) is > 0 and var code)
        {
            Add("Exception", $"0x{code:x} at 0x{header.Word(layout.ExceptionAddress) ?? 0:x}");
        }

        Add("Up time", header.Long(layout.UpTime) is > 0 and <= long.MaxValue and var ticks
            ? TimeSpan.FromTicks((long)ticks).ToString("c", CultureInfo.InvariantCulture)
            : null);
        Add("Comment", header.Text(layout.Comment, WindowsLayout.CommentSize));
        Add("Directory table", Hex(header.DirectoryTable));
        Add("Debugger data", Hex(header.DebuggerData));
        Add("Loaded modules", Hex(header.Pointer(layout.LoadedModules)));
        Add("Active processes", Hex(header.Pointer(layout.ActiveProcesses)));
        Add("Page frame database", Hex(header.Pointer(layout.PfnDatabase)));
        Add("Secondary data state", Hex(header.Number(layout.SecondaryDataState)));
        Add("Writer status", Hex(header.Number(layout.WriterStatus)));
        return new DumpFacts
        {
            OperatingSystem = build is { } number ? System(number) : "Windows",
            TakenUtc = Time(header.Long(layout.Time)),
            Details = details,
        };

        void Add(string name, object? value)
        {
            if (value != null)
            {
                details.Add(KeyValuePair.Create(name, value));
            }
        }
    }

    private static string System(uint build) => Versions.FirstOrDefault(v => build >= v.Build) is { Version: { } version }
        ? $"Windows {version}.{build}"
        : $"Windows, build {build}";

    /// <summary>A FILETIME: 100 ns since 1601.</summary>
    private static DateTime? Time(ulong? ticks) =>
        ticks is > 0 and var time && time <= (ulong)(DateTime.MaxValue - DateTime.FromFileTimeUtc(0)).Ticks
            ? DateTime.FromFileTimeUtc((long)time)
            : null;

    private static string? Hex(ulong? value) => value is { } number ? $"0x{number:x}" : null;
}
