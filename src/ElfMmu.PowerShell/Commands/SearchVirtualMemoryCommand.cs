using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Reading;
using ElfMmu.Searching;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Searches address spaces, or physical memory, for bytes, text, values and pointers.</summary>
[Cmdlet(VerbsCommon.Search, "VirtualMemory", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(SearchHit))]
public sealed class SearchVirtualMemoryCommand : SpaceCommand
{
    private readonly HashSet<SpaceMap> _told = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<DumpIdentity> _searched = [];
    private SearchRequest? _request;

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>Where the range starts that an object of the pipeline has.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SpaceSet)]
    [AddressTransformation]
    public ulong? VirtualAddress { get; set; }

    /// <summary>How many bytes that range has.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = SpaceSet)]
    [AddressTransformation]
    public ulong? Size { get; set; }

    /// <summary>Bytes in hexadecimal, with <c>?</c> for digits that may be anything.</summary>
    [Parameter]
    [BytePatternTransformation]
    [ValidateNotNullOrEmpty]
    public string[]? Bytes { get; set; }

    /// <summary>Text.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Text { get; set; }

    /// <summary>How the characters of text are stored.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public TextEncoding[] Encoding { get; set; } = [TextEncoding.Utf8];

    /// <summary>Regular expressions over bytes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Regex { get; set; }

    /// <summary>The most bytes that a hit of a regular expression has.</summary>
    [Parameter]
    [ValidateRange(1, SearchPattern.MostBytes)]
    public int MaximumLength { get; set; } = RegexPattern.DefaultMostLength;

    /// <summary>Letters of text and regular expressions may have either form.</summary>
    [Parameter]
    public SwitchParameter IgnoreCase { get; set; }

    /// <summary>Values.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? Value { get; set; }

    /// <summary>The type of the values.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ValueTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>Ranges that pointers are looked for into.</summary>
    [Parameter]
    [AddressRangeTransformation]
    [ValidateNotNullOrEmpty]
    public AddressRange[]? PointerTo { get; set; }

    /// <summary>What the address of a hit is a multiple of.</summary>
    [Parameter]
    public int? Alignment { get; set; }

    /// <summary>How many bytes before and behind a hit are given with it.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(0, SearchRequest.MostContext)]
    public int[] Context { get; set; } = [16, 32];

    /// <summary>Search physical memory.</summary>
    [Parameter]
    public SwitchParameter Physical { get; set; }

    /// <summary>Search every address space that a search for roots finds.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter AllRoots { get; set; }

    /// <summary>The privilege that must have any right.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Rights { get; set; }

    /// <summary>The lowest address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MinimumAddress { get; set; }

    /// <summary>The highest address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MaximumAddress { get; set; }

    /// <summary>Emit at most so many hits of each address space.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaximumCount { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        MappingFilter filter = ParseFilter(Rights, Privilege);
        try
        {
            _request = new SearchRequest
            {
                Patterns = [.. Patterns()],
                Filter = filter,
                ContextBefore = Context[0],
                ContextAfter = Context[^1],
            };
            CheckConflicts();
        }
        catch (ElfMmuException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Physical)
        {
            ForEachDump(SearchPhysical);
        }
        else
        {
            ForEachSpace(Search);
        }
    }

    private IEnumerable<SearchPattern> Patterns()
    {
        foreach (string bytes in Bytes ?? [])
        {
            yield return SearchPattern.Bytes(bytes, Alignment);
        }

        foreach (string text in Text ?? [])
        {
            foreach (TextEncoding encoding in Encoding.Distinct())
            {
                yield return SearchPattern.Text(text, encoding, IgnoreCase, Alignment);
            }
        }

        foreach (string regex in Regex ?? [])
        {
            yield return SearchPattern.Regex(regex, IgnoreCase, MaximumLength, Alignment);
        }

        if (Value != null)
        {
            MemoryValueType type = MemoryValueType.Parse(Type ?? throw new ElfMmuException(
                "ValueTypeRequired",
                ErrorKind.InvalidArgument,
                $"A value can be stored in many ways. Say which by -Type: {string.Join(", ", MemoryValueType.Names)}."));
            foreach (object value in Value)
            {
                yield return SearchPattern.Value(Number(value, type), type, Alignment);
            }
        }

        foreach (AddressRange range in PointerTo ?? [])
        {
            yield return SearchPattern.PointerTo(range.Interval, Alignment);
        }
    }

    /// <summary>A value as it was meant: hexadecimal literals with their highest bit set are negative to PowerShell.</summary>
    private static object Number(object value, MemoryValueType type)
    {
        object inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        return type.Kind is MemoryValueKind.Unsigned or MemoryValueKind.Pointer
            && inner is int or long
            && AddressConverter.TryConvert(value, out ulong number)
            ? number
            : inner;
    }

    /// <summary>Says of parameters what is wrong with them before anything is opened.</summary>
    private void CheckConflicts()
    {
        if (_request!.Patterns.Count == 0)
        {
            throw new ElfMmuException(
                "PatternRequired",
                ErrorKind.InvalidArgument,
                "There is nothing to search for. Give -Bytes, -Text, -Regex, -Value with -Type, or -PointerTo.");
        }

        if (Type != null && Value == null)
        {
            throw Conflict("-Type is the type of a -Value, and there is none.");
        }

        if (Physical && (AllRoots || Rights != null || Privilege != Privilege.Any))
        {
            throw Conflict("Physical memory has no address spaces and no rights: -Physical can't be given with -AllRoots, -Rights and -Privilege.");
        }
    }

    private static ElfMmuException Conflict(string message) => new("SearchConflict", ErrorKind.InvalidArgument, message);

    private void SearchPhysical(MemoryDump dump)
    {
        // Many objects of a pipeline can be of one dump.
        if (ParameterSetName != SpaceSet || _searched.Add(dump.Identity))
        {
            using var progress = new ByteProgress(this, $"Searching {dump.Identity.Path}");
            SearchRequest request = _request! with
            {
                MinimumAddress = MinimumAddress ?? 0,
                MaximumAddress = MaximumAddress ?? ulong.MaxValue,
                Progress = progress.Report,
            };
            Emit(MemorySearch.FindPhysical(dump, request, Cancellation));
        }
    }

    private void Search(AddressSpace space)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, Cancellation);
        if (_told.Add(map))
        {
            WriteVerbose(map.Remark);
            foreach (string warning in map.Warnings)
            {
                WriteWarning(warning);
            }
        }

        // Limits are compared with each other here, so that none may have a tag.
        ulong start = space.Untag(VirtualAddress ?? 0);
        ulong first = Math.Max(space.Untag(MinimumAddress ?? 0), start);
        ulong last = space.Untag(MaximumAddress ?? ulong.MaxValue);
        if (VirtualAddress != null && Size is { } size)
        {
            if (size == 0)
            {
                return;
            }

            last = Math.Min(last, start + Math.Min(size - 1, ulong.MaxValue - start));
        }

        using var progress = new ByteProgress(this, $"Searching {space.Identity}");
        Emit(MemorySearch.Find(
            space,
            _request! with { MinimumAddress = first, MaximumAddress = last, Progress = progress.Report },
            Cancellation));
    }

    /// <summary>
    /// Emits hits as they come. Other threads search meanwhile; they have ended when this returns or throws, as it does when the cmdlets
    /// behind have had enough.
    /// </summary>
    private void Emit(IEnumerable<SearchHit> hits)
    {
        long left = MaximumCount;
        foreach (SearchHit hit in hits)
        {
            WriteObject(hit);
            if (--left == 0)
            {
                return;
            }
        }
    }
}
