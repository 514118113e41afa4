using ElfMmu.Elf;

namespace ElfMmu.Dumps;

/// <summary>The notes of an ELF dump that say something about the machine.</summary>
internal sealed class DumpNotes
{
    private const uint NtPrStatus = 1;
    private const uint NtFossil = 0xdeadc0de;

    public DumpNotes(ElfReader elf, ElfProgramHeader[] segments)
        : this(elf.Input, elf.Header.Machine, elf.Header.Class, elf.Header.Data, segments)
    {
    }

    /// <summary>Reads notes that stand in a file of any format.</summary>
    /// <param name="input">The file.</param>
    /// <param name="machine">Whose registers they hold.</param>
    /// <param name="elfClass">The class that decides where sizes agree.</param>
    /// <param name="data">The byte order.</param>
    /// <param name="segments">Where they are.</param>
    public DumpNotes(IElfInput input, ElfMachine machine, ElfClass elfClass, ElfData data, ElfProgramHeader[] segments)
    {
        var prStatuses = new List<ElfNote>();
        var qemu = new List<ElfNote>();
        foreach (ElfProgramHeader segment in segments.Where(s => s.Type == ElfSegmentType.Note))
        {
            try
            {
                foreach (ElfNote note in ElfNotes.Enumerate(input, data, segment))
                {
                    switch (note.Name, note.Type)
                    {
                        case ("CORE", NtPrStatus):
                            prStatuses.Add(note);
                            break;
                        case ("QEMU", 0):
                            qemu.Add(note);
                            break;
                        case ("VMCOREINFO", 0):
                            VmcoreInfo = note.Description;
                            break;
                        case (ProvenanceNote.Name, ProvenanceNote.Type):
                            (Facts, IsPlaced, Loss) = ProvenanceNote.Read(note.Description.Span);
                            break;
                        case ("FOSSIL", NtFossil):
                            Fossil = FossilNote.Parse(note.Description.Span, Warnings);
                            break;
                        default:
                            VirtualBox.Add(note);
                            break;
                    }
                }
            }
            catch (ElfMmuException e)
            {
                // The memory is worth having without its notes.
                Warnings.Add($"The notes are damaged, and the rest of them is left out: {e.Message}");
            }
        }

        IsMachineDump = qemu.Count > 0 || !VmcoreInfo.IsEmpty || VirtualBox.IsPresent;
        Cpus = VirtualBox.IsPresent ? VirtualBox.Cpus(Warnings) : MakeCpus(machine, elfClass, data, prStatuses, qemu);
    }

    /// <summary>The processors, in the order of their notes.</summary>
    public IReadOnlyList<Cpu> Cpus { get; }

    /// <summary>The VMCOREINFO text.</summary>
    public ReadOnlyMemory<byte> VmcoreInfo { get; set; }

    /// <summary>The FOSSIL note, when there is one.</summary>
    public FossilNote? Fossil { get; }

    /// <summary>VirtualBox's notes.</summary>
    public VirtualBoxNotes VirtualBox { get; } = new();

    /// <summary>What was known of where, when and how the dump was taken that the core was made of; null when it says nothing.</summary>
    public DumpFacts? Facts { get; }

    /// <summary>Whether anything said where the memory was that the core was made of.</summary>
    public bool IsPlaced { get; } = true;

    /// <summary>What was lost when the core was made; null for nothing that is known.</summary>
    public ConversionLoss? Loss { get; }

    /// <summary>Whether a note shows that this is the dump of a machine and not of a process.</summary>
    public bool IsMachineDump { get; }

    /// <summary>What is damaged.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>All NT_PRSTATUS notes come before all QEMU notes, so the two belong together by their position.</summary>
    private static Cpu[] MakeCpus(ElfMachine machine, ElfClass elfClass, ElfData data, List<ElfNote> prStatuses, List<ElfNote> qemu)
    {
        var cpus = new Cpu[Math.Max(prStatuses.Count, qemu.Count)];
        for (int i = 0; i < cpus.Length; i++)
        {
            var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
            ReadOnlyMemory<byte> prStatus = i < prStatuses.Count ? prStatuses[i].Description : default;
            CoreNoteLayouts.TryDecodePrStatus(machine, elfClass, prStatus.Span, data, registers);
            if (i < qemu.Count)
            {
                QemuCpuNote.TryDecode(qemu[i].Description.Span, registers);
            }

            cpus[i] = new Cpu(i, registers, prStatus);
        }

        return cpus;
    }
}
