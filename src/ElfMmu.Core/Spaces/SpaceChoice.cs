using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Windows;

namespace ElfMmu.Spaces;

/// <summary>
/// Finds out which address space of a dump is meant: from the request, then from the machine description, then from the
/// registers in the dump.
/// </summary>
internal sealed class SpaceChoice
{
    private readonly MemoryDump _dump;
    private readonly Machine _machine;
    private readonly SpaceRequest _request;
    private readonly ProcessorState? _state;
    private readonly Cpu? _cpu;
    private RegisterSet _registers;

    public SpaceChoice(MemoryDump dump, SpaceRequest request)
    {
        _dump = dump;
        _machine = WindowsProcessors.MachineOf(dump);
        _request = request;
        Architecture architecture = _machine.Architecture;
        if (architecture == Architecture.Unknown && (request.Mode ?? _machine.Mode) is { } name)
        {
            architecture = PagingModes.Named(name).FirstOrDefault()?.Architecture ?? architecture;
        }

        _state = ProcessorState.For(architecture);
        _cpu = ChooseCpu();
        _registers = (_cpu?.Registers ?? RegisterSet.Empty).With(request.Registers);
        Overlay(_state?.Root, request.Root);
        Overlay(_state?.Control, request.Control);
        Mode = ChooseMode(out string modeFrom);
        Overlay(Mode.RootRegister, request.Root);
        Overlay(Mode.ControlRegister, request.Control, "a control register");
        Overlay(Mode.SecondRootRegister, request.Root1, "a second root");
        OverlaySstatus();
        ByteOrder? tableOrder = _state?.TableOrder(_registers);
        ByteOrder = request.ByteOrder
            ?? (_machine.Architecture == Architecture.Unknown ? tableOrder ?? Mode.DefaultByteOrder : _machine.ByteOrder);
        Options = new PagingOptions
        {
            PhysicalAddressBits = _machine.PhysicalAddressBits,
            IgnoredAddressBits = _machine.EncryptionMask,
            ByteOrder = request.ByteOrder ?? tableOrder ?? ByteOrder,
            Registers = _registers,
        };
        Root = ChooseRoot(out string rootFrom);
        Root1 = Mode.SecondRoot(Options);
        if (Root == null && Root1 == null)
        {
            throw NoRoot();
        }

        string shown = Root == null ? $"only the upper half's, 0x{Root1:x}," : $"0x{Root:x}";
        AddressSpaceId = Mode.AddressSpaceId(_registers);
        string id = AddressSpaceId == null ? "" : $", {(Mode.IsNested ? "VMID" : "ASID")} 0x{AddressSpaceId:x}";
        Origin = $"Mode {Mode.Name} {modeFrom}; root {shown} {rootFrom}{id}"
            + (Root != null && Root1 != null ? $"; the upper half's root is 0x{Root1:x}." : ".");
        if (request.NestedRoot is { } nested)
        {
            NestedMode = ChooseNestedMode(nested);
            NestedRoot = Given(nested, NestedMode);
            Origin += $" The guest's physical addresses go through the tables of 0x{NestedRoot:x}, mode {NestedMode.Name}.";
        }
        else if (request.NestedMode != null)
        {
            throw new ElfMmuException(
                "NestedRootRequired",
                ErrorKind.InvalidArgument,
                $"A mode of a hypervisor's tables ({request.NestedMode}) is given, but not where they are. Give their root too.");
        }
    }

    public PagingMode Mode { get; }

    public ulong? Root { get; }

    public ulong? Root1 { get; }

    public ulong? AddressSpaceId { get; }

    public PagingMode? NestedMode { get; }

    public ulong? NestedRoot { get; }

    public ByteOrder ByteOrder { get; }

    public PagingOptions Options { get; }

    /// <summary>Where mode and root were taken from, in words.</summary>
    public string Origin { get; }

