using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Memory;

namespace ElfMmu.Conversion;

/// <summary>
/// The notes of an ELF core of physical memory: NT_PRSTATUS of the processors, then QEMU's notes of x86 ones, the kernel's VMCOREINFO, the
/// FOSSIL note, and where all of it came from (name <c>ElfMmu</c>, type 0x4d4d55, JSON).
/// </summary>
internal static class MachineNotes
{
    // Names of registers that only the other width has, and those that QEMU's note has for both.
    private static readonly (string Narrow, string Wide)[] Aliases =
    [
        ("eax", "rax"), ("ebx", "rbx"), ("ecx", "rcx"), ("edx", "rdx"), ("esi", "rsi"), ("edi", "rdi"), ("esp", "rsp"), ("ebp", "rbp"),
        ("eip", "rip"), ("rflags", "eflags"),
    ];

    /// <summary>
    /// Builds them; equal arguments but for the hashes and the loss give notes of the same size, but for <see cref="ConversionLoss.MostBytes"/>.
    /// </summary>
    /// <param name="dump">The dump.</param>
    /// <param name="target">Class, byte order and machine of the core.</param>
    /// <param name="devices">The devices that are segments of the core; null to leave the FOSSIL note out.</param>
    /// <param name="sourceSha256">The SHA-256 of the dump's file: 64 characters.</param>
    /// <param name="memorySha256">That of its memory: 64 characters.</param>
    /// <param name="loss">What of the memory is lost.</param>
    public static byte[] Build(
        MemoryDump dump, in CoreTarget target, IReadOnlyList<PhysicalRegion>? devices, string sourceSha256, string memorySha256,
        ConversionLoss? loss)
    {
        var notes = new ElfNoteBuilder(target.Data);
        int described = 0;

        // Readers pair the two kinds by their positions, so each is of the first so many processors.
        foreach (Cpu cpu in dump.Machine.Cpus)
        {
            if (PrStatus(cpu, dump.Machine.ByteOrder, target) is not { } description)
            {
                break;
            }

            notes.Add(CoreNoteLayouts.Name, CoreNoteLayouts.PrStatus, description);
            described++;
        }

        foreach (Cpu cpu in dump.Machine.Cpus.Take(described).TakeWhile(HasControl))
        {
            notes.Add(QemuCpuNote.Name, QemuCpuNote.Type, QemuCpuNote.Encode(WithAliases(cpu.Registers)));
        }

        if (!dump.VmcoreInfo.IsEmpty)
        {
            notes.Add("VMCOREINFO", 0, dump.VmcoreInfo.Span);
        }

        if (devices != null)
        {
            notes.Add(FossilNoteWriter.Name, FossilNoteWriter.Type, FossilNoteWriter.Write(dump.Machine, devices));
        }

        notes.Add(ProvenanceNote.Name, ProvenanceNote.Type, ProvenanceNote.Write(dump, sourceSha256, memorySha256, loss));
        return notes.ToArray();
    }

    /// <summary>A register's value may be too wide for the note of a 32-bit machine; the processor is left out then.</summary>
    private static byte[]? PrStatus(Cpu cpu, ByteOrder order, in CoreTarget target)
    {
        try
        {
            return CoreNotes.PrStatus(cpu, order, target);
        }
        catch (ElfMmuException e) when (e.ErrorId == "ElfValueTooLarge")
        {
            return null;
        }
    }

    /// <summary>
    /// Whether an x86 processor's control registers are known. In QEMU's note one that isn't would be 0, which says that paging is off.
    /// </summary>
    private static bool HasControl(Cpu cpu) => cpu["cr0"] != null && cpu["cr3"] != null && cpu["cr4"] != null;

    private static RegisterSet WithAliases(RegisterSet registers) => registers.With(Aliases
        .Where(a => registers[a.Wide] == null && registers[a.Narrow] != null)
        .Select(a => KeyValuePair.Create(a.Wide, registers[a.Narrow]!.Value)));
}
