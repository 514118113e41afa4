using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Machines that QEMU saved to a file (<c>migrate "exec:cat > FILE"</c>), bare or with libvirt's header before it (<c>virsh save</c>,
/// <c>managedsave</c>): RAM page by page, and the registers of x86 processors.
/// </summary>
internal sealed partial class QemuStreamReader : IDumpReader
{
    // libvirt, src/qemu/qemu_saveimage.h: magic, {version, length of the XML, was running, compression, cookie}, 14 words.
    private const int LibvirtHeaderSize = 16 + (19 * 4);
    private const int MostXml = 1 << 20;

    private static readonly string[] Compressions = ["raw", "gzip", "bzip2", "xz", "lzop", "zstd", "sparse"];

    private static ReadOnlySpan<byte> LibvirtMagic => "LibvirtQemudSave"u8;

    public bool Matches(ReadOnlySpan<byte> head, string path) => QemuStream.Matches(head) || head.StartsWith(LibvirtMagic);

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        var details = new List<KeyValuePair<string, object>>();
        ulong start = LibvirtStart(source, details);
        QemuStream stream = QemuStream.Read(source, start, opening.Cancellation);
        if (stream.Blocks.Count == 0)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' ends at 0x{source.Length:x}, before any RAM was sent. It is cut off; get a complete copy.")
            { Path = source.Name, Offset = source.Length };
        }

        var warnings = new List<string>();
        (ulong Offset, ulong Size, ulong Address)[]? parts = QemuLayout.Find(stream.MachineType, stream.Blocks, out QemuBlock ram, out Architecture architecture);
        if (parts == null)
        {
            warnings.Add($"Where the RAM of a machine '{stream.MachineType}' belongs isn't known: its largest block, '{ram.Name}', is taken to start at 0. Write the "
                + "memory with dump-guest-memory to have it placed.");
        }

        QemuStretch[] pages = ram.Settle();
        var shared = new SharedDataSource(source);
        var data = new QemuRam(shared, ram.Length, pages, stream.PageSize);
        bool zeroFill = opening.ZeroFill && PlacedRuns.MayFill(ram.Length, source.Length);
        IReadOnlyList<PhysicalRun> runs = Runs(data, pages, stream.PageSize, parts ?? [(0, ram.Length, 0)], zeroFill, out ulong missing);
        if (runs.Count == 0)
        {
            throw new ElfMmuException(
                "DumpTruncated", ErrorKind.InvalidData, $"'{source.Name}' has not one page of '{ram.Name}'. {stream.Cut ?? "It is damaged"}.")
            { Path = source.Name };
        }

        if (stream.Cut != null || missing > 0)
        {
            warnings.Add($"{stream.Cut ?? $"'{source.Name}' leaves pages out"}: {ByteSize.Rounded(missing)} of {ByteSize.Exact(ram.Length)} "
                + $"{(zeroFill ? "are read as zeros" : "aren't there")}. Of pages that were sent more than once the latest may be missing.");
        }

        IReadOnlyList<Cpu> cpus = stream.Cut == null ? QemuCpus.Read(source, stream.End, warnings) : [];
        if (cpus.Count > 0)
        {
            architecture = Architecture.X86;
        }

        if (stream.MachineType.Length > 0)
        {
            details.Insert(0, KeyValuePair.Create<string, object>("MachineType", stream.MachineType));
        }

        var content = new DumpContent
        {
            Container = start == 0 ? "QEMU migration stream" : "libvirt save file",
            IsPlaced = parts != null,
            Runs = runs,
            Machine = new Machine { Architecture = architecture, WordSize = X86WordSize.Of(cpus, runs), Cpus = cpus },
            Facts = new DumpFacts { Details = details },
            MissingSize = missing,
        };
        content.Remarks.Add($"'{source.Name}' is a machine that QEMU saved ({stream.MachineType}): {ByteSize.Exact(ram.Length)} of RAM in the block '{ram.Name}', "
            + $"{Plural.Of(cpus.Count, "processor")}.");
        if (stream.Blocks.Count > 1)
        {
            content.Remarks.Add($"ROMs and tables are left out: {string.Join(", ", stream.Blocks.Where(b => b != ram).Select(b => b.Name).Take(8))}.");
        }

        content.Warnings.AddRange(warnings);
        return content;
    }

    [GeneratedRegex("<(?<key>name|uuid)>(?<value>[^<]{1,200})</", RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    /// <summary>Where the stream begins behind libvirt's header; 0 when there is none.</summary>
    private static ulong LibvirtStart(DataSource source, List<KeyValuePair<string, object>> details)
    {
        byte[] header = new byte[(int)Math.Min(source.Length, LibvirtHeaderSize)];
        source.Read(0, header);
        if (!header.AsSpan().StartsWith(LibvirtMagic) || header.Length < LibvirtHeaderSize)
        {
            return 0;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(20));
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(28));
        if (compression != 0)
        {
            string name = compression < Compressions.Length ? Compressions[compression] : $"method {compression}";
            throw new ElfMmuException(
                "DumpUnsupported",
                ErrorKind.NotSupported,
                $"'{source.Name}' is a machine that libvirt saved and packed ({name}), which isn't read here. Save it with save_image_format = \"raw\" in qemu.conf, or "
                + "restore it with virsh restore --paused and write the memory with virsh dump --memory-only.")
            { Path = source.Name };
        }

        ulong start = LibvirtHeaderSize + (ulong)length;
        Span<byte> magic = stackalloc byte[8];
        if (start > source.Length || source.Length - start < 8)
        {
            throw new ElfMmuException(
                "DumpTruncated", ErrorKind.InvalidData, $"'{source.Name}' ends within libvirt's description of the machine. It is cut off.")
            { Path = source.Name };
        }

        source.Read(start, magic);
        if (!QemuStream.Matches(magic))
        {
            throw new ElfMmuException(
                "DumpInconsistent", ErrorKind.InvalidData, $"'{source.Name}' has no stream of QEMU's at 0x{start:x}, where libvirt's description ends.")
            { Path = source.Name, Offset = start };
        }

        byte[] xml = new byte[Math.Min(length, MostXml)];
        source.Read(LibvirtHeaderSize, xml);
        foreach (Match element in Element().Matches(Encoding.UTF8.GetString(xml)))
        {
            string key = element.Groups["key"].Value == "name" ? "VirtualMachine" : "Uuid";
            if (!details.Exists(d => d.Key == key))
            {
                details.Add(KeyValuePair.Create<string, object>(key, element.Groups["value"].Value));
            }
        }

        return start;
    }

    /// <summary>The stretches of each part that were sent.</summary>
    private static List<PhysicalRun> Runs(
        DataSource data, QemuStretch[] pages, int pageSize, (ulong Offset, ulong Size, ulong Address)[] parts, bool zeroFill, out ulong missing)
    {
        var runs = new List<PhysicalRun>();
        var zeros = new ZeroDataSource(data.Name);
        ulong lost = 0;
        foreach ((ulong offset, ulong size, ulong address) in parts)
        {
            ulong next = offset;
            foreach (QemuStretch stretch in pages)
            {
                ulong from = Math.Max(stretch.First * (ulong)pageSize, offset);
                ulong to = Math.Min(stretch.End * (ulong)pageSize, offset + size);
                if (to <= from)
                {
                    continue;
                }

                Gap(next, from);
                if (runs.Count > 0 && runs[^1] is var last && last.Source == data && last.Last + 1 == address + (from - offset) && last.Offset + last.Size == from)
                {
                    runs[^1] = last with { Size = last.Size + (to - from) };
                }
                else
                {
                    runs.Add(new PhysicalRun(address + (from - offset), to - from, data, from));
                }

                next = to;
            }

            Gap(next, offset + size);

            void Gap(ulong from, ulong to)
            {
                if (to > from)
                {
                    lost += to - from;
                    if (zeroFill)
                    {
                        runs.Add(new PhysicalRun(address + (from - offset), to - from, zeros, 0));
                    }
                }
            }
        }

        missing = lost;
        return runs;
    }
}
