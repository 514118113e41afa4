using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the sections of ELF files, and reads their contents.</summary>
[Cmdlet(VerbsCommon.Get, "ElfSection", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfSection))]
public sealed class GetElfSectionCommand : ElfCommand
{
    private ElfSectionOptions _options = new();

    /// <summary>The names wanted; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The types wanted: names with or without SHT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SectionTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>The numbers wanted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[]? Index { get; set; }

    /// <summary>Addresses of which the sections wanted hold at least one.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong[]? Address { get; set; }

    /// <summary>Read the contents.</summary>
    [Parameter]
    public SwitchParameter Content { get; set; }

    /// <summary>Read the contents, and decompress those that are compressed.</summary>
    [Parameter]
    public SwitchParameter Decompress { get; set; }

    /// <summary>Calculate the entropy of the contents.</summary>
    [Parameter]
    public SwitchParameter Entropy { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        WildcardPattern[]? names = Name == null ? null : ElfFilter.Names(Name);
        Func<uint, string, bool>? type = Type == null ? null : ElfFilter.Types(Type, "SHT_");
        _options = new ElfSectionOptions
        {
            Content = Content || Decompress,
            Decompress = Decompress,
            Entropy = Entropy,
            Wanted = s => (Index == null || Index.Contains(s.Index)) && (type == null || type(s.Type, s.TypeName))
                && (Address == null || Array.Exists(Address, s.Contains)) && (names == null || Array.Exists(names, n => n.IsMatch(s.Name))),
        };
    }

    /// <inheritdoc/>
    protected override bool Narrows(IElfSource source) => source is ElfSection or ElfSegment;

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        if (file.IsLoaded && file.Header.SectionHeaderCount > 0)
        {
            WriteVerbose($"{file.Source.Path}: sections aren't loaded into memory; what is there is in segments.");
        }

        ElfSectionOptions options = source switch
        {
            ElfSection one => _options with { Wanted = s => s.Index == one.Index && _options.Wanted!(s) },
            ElfSegment segment => _options with { Wanted = s => segment.SectionIndexes.Contains(s.Index) && _options.Wanted!(s) },
            _ => _options,
        };
        foreach (ElfSection section in ElfSections.Read(file, options, Cancellation))
        {
            WriteObject(section);
        }

        int count = file.SectionHeaders.Length;
        foreach (int index in (Index ?? []).Where(i => i < 0 || i >= count))
        {
            WriteWarning($"{file.Source.Path}: there is no section {index}; there are {count}, the first of them 0.");
        }
    }
}
