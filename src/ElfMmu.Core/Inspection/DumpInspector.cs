using System.Collections.Specialized;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Windows;

namespace ElfMmu.Inspection;

/// <summary>
/// Says of dumps what they are. No memory is read but what registers and headers lead to, and nothing is searched. One inspector serves for a
/// folder of dumps: it reads the machine descriptions there once.
/// </summary>
public sealed class DumpInspector
{
    // Whatever a hostile dump claims to have.
    private const int MostRoots = 4096;
    private const int LeastRaw = 4096;

    private readonly MachineFolder _folder = new();

    /// <summary>Gathers what is known of an open dump. O(runs + processors), and the bytes where hashes are asked for.</summary>
    /// <param name="dump">The dump; it belongs to whoever opened it.</param>
    /// <param name="hash">Gives the SHA-256 of a file; null for no hashes.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NotAMemoryDump</c>: nothing says that it is memory, and it looks like something else; <c>DumpChanged</c>: a file isn't what it was when it
    /// was opened; or what <paramref name="hash"/> throws.
    /// </exception>
    public MemoryDumpInfo Inspect(MemoryDump dump, Func<string, string>? hash = null)
    {
        string? describedBy = CheckIsMemory(dump);
        Machine machine = dump.Machine;
        (AddressSpace? space, string origin) = Open(dump, new SpaceRequest(), out bool needsSearch);
        (DumpCpu Cpu, DumpRoot? Root)[] cpus = Cpus(dump, space);
        DumpRoot[] roots = [.. cpus.Select(c => c.Root).OfType<DumpRoot>()];
        if (space != null && !roots.Any(r => r.IsDefault))
        {
            roots = [Root(space, null, true), .. roots];
        }

        if (KernelTable.Request(dump) is { } kernel && Open(dump, kernel, out _).Space is { } own && !roots.Any(r => r.Space == own.Identity))
        {
            roots = [.. roots, Root(own, null, false) with { Origin = "the kernel's own table, swapper_pg_dir, as VMCOREINFO says" }];
        }

        ReadOnlySpan<byte> vmcore = dump.VmcoreInfo.Span;
        string? release = VmcoreInfo.Text(vmcore, "OSRELEASE");
        MemoryRange[] runs = Joined(dump.Memory.Runs);
        return new MemoryDumpInfo(dump.Identity)
        {
            Files = List(Files(dump, hash)),
            Container = dump.Container,
            Compression = dump.Facts.Compression,
            MemorySize = dump.Memory.Size,
            MissingSize = dump.MissingSize,
            LeftOutSize = dump.LeftOutSize,
            Damage = List(DumpDamage.Of(dump).First),
            IsPlaced = dump.IsPlaced,
            DescribedBy = describedBy,
            Architecture = machine.Architecture,
            WordSize = machine.WordSize,
            ByteOrder = machine.Architecture == Architecture.Unknown ? null : machine.ByteOrder,
            Mode = space?.Identity.Mode.Name ?? machine.Mode,
            Root = space?.Identity.Root,
            AddressSpaceId = space?.AddressSpaceId,
            AddressSpace = origin,
            NeedsSearch = needsSearch,
            PhysicalAddressBits = machine.PhysicalAddressBits,
            Runs = List(runs),
            Gaps = List(runs.Zip(runs.Skip(1), (low, high) => new MemoryRange(low.End + 1, high.Start - low.End - 1))),
            Devices = List(machine.Devices.OrderBy(d => d.Start).Select(d => new MemoryRange(d.Start, d.Size, d.Name))),
            Cpus = List(cpus.Select(c => c.Cpu)),
            Roots = List(roots.OrderByDescending(r => r.IsDefault)),
            OperatingSystem = dump.Facts.OperatingSystem ?? (release == null ? null : $"Linux {release}"),
            VmcoreInfo = !dump.VmcoreInfo.IsEmpty,
            OsRelease = release,
            BuildId = VmcoreInfo.Text(vmcore, "BUILD-ID"),
            KernelOffset = VmcoreInfo.HexNumber(vmcore, "KERNELOFFSET"),
            HostName = dump.Facts.HostName,
            TakenUtc = dump.Facts.TakenUtc,
            Details = Details(dump.Facts),
            Remarks = List(dump.Remarks),
            Warnings = List(dump.Warnings),
        };
    }

