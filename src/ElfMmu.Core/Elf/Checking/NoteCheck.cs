using ElfMmu.Elf.Notes;

namespace ElfMmu.Elf.Checking;

/// <summary>Notes: whether each is within its section or segment, and can be understood (gABI, "Note Section"). O(bytes of notes).</summary>
internal sealed class NoteCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        // Reading says what is wrong.
        foreach (ElfNoteItem unused in ElfNoteItems.Read(file))
        {
            cancellation.ThrowIfCancellationRequested();
            _ = unused;
        }
    }
}