    private Cpu? ChooseCpu()
    {
        IReadOnlyList<Cpu> cpus = _machine.Cpus;
        if (_request.Cpu is { } wanted)
        {
            cpus = WindowsProcessors.Of(_dump);
            return cpus.FirstOrDefault(c => c.Index == wanted) ?? throw new ElfMmuException(
                "CpuUnknown",
                ErrorKind.InvalidArgument,
                cpus.Count == 0
                    ? $"'{_dump.Identity.Path}' holds no processor's registers, so there is no CPU {wanted}."
                    : $"'{_dump.Identity.Path}' has no CPU {wanted}; it has {string.Join(", ", cpus.Select(c => c.Index))}.")
            { Path = _dump.Identity.Path };
        }

        return cpus.FirstOrDefault(c => _state?.Mode(c.Registers, _machine) != null)
            ?? cpus.FirstOrDefault(c => _state?.Root.In(c.Registers) != null)
            ?? cpus.FirstOrDefault();
    }

    private PagingMode ChooseMode(out string from)
    {
        if (_request.Mode != null)
        {
            from = _request.Mode == _request.Found?.Mode.Name ? "as found" : "as given";
            return Named(_request.Mode) ?? PagingModes.Get(_request.Mode);
        }

        if (_machine.Mode != null)
        {
            from = _machine.Mode != _dump.Machine.Mode ? "as the kernel's data is found with it"
                : _dump.Windows?.Mode == _machine.Mode && _dump.Identity.MachinePath == null ? "as the dump's header suggests"
                : "as the machine description says";
            return Named(_machine.Mode) ?? throw PagingModes.Unknown(
                _machine.Mode, $"'{_dump.Identity.Path}' is said to be in mode '{_machine.Mode}', which isn't one that is known.");
        }

        from = _cpu == null ? "from the registers given" : $"from the control registers of CPU {_cpu.Index}";
        return _state?.Mode(_registers, _machine) ?? throw NoMode();
    }

    /// <summary>The mode of a name; of a family, the member that the architecture and the registers leave.</summary>
    private PagingMode? Named(string name)
    {
        IReadOnlyList<PagingMode> modes = PagingModes.Named(name);
        if (modes.Count > 1 && _machine.Architecture != Architecture.Unknown)
        {
            modes = [.. modes.Where(m => m.Architecture == _machine.Architecture)];
        }

        return modes.Count switch
        {
            0 => null,
            1 => modes[0],
            _ => _state?.Mode(_registers, _machine) is { } mode && modes.Contains(mode) ? mode
                : throw PagingModes.Ambiguous(name, modes),
        };
    }

    private ulong? ChooseRoot(out string from)
    {
        string found = _request.Found is { } root ? $"as found, with a score of {RootFilter.Format(root.Score)}" : "as given";
        if (_request.Root is { } given)
        {
            from = given == _request.Found?.Root ? found : "as given";

            // A guest's root lies in its memory, which is known only when the hypervisor's tables have been walked.
            return _request.NestedRoot != null ? Mode.DecodeRoot(given, Options) : Given(given, Mode);
        }

        ulong? register = Mode.RootRegister.In(_registers);
        from = register == null ? found
            : _cpu == null || Mode.RootRegister.In(_request.Registers) != null ? "from the registers given"
            : $"from {Mode.RootRegister} of CPU {_cpu.Index}";
        return register is { } value ? Mode.DecodeRegister(value, Options) : null;
    }

    /// <summary>
    /// A root that a user gives is an address or a register's value. Where it can be read as both, what stands in the dump's memory
    /// is meant.
    /// </summary>
    private ulong Given(ulong value, PagingMode mode)
    {
        ulong root = mode.DecodeRoot(value, Options);
        ulong register = mode.DecodeRegister(value, Options);
        int hint = 0;
        return root != register && !_dump.Memory.TryFind(root, ref hint) && _dump.Memory.TryFind(register, ref hint) ? register : root;
    }

