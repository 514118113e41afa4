namespace ElfMmu.Elf.Checking;

/// <summary>Whether a program starts to run in memory that can be executed. O(segments).</summary>
internal sealed class EntryPointCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        // Where functions are known by descriptors, the entry is one, and it is data.
        ulong entry = file.Header.EntryPoint;
        if (entry == 0 || !CheckedFile.IsLinked(file) || file.Header.Machine is ElfMachine.IA64 or ElfMachine.PaRisc
            || (file.Header.Machine == ElfMachine.PowerPC64 && (file.Header.Flags & 3) != 2))
        {
            return;
        }

        bool isLoaded = false;
        bool any = false;
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            cancellation.ThrowIfCancellationRequested();
            // That of a kernel may be a physical address: it starts without page tables.
            any |= segment.Type == ElfSegmentType.Load;
            if (segment.Type == ElfSegmentType.Load && (IsIn(entry, segment.VirtualAddress, segment) || IsIn(entry, segment.PhysicalAddress, segment)))
            {
                isLoaded = true;
                if ((segment.Flags & ElfSegmentFlags.Execute) != 0)
                {
                    return;
                }
            }
        }

        if (any)
        {
            file.Diagnostics.Add("EntryPoint", isLoaded
                ? $"The entry point 0x{entry:x} is in a segment that can't be executed."
                : $"The entry point 0x{entry:x} is in no segment that is loaded.");
        }
    }

    private static bool IsIn(ulong address, ulong start, in ElfProgramHeader segment) => address >= start && address - start < segment.MemorySize;
}
