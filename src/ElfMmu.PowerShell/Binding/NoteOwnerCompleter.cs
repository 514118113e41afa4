using ElfMmu.Elf.Notes;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes owners of notes.</summary>
public sealed class NoteOwnerCompleter() : ElfTypeCompleter("", ElfNoteItems.OwnerNames);