    private PagingMode ChooseNestedMode(ulong root)
    {
        string modes = string.Join(", ", PagingModes.All.Where(m => m.IsNested).Select(m => m.Name));
        PagingMode mode = _request.NestedMode != null ? PagingModes.Get(_request.NestedMode)
            : ProcessorState.For(Mode.Architecture)?.NestedMode(root, _registers) ?? throw new ElfMmuException(
                "ModeRequired",
                ErrorKind.InvalidArgument,
                $"Nothing says which mode the hypervisor's tables are in. Give the nested mode: {modes}.");
        return mode.IsNested ? mode : throw new ElfMmuException(
            "NestedModeInvalid",
            ErrorKind.InvalidArgument,
            $"'{mode.Name}' doesn't translate a guest's physical addresses. The modes that do are {modes}.");
    }

    private void Overlay(PagingRegister? register, ulong? value, string? what = null)
    {
        if (value == null)
        {
            return;
        }

        if (register != null)
        {
            _registers = _registers.With(register.Name, value.Value);
        }
        else if (what != null)
        {
            throw new ElfMmuException(
                "ParameterNotForMode",
                ErrorKind.InvalidArgument,
                $"Mode {Mode.Name} doesn't know {what}. Leave it out, or give another mode.");
        }
    }

    private void OverlaySstatus()
    {
        ulong bits = (_request.SupervisorUserAccess ? RiscVRegisters.SupervisorUserMemory : 0)
            | (_request.ExecutableReadable ? RiscVRegisters.MakeExecutableReadable : 0);
        if (bits != 0)
        {
            PagingRegister? status = Mode.OtherRegisters.FirstOrDefault(r => r.Name == RiscVRegisters.Sstatus.Name);
            Overlay(status, (status?.In(_registers) ?? 0) | bits, "SUM or MXR");
        }
    }

    private ElfMmuException NoRoot() => new(
        "RootUnknown",
        ErrorKind.InvalidArgument,
        (_request.Cpu is { } cpu ? $"CPU {cpu} of '{_dump.Identity.Path}' ({_dump.Container}) has no root. Choose another CPU, or give"
            : $"'{_dump.Identity.Path}' ({_dump.Container}) names no root. Give")
        + $" the physical address of the top page table (the value of {Mode.RootRegister}) as the root, or a machine description with that register.")
    { Path = _dump.Identity.Path };

    private ElfMmuException NoMode()
    {
        string modes = string.Join(", ", PagingModes.All
            .Where(m => !m.IsNested && (_machine.Architecture == Architecture.Unknown || m.Architecture == _machine.Architecture))
            .Select(m => m.Name));
        string control = _state?.Control is { } register ? $", or the value of {register}" : "";
        string? off = _cpu == null ? null : _state?.Off(_cpu.Registers);
        string root = $"(the physical address of the top table, such as the value of {_state?.Root.Name ?? "CR3"}) and the mode ({modes})";
        string message =
            off != null ? $"CPU {_cpu!.Index} of '{_dump.Identity.Path}' has paging turned off ({off}). Choose another CPU, or give root and mode."
            : _request.Root != null ? $"'{_dump.Identity.Path}' ({_dump.Container}) doesn't say which paging mode its root is for. Give the mode: {modes}{control}."
            : KernelTable.Describe(_dump) is { } own
                ? $"'{_dump.Identity.Path}' ({_dump.Container}) names only the kernel's own page tables, which hold no program's memory: {own}, as "
                    + $"VMCOREINFO says. Give these, or another root {root}, or a machine description."
            : $"'{_dump.Identity.Path}' ({_dump.Container}) says nothing about its page tables. Give the root {root}, or a machine description.";
        return new ElfMmuException(
            off != null ? "PagingOff" : _request.Root != null ? "ModeRequired" : "RootUnknown", ErrorKind.InvalidArgument, message)
        { Path = _dump.Identity.Path };
    }
}
