using System.Globalization;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Benchmarks;

/// <summary>
/// What a container costs: one guest's memory in several files, each measured in turn with the first of them. The address space is the one
/// that any of the files names; files are in the system's cache.
/// </summary>
internal static class ContainerSpeed
{
    private const int Rounds = 5;

    /// <summary>
    /// One CSV line a file: container, its length, and for opening, a full walk, one pass over all memory and a full export (each with opening)
    /// the time and its ratio to the first file's; at last whether mappings and memory agree with the first file's.
    /// </summary>
    public static IEnumerable<string> Lines(string[] files, string folder)
    {
        (ulong root, string mode) = files.Select(DefaultSpace).First(s => s != null)!.Value;
        string core = Path.Combine(folder, "core.elf");
        (Action<string> Work, bool Writes)[] jobs =
        [
            (f => MemoryDump.Open(f).Dispose(), false),
            (f => Walk(f, root, mode), false),
            (f => Pass(f), false),
            (f => Export(f, root, mode, core), true),
        ];
        (int, ulong) mappings = Walk(files[0], root, mode);
        ulong memory = Pass(files[0]);
        foreach (string file in files)
        {
            string times = string.Join(',', jobs.Select(job =>
            {
                Action? before = job.Writes ? () => File.Delete(core) : null;
                (double ours, _, double ratio) = Timing.Pairs(Rounds, () => job.Work(file), () => job.Work(files[0]), before, before);
                return string.Create(CultureInfo.InvariantCulture, $"{ours:f2} ms,{ratio:f2}");
            }));
            using MemoryDump dump = MemoryDump.Open(file);
            string packed = dump.Facts.Compression is { } compression ? $" ({compression})" : "";
            string same = $"{Agrees(Walk(file, root, mode) == mappings)},{Agrees(Pass(file) == memory)}";
            yield return $"\"{dump.Container}{packed}\",{Path.GetFileName(file)},{ByteSize.Rounded(dump.Identity.Length)},{times},{same}";
        }
    }

    private static string Agrees(bool agrees) => agrees ? "same" : "DIFFERENT";

    private static (ulong Root, string Mode)? DefaultSpace(string file)
    {
        using MemoryDump dump = MemoryDump.Open(file);
        try
        {
            SpaceIdentity space = AddressSpace.Open(dump, new SpaceRequest()).Identity;
            return (space.Root, space.Mode.Name);
        }
        catch (ElfMmuException)
        {
            // Not every container says anything of the processor.
            return null;
        }
    }

    /// <summary>The number of mappings and the sum of what they say.</summary>
    private static (int Count, ulong Sum) Walk(string file, ulong root, string mode)
    {
        using MemoryDump dump = MemoryDump.Open(file);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = root, Mode = mode });
        var sink = new SummingSink();
        space.Walk(space.NewWalk(), ref sink);
        return (sink.Count, sink.Sum);
    }

    /// <summary>Reads all memory in order and adds it up.</summary>
    private static ulong Pass(string file)
    {
        using MemoryDump dump = MemoryDump.Open(file);
        byte[] piece = new byte[1 << 20];
        ulong sum = 0;
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            for (ulong done = 0; done < run.Size; done += (ulong)piece.Length)
            {
                Span<byte> part = piece.AsSpan(0, (int)Math.Min((ulong)piece.Length, run.Size - done));
                dump.Memory.TryRead(run.Start + done, part);
                ulong words = 0;
                foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(part))
                {
                    words += word;
                }

                sum += words;
            }
        }

        return sum;
    }

    private static void Export(string file, ulong root, string mode, string core)
    {
        using MemoryDump dump = MemoryDump.Open(file);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = root, Mode = mode });
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var sink = new CoreSegmentSink(segments);
        space.Walk(space.NewWalk(), ref sink);
        ElfCoreExporter.Export(dump, space.Identity, segments, new ExportOptions { Path = core });
    }

    private struct SummingSink : IMappingSink
    {
        public int Count;
        public ulong Sum;

        public bool Add(in Mapping mapping)
        {
            Count++;
            Sum += mapping.VirtualAddress ^ (mapping.PhysicalAddress * 3) ^ (mapping.Size * 5);
            return true;
        }
    }
}
