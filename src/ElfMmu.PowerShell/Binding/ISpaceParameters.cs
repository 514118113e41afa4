using System.Collections;
using System.Management.Automation;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>The parameters by which cmdlets say which address space of a dump they mean, and how it is opened.</summary>
internal interface ISpaceParameters : IDumpParameters
{
    /// <summary>The root.</summary>
    ulong? Root { get; }

    /// <summary>The root of the upper half.</summary>
    ulong? Root1 { get; }

    /// <summary>The register that divides the addresses.</summary>
    ulong? Tcr { get; }

    /// <summary>The paging mode.</summary>
    string? Mode { get; }

    /// <summary>The processor to ask.</summary>
    int? Cpu { get; }

    /// <summary>Other registers, by name.</summary>
    IDictionary? Register { get; }

    /// <summary>The order of bytes in the page tables.</summary>
    ByteOrder? ByteOrder { get; }

    /// <summary>RISC-V, SUM.</summary>
    SwitchParameter Sum { get; }

    /// <summary>RISC-V, MXR.</summary>
    SwitchParameter Mxr { get; }

    /// <summary>The root of a hypervisor's tables.</summary>
    ulong? NestedRoot { get; }

    /// <summary>The mode of a hypervisor's tables.</summary>
    string? NestedMode { get; }

    /// <summary>What they say, in the engine's terms.</summary>
    SpaceRequest ToRequest() => new()
    {
        Root = Root,
        Root1 = Root1,
        Control = Tcr,
        Mode = Mode,
        Cpu = Cpu,
        Registers = RegisterTransformationAttribute.Read(Register),
        ByteOrder = ByteOrder,
        SupervisorUserAccess = Sum,
        ExecutableReadable = Mxr,
        NestedRoot = NestedRoot,
        NestedMode = NestedMode,
    };
}
