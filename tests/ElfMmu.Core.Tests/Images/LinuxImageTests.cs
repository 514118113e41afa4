using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Export;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Export;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>The executables in the spaces of Linux guests' processes, against what the guests said of them and what readelf makes of them.</summary>
public sealed partial class LinuxImageTests
{
    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void LoadedImagesStandWhereTheKernelMappedThem(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        (int Id, ulong Address, string File)[] maps = Maps(guest);
        foreach ((int id, RegisterSet root) in guest.Roots)
        {
            AddressSpace space = Described.Space(dump, root);
            List<Mapping> mappings = space.All();
            MappedImage[] loaded = [.. ImageFinder.Find(space).Images.Where(i => i.State == ImageState.Loaded)];

            // What the process has mapped of files, where the page with the header was ever used.
            ulong[] expected = [.. maps.Where(m => m.Id == id && Walks.Find(mappings, m.Address) != null).Select(m => m.Address).Order()];
            Assert.Equal(expected, loaded.Select(i => i.Address));
            Assert.All(loaded, i => Assert.NotNull(i.BuildId));
            foreach (MappedImage image in loaded)
            {
                bool program = maps.First(m => m.Id == id && m.Address == image.Address).File == "/init";
                Assert.Equal(program ? "EXEC" : "DYN", image.Type);
                Assert.Equal(!program, image.Name?.StartsWith("linux-", StringComparison.Ordinal) ?? false);
                Assert.Equal(space.Identity.Mode.WordSize, image.Class);
                Assert.Equal(Walks.Translate(mappings, image.Address), image.PhysicalAddress);

                // Its segments are where they were loaded to, and not where they were linked.
                using ElfFile file = ((IElfSource)image).OpenElf();
                ulong[] loads = [.. ElfSegments.Read(file).Where(s => s.Type == ElfSegmentType.Load).Select(s => s.VirtualAddress)];
                Assert.Equal(image.Address, loads.Min() & ~0xffful);
                Assert.All(loads, a => Assert.InRange(a, image.Address, image.Address + image.Size - 1));
            }
        }
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void TheKernelsOwnCopiesAreFilesOrMereHeaders(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        AddressSpace space = Described.Space(dump);
        ImageSearch all = ImageFinder.Find(space, new ImageSearchOptions { IncludeHeaders = true });
        MappedImage[] kernels = [.. all.Images.Where(i => i.UserRights == "---")];
        Assert.NotEmpty(kernels);
        Assert.DoesNotContain(kernels, i => i.State == ImageState.Loaded);

        // The vDSO is in the kernel's data as the linker made it, sections and all.
        Assert.Contains(kernels, i => i.State == ImageState.File && i.Name?.StartsWith("linux-", StringComparison.Ordinal) == true);
        Assert.Equal(all.Images.Count - all.Images.Count(i => i.State == ImageState.HeaderOnly), ImageFinder.Find(space).Images.Count);
    }

    [LinuxTheory("readelf")]
    [ClassData(typeof(LinuxDumpData))]
    public void AnExportedImageIsWhatReadelfReads(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using var folder = new TempFolder();
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        AddressSpace space = Described.Space(dump);
        List<Mapping> mappings = space.All();
        foreach (MappedImage image in ImageFinder.Find(space).Images.Where(i => i.Kind == ImageKind.Elf && i.State == ImageState.File))
        {
            string core = folder.File($"{image.Address:x}.core");
            ExportSummary summary = Export(space, image, core);
            Assert.DoesNotContain(summary.Warnings, w => w.Contains("asked for", StringComparison.Ordinal));

            // Every byte of the core is the walk's, and nothing else is in it.
            using var read = new CoreImage(core);
            Assert.Equal(image.Size, read.Loads.Aggregate(0UL, (sum, l) => sum + l.FileSize));
            byte[] file = new byte[image.Size];
            byte[] one = new byte[1];
            for (ulong i = 0; i < image.Size; i++)
            {
                file[i] = read.Read(image.Address + i, 1)![0];
                Assert.True(dump.Memory.TryRead(Walks.Translate(mappings, image.Address + i)!.Value, one));
                Assert.Equal(one[0], file[i]);
            }

            // The bytes are the file that was found, as others read it.
            ToolResult said = Tools.Run("readelf", "-hnldW", folder.Write("file", file));
            Assert.Equal(image.BuildId, BuildIdLine().Match(said.Output).Groups[1].Value);
            Match soname = NameLine().Match(said.Output);
            Assert.Equal(soname.Success ? soname.Groups[1].Value : null, image.Name);
            Assert.Equal(
                image.Segments.Count, int.Parse(CountLine().Match(said.Output).Groups[1].Value, CultureInfo.InvariantCulture));
            Assert.Empty(said.Complaints);
        }
    }

    [LinuxTheory("readelf")]
    [ClassData(typeof(LinuxDumpData))]
    public void AnExportedLoadedImageOpensAndSaysWhatItIs(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using var folder = new TempFolder();
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        foreach (RegisterSet root in guest.Roots.Values)
        {
            AddressSpace space = Described.Space(dump, root);
            foreach (MappedImage image in ImageFinder.Find(space).Images.Where(i => i.State == ImageState.Loaded))
            {
                string core = folder.File("core");
                Export(space, image, core);
                using var read = new CoreImage(core);
                Assert.All(read.Loads, l => Assert.InRange(l.VirtualAddress, image.Address, image.EndAddress - 1));
                Assert.All(read.Loads, l => Assert.InRange(l.VirtualAddress + l.FileSize, image.Address, image.EndAddress));
                Assert.Equal(0, Tools.Run("readelf", "-lW", core).ExitCode);

                // The header page, cut out, has the header and the program headers of the program as readelf reads them.
                string head = folder.Write("head", read.Read(image.Address, 4096));
                string said = Tools.Run("readelf", "-hlW", head).Output;
                ulong entry = Convert.ToUInt64(EntryLine().Match(said).Groups[1].Value, 16);
                Assert.Equal(entry == 0 ? null : entry + image.LoadBias!.Value, image.EntryPoint);
                Assert.Equal(
                    image.Segments.Select(s => Shown(s.Name)),
                    SegmentLine().Matches(said).Select(m => m.Groups[1].Value));

                // Present is what the core holds of the segments.
                ulong held = image.Segments.Where(s => s.Name == "PT_LOAD").Aggregate(0UL, (sum, s) => sum + read.Loads.Aggregate(
                    0UL, (part, l) => part + Common(s.VirtualAddress!.Value, s.Size, l)));
                Assert.Equal(held, image.PresentBytes);
            }
        }
    }

    [LinuxTheory("gdb")]
    [ClassData(typeof(LinuxDumpData))]
    public void GdbReadsAnExportedImageAtItsAddress(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using var folder = new TempFolder();
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        AddressSpace space = Described.Space(dump);
        MappedImage image = ImageFinder.Find(space).Images[0];
        string core = folder.File("core");
        Export(space, image, core);
        string said = Tools.RunGdb(core, $"x/4xb 0x{image.Address:x}", $"x/xb 0x{image.EndAddress:x}").Output;
        Assert.Matches(@"0x7f\s+0x45\s+0x4c\s+0x46", said);
        Assert.Contains($"0x{image.EndAddress:x}", said, StringComparison.Ordinal);
        Assert.DoesNotMatch($@"0x{image.EndAddress:x}:\s+0x", said);
    }

    /// <summary>A segment's name as readelf shows it: without what all have in common, and cut off.</summary>
    private static string Shown(string name)
    {
        const int Column = 14;
        string shown = name["PT_".Length..].Replace("ARM_", "", StringComparison.Ordinal);
        return shown.Length > Column ? shown[..Column] : shown;
    }

    private static ulong Common(ulong start, ulong size, ElfProgramHeader load)
    {
        ulong from = Math.Max(start, load.VirtualAddress);
        ulong to = Math.Min(start + size, load.VirtualAddress + load.FileSize);
        return to > from ? to - from : 0;
    }

    private static ExportSummary Export(AddressSpace space, MappedImage image, string path)
    {
        var ranges = new IntervalSet([Interval.FromStartAndSize(image.Address, image.Size)]);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var sink = new CutSegments(segments, ranges);
        space.Walk(CutSegments.Narrow(space.NewWalk(), ranges), ref sink);
        return ElfCoreExporter.Export(space.Dump, space.Identity, segments, new ExportOptions { Path = path, Ranges = ranges });
    }

    /// <summary>The first mappings of files and of the vDSO, by process.</summary>
    private static (int Id, ulong Address, string File)[] Maps(LinuxGuest guest)
    {
        string[] log = [.. File.ReadLines(Path.Combine(guest.Folder, "serial.log")).Select(l => l.TrimEnd())];
        Dictionary<string, int> ids = log.Select(l => ProcessLine().Match(l)).Where(m => m.Success)
            .ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        return [.. log.Select(l => MapLine().Match(l))
            .Where(m => m.Success && ulong.Parse(m.Groups[3].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) == 0)
            .Select(m => (ids[m.Groups[1].Value], QemuWalk.Hex(m.Groups[2].Value), m.Groups[4].Value))];
    }

    [GeneratedRegex(@"^MAPS (\d+) (\w+)-\w+ \S+ (\w+) \S+ \d+\s+(/init|\[vdso\])$")]
    private static partial Regex MapLine();

    [GeneratedRegex(@"^(?:PATTERN|WORKER) id=(\d+) pid=(\d+)")]
    private static partial Regex ProcessLine();

    [GeneratedRegex(@"Build ID: (\w+)")]
    private static partial Regex BuildIdLine();

    [GeneratedRegex(@"SONAME\).*\[(.*)\]")]
    private static partial Regex NameLine();

    [GeneratedRegex(@"Number of program headers:\s+(\d+)")]
    private static partial Regex CountLine();

    [GeneratedRegex(@"Entry point address:\s+0x(\w+)")]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"^  ([A-Z][A-Z_]+) +0x\w+ 0x\w+ 0x", RegexOptions.Multiline)]
    private static partial Regex SegmentLine();
}
