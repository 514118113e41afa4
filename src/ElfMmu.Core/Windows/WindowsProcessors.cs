using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Windows;

/// <summary>
/// The processors of a machine, also those that a Windows crash dump keeps in the kernel's own structures: they are found by translating the
/// kernel's addresses, which the reader of the container can't.
/// </summary>
public static class WindowsProcessors
{
    /// <summary>
    /// The processors of a dump of any container. Of a Windows crash dump these are the kernel's (KiProcessorBlock) with control registers, where
    /// its debugger data can be read, and what the header has of the one that wrote it; of any other dump they are those of
    /// <see cref="Machine.Cpus"/>. Looked for once, in O(processors).
    /// </summary>
    /// <param name="dump">The dump.</param>
    /// <returns>The processors by number.</returns>
    public static IReadOnlyList<Cpu> Of(MemoryDump dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        return dump.Windows == null ? dump.Machine.Cpus : Found(dump).Cpus;
    }

    /// <summary>
    /// The machine of a dump of any container, with the paging mode that leads to the kernel's structures where a Windows crash dump suggests
    /// another one.
    /// </summary>
    internal static Machine MachineOf(MemoryDump dump) =>
        dump.Windows is { Mode: { } suggested } && dump.Machine.Mode == suggested && Found(dump).Mode is { } mode && mode != suggested
            ? dump.Machine with { Mode = mode }
            : dump.Machine;

    private static FoundProcessors Found(MemoryDump dump) => dump.Attached(Find);

    private static FoundProcessors Find(MemoryDump dump)
    {
        WindowsDump windows = dump.Windows!;
        if (windows.DebuggerData != 0 && dump.Machine.Cpus is [var written, ..])
        {
            foreach (PagingMode mode in Modes(dump.Machine.Mode))
            {
                if (KernelMemory.Open(dump, mode, written) is { } memory
                    && KernelDebuggerData.Read(memory, windows.DebuggerData) is { } data)
                {
                    return new FoundProcessors(Join(dump, data.Processors(windows)), mode.Name);
                }
            }
        }

        return new FoundProcessors(dump.Machine.Cpus, null);
    }

    /// <summary>The mode that is known, and of x86-64 the other one, which the header can't tell from it.</summary>
    private static IEnumerable<PagingMode> Modes(string? known)
    {
        PagingMode[] modes = known == null ? [] : [.. PagingModes.Named(known).Take(1)];
        return modes is [var mode] && mode == X86Modes.Ia32e ? [mode, X86Modes.La57] : modes;
    }

    /// <summary>
    /// The kernel's processors and the one of the header, which doesn't say its number. It is the one that is at the same instruction with the
    /// same stack, or else the first if nothing is known of that one's root.
    /// </summary>
    private static IReadOnlyList<Cpu> Join(MemoryDump dump, IReadOnlyList<Cpu> kernel)
    {
        if (kernel.Count == 0)
        {
            return dump.Machine.Cpus;
        }

        Dictionary<int, Cpu> cpus = kernel.ToDictionary(c => c.Index);
        Cpu written = dump.Machine.Cpus[0];
        int number = dump.Windows!.Processors == 1 ? kernel[0].Index
            : kernel.FirstOrDefault(c => IsSame(c, written))?.Index
            ?? (cpus.TryGetValue(written.Index, out Cpu? first) && HasRoot(first) ? -1 : written.Index);
        if (number >= 0)
        {
            cpus[number] = new Cpu(number, written.Registers.With(cpus.GetValueOrDefault(number)?.Registers ?? RegisterSet.Empty));
        }

        // What a machine description says beside the dump counts for the numbers it has.
        if (dump.Identity.MachinePath != null)
        {
            foreach (Cpu described in dump.Machine.Cpus)
            {
                cpus[described.Index] = described;
            }
        }

        return [.. cpus.Values.OrderBy(c => c.Index)];
    }

    private static bool HasRoot(Cpu cpu) => (cpu["cr3"] ?? cpu["ttbr0_el1"] ?? cpu["ttbr0"]) != null;

    private static bool IsSame(Cpu cpu, Cpu other) =>
        new[] { ("rip", "rsp"), ("eip", "esp"), ("pc", "sp") }.Any(names =>
            cpu[names.Item1] is { } instruction && instruction == other[names.Item1] && cpu[names.Item2] == other[names.Item2]);
}
