using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>A virtual address space in an opened dump: its memory, its mode and its root.</summary>
public sealed class AddressSpace
{
    private AddressSpace(MemoryDump dump, PagingMode mode, ulong root, PagingOptions options, string origin)
    {
        Dump = dump;
        Identity = new SpaceIdentity(dump.Identity, mode, DecodeRoot(mode, root, dump.Machine));
        Options = options;
        Origin = origin;
    }

    /// <summary>The dump; it belongs to whoever opened it.</summary>
    public MemoryDump Dump { get; }

    /// <summary>Which address space this is.</summary>
    public SpaceIdentity Identity { get; }

    /// <summary>The processor's state as far as it is known.</summary>
    public PagingOptions Options { get; }

    /// <summary>Where mode and root were taken from, in words.</summary>
    public string Origin { get; }

    /// <summary>
    /// Finds an address space: from the request, then from the machine description, then from the registers in the dump.
    /// </summary>
    /// <exception cref="ElfMmuException">
    /// <c>RootUnknown</c>, <c>ModeRequired</c>, <c>ModeUnknown</c>, <c>CpuUnknown</c> or <c>PagingOff</c>: what is asked for
    /// can't be known, and how to say it.
    /// </exception>
    public static AddressSpace Open(MemoryDump dump, SpaceRequest request)
    {
        Machine machine = dump.Machine;
        Cpu? cpu = ChooseCpu(dump, request);
        PagingMode? mode = request.Mode != null ? PagingModes.Get(request.Mode)
            : machine.Mode != null ? FromDescription(machine.Mode, dump)
            : cpu != null && machine.Architecture is Architecture.X86 or Architecture.Unknown ? X86State.Mode(cpu, machine)
            : null;
        if (mode == null)
        {
            throw NoMode(dump, request, cpu);
        }

        string modeFrom = request.Mode != null ? "as given" : machine.Mode != null ? "as the machine description says"
            : $"from the control registers of CPU {cpu!.Index}";
        if (request.Root is { } given)
        {
            return Make(given, "as given");
        }

        if (cpu?[mode.RootRegister] is { } register)
        {
            return Make(register, $"from {mode.RootRegister} of CPU {cpu.Index}");
        }

        throw new ElfMmuException(
            "RootUnknown",
            ErrorKind.InvalidArgument,
            $"'{dump.Identity.Path}' ({dump.Container}) names no root. Give the physical address of the top page table (the value of "
            + $"{mode.RootRegister}) as the root, or a machine description with that register.")
        { Path = dump.Identity.Path };

        AddressSpace Make(ulong root, string rootFrom) => new(
            dump,
            mode,
            root,
            X86State.Options(cpu, machine),
            $"Mode {mode.Name} {modeFrom}; root 0x{DecodeRoot(mode, root, machine):x} {rootFrom}.");
    }

    /// <summary>A request to walk this space; narrow it with a <c>with</c> expression.</summary>
    public WalkRequest NewWalk() => new()
    {
        Memory = Dump.Memory,
        Map = Dump.Map,
        Root = Identity.Root,
        Options = Options,
    };

    /// <summary>Walks the space. See <see cref="PagingMode.Walk"/> for cost and errors.</summary>
    public WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink => Identity.Mode.Walk(request, ref sink);

    /// <summary>What a walk of this space lost or makes doubtful, for the warning stream.</summary>
    public IEnumerable<string> Warnings(WalkSummary walk, WalkRequest request)
    {
        string tables = $"of root 0x{Identity.Root:x} in '{Dump.Identity.Path}'";
        if (walk.Leaves == 0 && request is { MinimumAddress: 0, MaximumAddress: ulong.MaxValue })
        {
            yield return $"The page tables {tables} map nothing. It may be no root of a page table, or one of another mode.";
        }

        if (walk.AbsentTables > 0)
        {
            yield return $"{walk.AbsentTables} page tables {tables} aren't in the dump (the first at physical "
                + $"0x{walk.FirstAbsentTable:x}); what they map is missing.";
        }

        if (walk.SkippedTables > 0)
        {
            yield return $"{walk.SkippedTables} shared page tables {tables} were left out because they turn up too often (the first "
                + $"at virtual 0x{walk.FirstSkippedAddress:x}); what they map there is missing.";
        }
    }

    /// <summary>What a walk of this space came across, for the verbose stream.</summary>
    public string Remark(WalkSummary walk) =>
        $"Walked {walk.Tables} tables with {walk.Leaves} leaves of root 0x{Identity.Root:x} in '{Dump.Identity.Path}'; "
        + $"{walk.ReservedEntries} entries have reserved bits set" + (walk.Stopped ? "; stopped before the end." : ".");

    /// <summary>The physical address of the top table from a register's value, as the machine's mode has it.</summary>
    public static ulong DecodeRoot(PagingMode mode, ulong register, Machine machine) =>
        mode.DecodeRoot(register) & ~machine.EncryptionMask;

    private static Cpu? ChooseCpu(MemoryDump dump, SpaceRequest request)
    {
        IReadOnlyList<Cpu> cpus = dump.Machine.Cpus;
        if (request.Cpu is { } wanted)
        {
            return cpus.FirstOrDefault(c => c.Index == wanted) ?? throw new ElfMmuException(
                "CpuUnknown",
                ErrorKind.InvalidArgument,
                cpus.Count == 0
                    ? $"'{dump.Identity.Path}' holds no processor's registers, so there is no CPU {wanted}."
                    : $"'{dump.Identity.Path}' has no CPU {wanted}; it has {string.Join(", ", cpus.Select(c => c.Index))}.")
            { Path = dump.Identity.Path };
        }

        return cpus.FirstOrDefault(c => X86State.Mode(c, dump.Machine) != null)
            ?? cpus.FirstOrDefault(c => c["cr3"] != null)
            ?? cpus.FirstOrDefault();
    }

    private static PagingMode FromDescription(string name, MemoryDump dump) =>
        PagingModes.TryGet(name) ?? throw new ElfMmuException(
            "ModeUnknown",
            ErrorKind.NotSupported,
            $"'{dump.Identity.Path}' is said to be in mode '{name}', which isn't one of "
            + $"{string.Join(", ", PagingModes.All.Select(m => m.Name))}. Give the mode if it is one of these.")
        { Path = dump.Identity.Path };

    private static ElfMmuException NoMode(MemoryDump dump, SpaceRequest request, Cpu? cpu)
    {
        string modes = string.Join(", ", PagingModes.All.Select(m => m.Name));
        bool off = cpu?["cr0"] is { } cr0 && (cr0 >> 31) == 0;
        string message =
            off ? $"CPU {cpu!.Index} of '{dump.Identity.Path}' has paging turned off (CR0.PG is 0). Choose another CPU, or give root and mode."
            : request.Root != null ? $"'{dump.Identity.Path}' ({dump.Container}) doesn't say which paging mode its root is for. Give the mode: {modes}."
            : $"'{dump.Identity.Path}' ({dump.Container}) says nothing about its page tables. Give the root (the physical address of the "
                + $"top table, such as the value of CR3) and the mode ({modes}), or a machine description.";
        return new ElfMmuException(
            off ? "PagingOff" : request.Root != null ? "ModeRequired" : "RootUnknown", ErrorKind.InvalidArgument, message)
        { Path = dump.Identity.Path };
    }
}
