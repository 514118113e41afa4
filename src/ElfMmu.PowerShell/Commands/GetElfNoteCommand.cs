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
    public string[]? Owner { get; set; }

    /// <summary>The types wanted: names with or without NT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Type { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _owners = Owner == null ? null : ElfFilter.Names(Owner);
        if (Type != null)
        {
            // Most names, but not those of all owners, start with NT_.
            Func<uint, string, bool> full = ElfFilter.Types(Type, "");
            Func<uint, string, bool> shortened = ElfFilter.Types(Type, "NT_");
            _type = (number, name) => full(number, name) || shortened(number, name);
        }
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
