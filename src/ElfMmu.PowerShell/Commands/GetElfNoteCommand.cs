using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
using ElfMmu.Elf.Sections;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the notes of ELF files, with what they say.</summary>
[Cmdlet(VerbsCommon.Get, "ElfNote", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfNoteItem))]
public sealed class GetElfNoteCommand : ElfCommand
{
    private WildcardPattern[]? _owners;
    private Func<uint, string, bool>? _type;

    /// <summary>The owners wanted, by their names; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoteOwnerCompleter))]
    public string[]? Owner { get; set; }

    /// <summary>The types wanted: names with or without NT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoteTypeCompleter))]
    public string[]? Type { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _owners = Owner == null ? null : ElfFilter.Names(Owner);
        _type = Type == null ? null : ElfFilter.Types(Type, "NT_");
    }

    /// <inheritdoc/>
    protected override bool Narrows(IElfSource source) => source is ElfSection or ElfSegment;

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        (ulong start, ulong size) = PartOf(file, source);
        foreach (ElfNoteItem note in ElfNoteItems.Read(file))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (note.Offset >= start && note.Offset - start < size && (_owners == null || Array.Exists(_owners, o => o.IsMatch(note.Owner))) && (_type == null || _type(note.Type, note.TypeName)))
            {
                WriteObject(note);
            }
        }
    }

    /// <summary>The part of the input that is meant: a section's or a segment's own bytes, or all of it.</summary>
    private static (ulong Start, ulong Size) PartOf(ElfFile file, IElfSource source) => source switch
    {
        ElfSection section => (section.Offset, section.Size),
        ElfSegment segment when !file.IsLoaded => (segment.Offset, segment.FileSize),
        ElfSegment segment => file.TryLocate(file.ProgramHeaders[segment.Index].VirtualAddress, out ulong start, out _) ? (start, segment.MemorySize) : (0, 0),
        _ => (0, ulong.MaxValue),
    };
}
