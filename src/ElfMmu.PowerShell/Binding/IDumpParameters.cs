using System.Management.Automation;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>The parameters by which cmdlets say how a file is to be opened as a dump.</summary>
internal interface IDumpParameters
{
    /// <summary>A machine description beside the dump.</summary>
    string? Machine { get; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    ulong? RamBase { get; }

    /// <summary>Whether what is damaged or left out is read as zeros.</summary>
    SwitchParameter ZeroFill { get; }

    /// <summary>Whether any of them is given; of a dump that is open already it was said before.</summary>
    bool IsDescribed => Machine != null || RamBase != null || ZeroFill;

    /// <summary>What they say, in the engine's terms.</summary>
    /// <param name="resolve">Gives the file that a path of PowerShell names.</param>
    DumpOptions ToOptions(Func<string, string> resolve) => new()
    {
        RamBase = RamBase,
        MachinePath = Machine == null ? null : resolve(Machine),
        ZeroFill = ZeroFill,
    };
}
