namespace ElfMmu.Elf.Notes;

/// <summary>The state of an x86 processor as QEMU's dump-guest-memory writes it.</summary>
/// <param name="Version">The version of the note; 1 is the only one there is.</param>
/// <param name="Registers">The registers, under the names of <see cref="QemuCpuNote.TryDecode"/>.</param>
public sealed record QemuCpuState(uint Version, IReadOnlyDictionary<string, ulong> Registers);