    /// <summary>A raw image has no signature. What looks like another kind of file isn't taken for one, unless somebody says that it is memory.</summary>
    /// <param name="dump">The dump.</param>
    /// <returns>The machine description in the same folder that names it; null where none does, or none is needed.</returns>
    /// <exception cref="ElfMmuException"><c>NotAMemoryDump</c>.</exception>
    public string? CheckIsMemory(MemoryDump dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        string? describedBy = dump.IsPlaced ? null : _folder.Naming(dump.Identity.Path);
        if (dump.IsPlaced || describedBy != null || dump.Identity.MachinePath != null || dump.Container != RawReader.Container)
        {
            return describedBy;
        }

        string? what = dump.Resembles != null ? $"looks like {dump.Resembles}"
            : dump.Memory.Size < LeastRaw ? $"has {dump.Memory.Size} bytes, less than a page of memory"
            : null;
        if (what != null)
        {
            throw new ElfMmuException(
                "NotAMemoryDump",
                ErrorKind.InvalidData,
                $"'{dump.Identity.Path}' has no signature of a dump, and {what}. If it is a raw image of memory, give the physical address of "
                + "its first byte: -RamBase or --ram-base.")
            { Path = dump.Identity.Path };
        }

        return null;
    }

    private static DumpFile[] Files(MemoryDump dump, Func<string, string>? hash)
    {
        var stamps = dump.Identity.OtherFiles.Files.ToDictionary(f => f.Path);
        stamps[dump.Identity.Path] = new FileStamp(dump.Identity.Path, dump.Identity.Length, dump.Identity.LastWriteTimeUtc);
        DumpFile[] files =
        [
            .. dump.Files.Select(f => stamps[f]).Select(s => new DumpFile(s.Path, s.Length, s.LastWriteTimeUtc, hash?.Invoke(s.Path))),
        ];
        if (hash != null)
        {
            // A hash of other bytes than those that are shown would be worth nothing.
            dump.Identity.Verify();
        }

        return files;
    }

    /// <summary>The space that a request means, or why there is none. A search would take much longer than all the rest.</summary>
    private static (AddressSpace? Space, string Origin) Open(MemoryDump dump, SpaceRequest request, out bool needsSearch)
    {
        needsSearch = false;
        try
        {
            AddressSpace space = AddressSpace.Open(dump, request);
            return (space, space.Origin);
        }
        catch (ElfMmuException e)
        {
            needsSearch = e.ErrorId is "RootUnknown" or "ModeAmbiguous";
            return (null, e.Message);
        }
    }

    private static (DumpCpu Cpu, DumpRoot? Root)[] Cpus(MemoryDump dump, AddressSpace? byDefault)
    {
        PagingRegister[] naming = [.. RootRegisters(dump.Machine.Architecture)];
        IReadOnlyList<Cpu> all = WindowsProcessors.Of(dump);
        var cpus = new (DumpCpu, DumpRoot?)[all.Count];
        int tried = 0;
        bool isFound = false;
        for (int i = 0; i < cpus.Length; i++)
        {
            Cpu cpu = all[i];
            var paging = new RegisterSet(naming.Where(r => r.In(cpu.Registers) != null).Select(r => KeyValuePair.Create(r.Name, r.In(cpu.Registers)!.Value)));
            AddressSpace? space = null;
            string? origin = null;
            if (paging.Count > 0 && tried++ < MostRoots)
            {
                (space, origin) = Open(dump, new SpaceRequest { Cpu = cpu.Index }, out _);
            }

            // The first processor with the space that is taken by default is where it comes from.
            bool isDefault = !isFound && space != null && space.Identity == byDefault?.Identity;
            isFound |= isDefault;
            cpus[i] = (
                new DumpCpu(cpu.Index, cpu.Registers, paging, space?.Identity.Root, space?.Identity.Mode.Name, origin),
                space == null ? null : Root(space, cpu.Index, isDefault));
        }

        return cpus;
    }

    private static DumpRoot Root(AddressSpace space, int? cpu, bool isDefault) => new(space.Identity, cpu, isDefault, space.AddressSpaceId, space.Origin);

    /// <summary>The registers that say where tables are; an architecture that isn't known may be any.</summary>
    private static IEnumerable<PagingRegister> RootRegisters(Architecture architecture) => PagingModes.All
        .Where(m => architecture == Architecture.Unknown || m.Architecture == architecture)
        .SelectMany(m => new[] { m.RootRegister, m.SecondRootRegister, m.ControlRegister })
        .OfType<PagingRegister>()
        .DistinctBy(r => r.Name);

    /// <summary>Runs that continue each other are one stretch of memory, wherever their bytes are.</summary>
    private static MemoryRange[] Joined(IReadOnlyList<PhysicalRun> runs)
    {
        var joined = new List<MemoryRange>();
        foreach (PhysicalRun run in runs)
        {
            if (joined.Count > 0 && joined[^1].End + 1 == run.Start)
            {
                joined[^1] = joined[^1] with { Size = joined[^1].Size + run.Size };
            }
            else
            {
                joined.Add(new MemoryRange(run.Start, run.Size));
            }
        }

        return [.. joined];
    }

    private static InfoList<T> List<T>(IEnumerable<T> items) => new(items);

    private static OrderedDictionary Details(DumpFacts facts)
    {
        var details = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object value) in facts.Details)
        {
            details[name] = value;
        }

        return details.AsReadOnly();
    }
}
