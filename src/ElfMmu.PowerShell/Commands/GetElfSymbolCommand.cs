using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Elf.Symbols;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lists the symbols of ELF files, or finds those that addresses are in.</summary>
[Cmdlet(VerbsCommon.Get, "ElfSymbol", DefaultParameterSetName = "Path")]
[OutputType(typeof(ElfSymbol))]
public sealed class GetElfSymbolCommand : ElfCommand
{
    private readonly HashSet<ulong> _found = [];
    private ElfSymbolFilter _filter = new();
    private List<ulong>? _piped;
    private bool _isAddressGiven;

    /// <summary>The names wanted; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The types wanted: names with or without STT_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SymbolTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>The bindings wanted: names with or without STB_, wildcards, numbers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SymbolBindingCompleter))]
    public string[]? Binding { get; set; }

    /// <summary>The tables wanted, by the names of their sections.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SymbolTableCompleter))]
    public string[]? Table { get; set; }

    /// <summary>Addresses: of each, the symbol it is in.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AddressTransformation(LeavesOthers = true)]
    public ulong[]? Address { get; set; }

    /// <summary>Only symbols that their file defines.</summary>
    [Parameter]
    public SwitchParameter Defined { get; set; }

    /// <summary>Only symbols that their file needs of others.</summary>
    [Parameter]
    public SwitchParameter Undefined { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _filter = Filter(null);

        // Addresses come down the pipeline where the file is named already; a file called 12 is no address.
        _isAddressGiven = Address != null;
        bool isFileGiven = Path.Length > 0 || LiteralPath.Length > 0 || InputObject != null;
        _piped = MyInvocation.ExpectingInput && isFileGiven && !_isAddressGiven ? [] : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_piped != null)
        {
            // The file is read once for all of them.
            _piped.AddRange(Address ?? []);
            return;
        }

        if (!_isAddressGiven)
        {
            Address = null;
        }

        base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override bool Narrows(IElfSource source) => source is ElfSection;

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source)
    {
        // A section narrows to the symbols in it, or to its own table.
        ElfSymbolFilter filter = source is ElfSection section ? Filter(section.Index) : _filter;
        if (Address != null)
        {
            var index = new ElfSymbolIndex(ElfSymbolTables.Of(file), filter);
            foreach (ulong address in Address)
            {
                if (index.At(address) is { } found)
                {
                    _found.Add(address);
                    WriteObject(found);
                }
                else
                {
                    WriteVerbose($"{file.Source.Path}: 0x{address:x} is in no symbol.");
                }
            }

            return;
        }

        foreach (ElfSymbolTable table in ElfSymbolTables.Of(file))
        {
            foreach (int index in filter.Select(table))
            {
                Cancellation.ThrowIfCancellationRequested();
                WriteObject(table.Symbol(index));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_piped != null)
        {
            Address = [.. _piped];
            base.ProcessRecord();
        }

        foreach (ulong address in Address?.Except(_found) ?? [])
        {
            WriteWarning($"0x{address:x} is in no symbol of what was read.");
        }

        base.EndProcessing();
    }

    private ElfSymbolFilter Filter(int? section)
    {
        WildcardPattern[]? tables = Table == null ? null : ElfFilter.Names(Table);
        return new ElfSymbolFilter
        {
            Name = Name == null ? null : ElfFilter.ShortNames(Name),
            FullName = Name == null ? null : ElfFilter.FullNames(Name),
            Type = Type == null ? null : ElfFilter.Types<ElfSymbolType>(Type, "STT_"),
            Binding = Binding == null ? null : ElfFilter.Types<ElfSymbolBinding>(Binding, "STB_"),
            Table = tables == null ? null : name => Array.Exists(tables, n => n.IsMatch(name)),
            IsDefined = Defined == Undefined ? null : Defined.IsPresent,
            Section = section,
        };
    }
}
