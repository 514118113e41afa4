using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Intervals;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the relocations of ELF files.</summary>
[Cmdlet(VerbsCommon.Get, "ElfRelocation", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfRelocation))]
public sealed class GetElfRelocationCommand : ElfCommand
{
    private WildcardPattern[]? _sections;
    private WildcardPattern[]? _symbols;
    private Func<uint, string, bool>? _type;

    /// <summary>The sections wanted, by their names; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Section { get; set; }

    /// <summary>The types wanted: names with or without R_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RelocationTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>The symbols wanted, by their names; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Symbol { get; set; }

    /// <summary>Ranges of addresses that the places wanted are in.</summary>
    [Parameter]
    [RangeTransformation(TakesAddress = true)]
    [ValidateNotNullOrEmpty]
    public Interval[]? Address { get; set; }

    /// <summary>Ranges that the offsets wanted are in.</summary>
    [Parameter]
    [RangeTransformation(TakesAddress = true)]
    [ValidateNotNullOrEmpty]
    public Interval[]? Offset { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _sections = Section == null ? null : ElfFilter.Names(Section);
        _symbols = Symbol == null ? null : ElfFilter.Names(Symbol);
        _type = Type == null ? null : ElfFilter.Types(Type, "R_");
    }

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        foreach (ElfRelocation relocation in ElfRelocations.Read(file, name => _sections == null || Array.Exists(_sections, s => s.IsMatch(name))))
        {
            Cancellation.ThrowIfCancellationRequested();
            if (IsWanted(relocation))
            {
                WriteObject(relocation);
            }
        }
    }

    private bool IsWanted(ElfRelocation relocation) =>
        (Address == null || Array.Exists(Address, a => Contains(a, relocation.Address)))
        && (Offset == null || Array.Exists(Offset, o => Contains(o, relocation.Offset)))
        && (_type == null || IsType(relocation))
        && (_symbols == null || HasSymbol(relocation));

    private bool IsType(ElfRelocation relocation) => _type!(relocation.Type, relocation.TypeName)
        || (relocation is { Type2: > 0 and { } second } && _type(second, relocation.Type2Name!))
        || (relocation is { Type3: > 0 and { } third } && _type(third, relocation.Type3Name!));

    private bool HasSymbol(ElfRelocation relocation) =>
        relocation.Symbol is { } symbol && Array.Exists(_symbols!, s => s.IsMatch(symbol.Name) || s.IsMatch(symbol.FullName));

    private static bool Contains(in Interval range, ulong? address) => address >= range.Start && address <= range.Last;
}
