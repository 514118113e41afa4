using System.Globalization;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Windows crash dumps of either width (<c>PAGEDU64</c>, <c>PAGEDUMP</c>): full, with a bitmap of the pages (all memory, active, live, the
/// kernel's), or with a list of ranges. Pages stand in the file as they were, so they are read in place.
/// </summary>
/// <remarks>
/// Windows SDK (mindumpdef.h, winnt.h); Volatility 3 (layers/crash.py), LeechCore (device_file.c), QEMU (win_dump_defs.h) and kdmp-parser for
/// what Microsoft doesn't document.
/// </remarks>
internal sealed class WindowsDumpReader : IDumpReader
{
    private const uint EncryptedData = 1 << 8;

    // What the SDK has names for, of the attributes.
    private const uint KnownAttributes = 0x3ff;

    /// <summary>Which memory a kind of dump holds, in words.</summary>
    public static string Describe(WindowsDumpType type) => type switch
    {
        WindowsDumpType.Full => "full",
        WindowsDumpType.Summary or WindowsDumpType.KernelRanges => "kernel",
        WindowsDumpType.Header => "header",
        WindowsDumpType.Triage => "small",
        WindowsDumpType.BitmapFull => "bitmap",
        WindowsDumpType.BitmapKernel => "active",
        WindowsDumpType.Automatic => "automatic",
        WindowsDumpType.UserRanges => "kernel and user",
        WindowsDumpType.CompleteRanges => "complete",
        _ => $"type 0x{(uint)type:x}",
    };

    public bool Matches(ReadOnlySpan<byte> head, string path) => WindowsHeader.Matches(head);

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        WindowsHeader header = WindowsHeader.Read(source);
        CheckKind(source, header);
        var warnings = new List<string>();
        WindowsRuns runs = ReadRuns(source, header, opening, warnings);
        if (runs.Absence() is { } absence)
        {
            warnings.Add(absence);
        }

        if (runs.IsEmpty)
        {
            string why = runs.Pages == 0 ? "its tables name no page" : "it is cut off before its first page";
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' is a Windows crash dump without any memory: {why} (0x{source.Length:x} bytes). Get the whole file.")
            { Path = source.Name, Offset = source.Length };
        }

        WindowsContext? layout = WindowsContext.For(header.MachineType);
        Machine machine = WindowsMachine.Of(header, layout?.Read(header.Context) ?? []);
        IReadOnlyList<PhysicalRun> placed = runs.Finish();
        var content = new DumpContent
        {
            Container = $"Windows {Describe(header.DumpType)} ({header.Layout.Name})",
            Runs = placed,
            Machine = machine,
            MissingSize = runs.MissingSize,
            Facts = WindowsFacts.Of(header),
            Windows = new WindowsDump(header.MachineType, header.IsWide, header.DebuggerData ?? 0, header.Processors ?? 0, machine.Mode),
        };
        content.Warnings.AddRange(warnings);
        content.Remarks.Add($"'{source.Name}' is a crash dump, {content.Container}: {content.Facts.OperatingSystem}, {Plural.Of(placed.Count, "run")} of memory, "
            + $"{Plural.Of(header.Processors ?? 0, "processor")}; root 0x{header.DirectoryTable ?? 0:x}, {Mode(machine)}.");
        if (machine.Architecture == Architecture.AArch64)
        {
            content.Remarks.Add($"The header of '{source.Name}' names one root. As Windows lays it out on AArch64, the upper half's table is the "
                + "second half of that page, and both halves have 47 bits of address.");
        }

        return content;
    }

    private static string Mode(Machine machine) => machine.Mode == null ? "of a mode that isn't known" : $"taken to be of mode {machine.Mode}";

    private static void CheckKind(DataSource source, WindowsHeader header)
    {
        const string Instead = "Have Windows write a complete, active or kernel memory dump, or take the memory with an acquisition tool.";
        string? what = header.DumpType switch
        {
            WindowsDumpType.Triage => $"is a small memory dump: it holds a stack and some structures of the kernel, no physical memory. {Instead}",
            WindowsDumpType.Header => $"is the header of a crash dump without any memory. {Instead}",
            _ when header.Number(header.Layout.Attributes) is { } attributes
                && (attributes & ~KnownAttributes) == 0
                && (attributes & EncryptedData) != 0 =>
                "is an encrypted crash dump. Decrypt it first, with the key that it was written for.",
            _ => null,
        };
        if (what != null)
        {
            throw new ElfMmuException("DumpUnsupported", ErrorKind.NotSupported, $"'{source.Name}' {what}") { Path = source.Name };
        }
    }

    private static WindowsRuns ReadRuns(DataSource source, WindowsHeader header, DumpOpening opening, List<string> warnings)
    {
        int at = header.Layout.Size;
        if (header.DumpType == WindowsDumpType.Full)
        {
            return ReadTable(source, header, opening.ZeroFill, warnings);
        }

        if (WindowsBitmap.IsAt(source, at))
        {
            return WindowsBitmap.Read(source, header, opening, warnings);
        }

        if (WindowsRanges.IsAt(source, at))
        {
            return WindowsRanges.Read(source, header, opening, warnings);
        }

        // Some tools leave the type as it was, or don't know it.
        if (Enum.IsDefined(header.DumpType) || header.RunCount is not { } count || count == 0 || count > (uint)header.Layout.MostRuns)
        {
            bool isShort = source.Length < (ulong)at + 0x40;
            (string id, ErrorKind kind) = isShort ? ("DumpTruncated", ErrorKind.InvalidData)
                : Enum.IsDefined(header.DumpType) ? ("DumpInconsistent", ErrorKind.InvalidData)
                : ("DumpUnsupported", ErrorKind.NotSupported);
            throw new ElfMmuException(
                id,
                kind,
                $"'{source.Name}' is a Windows crash dump of kind '{Describe(header.DumpType)}', but offset 0x{at:x} has neither the bitmap nor the "
                + "list that says which pages are in it. "
                + (isShort ? "It is cut off; get the whole file." : "It is damaged, or of a kind that isn't known here."))
            { Path = source.Name, Offset = (ulong)at };
        }

        warnings.Add($"The kind of the Windows crash dump '{source.Name}' is {(uint)header.DumpType}, which isn't one. It is read as a full dump, "
            + "by the runs in its header.");
        return ReadTable(source, header, opening.ZeroFill, warnings);
    }

    /// <summary>The pages of a full dump: runs in the header, and behind it the pages one after the other.</summary>
    private static WindowsRuns ReadTable(DataSource source, WindowsHeader header, bool zeroFill, List<string> warnings)
    {
        WindowsLayout layout = header.Layout;
        if (header.RunCount is not { } count || count == 0 || count > (uint)layout.MostRuns)
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"The header of '{source.Name}' says at offset 0x{layout.RunCount:x} that memory is in "
                + $"{header.RunCount?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} runs; it has room for 1 to "
                + $"{layout.MostRuns}. The dump is damaged.")
            { Path = source.Name, Offset = (ulong)layout.RunCount };
        }

        var runs = new WindowsRuns(source, (ulong)layout.Size, zeroFill);
        for (int i = 0; i < (int)count; i++)
        {
            (ulong page, ulong pages) = header.Run(i);
            runs.Add(page, pages);
        }

        if (header.Word(layout.PageCount) is { } total && total != runs.Pages)
        {
            warnings.Add($"The runs in the header of '{source.Name}' have {runs.Pages} pages, but it says {total}. The runs are taken as they are; "
                + "the dump may be damaged.");
        }

        return runs;
    }
}
