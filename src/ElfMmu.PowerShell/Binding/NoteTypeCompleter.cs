using ElfMmu.Elf.Notes;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes types of notes.</summary>
public sealed class NoteTypeCompleter() : ElfTypeCompleter("NT_", ElfNoteItems.TypeNames);
