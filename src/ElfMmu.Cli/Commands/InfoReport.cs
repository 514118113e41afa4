using System.Text.RegularExpressions;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>A dump and its machine as facts.</summary>
internal static partial class InfoReport
{
    /// <summary>Gathers them.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="registers">Whether people want to see all registers; JSON always has them.</param>
    public static Report Of(MemoryDump dump, bool registers)
    {
        Machine machine = dump.Machine;
        (AddressSpace? space, string origin) = DefaultSpace(dump);
        Report[] runs = [.. dump.Memory.Runs.Select(r => Region(r.Start, r.Size))];
        Report[] devices = [.. machine.Devices.OrderBy(d => d.Start).Select(d => Region(d.Start, d.Size)
            .Add("name", "Name", d.Name))];
        Report[] cpus = [.. machine.Cpus.Select(c => CpuReport(c, machine.Architecture, registers))];
        string? mode = space?.Identity.Mode.Name ?? machine.Mode;
        int? bits = machine.PhysicalAddressBits;
        string length = $"{dump.Identity.Length} bytes ({ByteSize.Rounded(dump.Identity.Length)})";
        string? release = VmcoreInfo.Text(dump.VmcoreInfo.Span, "OSRELEASE");
        string kernel = dump.VmcoreInfo.IsEmpty ? "no" : $"yes, OSRELEASE {release ?? "unknown"}";
        string ram = $"{ByteSize.Rounded(dump.Memory.Size)} in {runs.Length} {(runs.Length == 1 ? "run" : "runs")}";
        return new Report { Title = dump.Identity.Path }
            .Add("path", null, dump.Identity.Path)
            .Add("container", "Container", dump.Container)
            .Add("length", "Length", dump.Identity.Length, length)
            .Add("architecture", "Architecture", machine.Architecture.ToString())
            .Add("wordSize", "Word size", machine.WordSize, machine.WordSize is { } size ? $"{size} bits" : "unknown")
            .Add("byteOrder", "Byte order", machine.ByteOrder.ToString())
            .Add("mode", "Paging mode", mode, mode ?? "unknown")
            .Add("root", null, space == null ? null : new Hex(space.Identity.Root))
            .Add("addressSpaceId", null, space?.AddressSpaceId)
            .Add("addressSpace", "Address space", origin)
            .Add("physicalAddressBits", "Physical address bits", bits, bits is { } most ? $"{most}" : "unknown")
            .Add("vmcoreInfo", "VMCOREINFO", !dump.VmcoreInfo.IsEmpty, kernel)
            .Add("osRelease", null, release)
            .Add("ramSize", null, dump.Memory.Size)
            .Add("ram", "RAM", runs, ram)
            .Add("devices", "Devices", devices, $"{devices.Length}")
            .Add("cpus", "CPUs", cpus, $"{cpus.Length}");
    }

    /// <summary>The space that is walked when nothing is asked for, or why there is none.</summary>
    private static (AddressSpace? Space, string Origin) DefaultSpace(MemoryDump dump)
    {
        try
        {
            AddressSpace space = AddressSpace.Open(dump, new SpaceRequest());
            return (space, space.Origin);
        }
        catch (ElfMmuException e)
        {
            // A search would take much longer than all the rest.
            return (null, e.ErrorId == "RootUnknown" ? $"{e.Message} '{CommandLine.Name} roots' looks for one." : e.Message);
        }
    }

    private static Report Region(ulong start, ulong size)
    {
        const int Width = 10;
        var last = new Hex(start + (size - 1));
        return new Report()
            .Add("start", "Start", new Hex(start), $"{new Hex(start).ToString(Width)}-{last.ToString(Width)}")
            .Add("end", null, last)
            .Add("size", "Size", size, ByteSize.Exact(size));
    }

    private static Report CpuReport(Cpu cpu, Architecture architecture, bool registers)
    {
        var report = new Report().Add("index", "CPU", cpu.Index, $"CPU {cpu.Index}");
        foreach (PagingRegister register in RootRegisters(architecture))
        {
            if (register.In(cpu.Registers) is { } value)
            {
                report.Add(register.Name.ToLowerInvariant(), register.Name, new Hex(value), $"{register} {new Hex(value)}");
            }
        }

        var all = new Report();
        foreach ((string name, ulong content) in cpu.Registers.OrderBy(r => SortKey(r.Key), StringComparer.Ordinal))
        {
            all.Add(name, name, new Hex(content));
        }

        return report.Add("registers", registers ? "Registers" : null, all);
    }

    /// <summary>The registers that say where tables are; an architecture that isn't known may be any.</summary>
    private static IEnumerable<PagingRegister> RootRegisters(Architecture architecture) => PagingModes.All
        .Where(m => architecture == Architecture.Unknown || m.Architecture == architecture)
        .SelectMany(m => new[] { m.RootRegister, m.SecondRootRegister, m.ControlRegister })
        .OfType<PagingRegister>()
        .Distinct();

    /// <summary>Puts r9 before r10.</summary>
    private static string SortKey(string name) => Digits().Replace(name, number => number.Value.PadLeft(4, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
