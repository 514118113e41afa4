using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Support;

/// <summary>
/// Address spaces of dumps that don't say where their tables are: QEMU writes the roots of x86 only. What is missing comes from
/// the machine description beside the dump, as a user would type it.
/// </summary>
internal static class Described
{
    /// <summary>The space of the current process.</summary>
    public static AddressSpace Space(MemoryDump dump) => AddressSpace.Open(dump, Request(dump));

    /// <summary>The space that some registers name; those not given are the current process's.</summary>
    public static AddressSpace Space(MemoryDump dump, RegisterSet registers)
    {
        SpaceRequest request = Request(dump);
        return AddressSpace.Open(dump, request with { Registers = request.Registers.With(registers) });
    }

    private static SpaceRequest Request(MemoryDump dump)
    {
        string description = Path.Combine(Path.GetDirectoryName(dump.Identity.Path)!, "machine.yaml");
        if (dump.Machine.Architecture == Architecture.X86 || dump.Identity.Path == description)
        {
            return new SpaceRequest();
        }

        using MemoryDump other = MemoryDump.Open(description);
        return new SpaceRequest { Mode = other.Machine.Mode, Registers = other.Machine.Cpus[0].Registers };
    }
}
