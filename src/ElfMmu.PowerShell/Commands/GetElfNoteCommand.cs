using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
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
    protected override void Process(ElfFile file, IElfSource source)
    {
        foreach (ElfNoteItem note in ElfNoteItems.Read(file))
        {
            Cancellation.ThrowIfCancellationRequested();
            if ((_owners == null || Array.Exists(_owners, o => o.IsMatch(note.Owner))) && (_type == null || _type(note.Type, note.TypeName)))
            {
                WriteObject(note);
            }
        }
    }
}
