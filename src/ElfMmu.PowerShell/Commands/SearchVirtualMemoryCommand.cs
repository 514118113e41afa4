using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Reading;
using ElfMmu.Searching;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Searches address spaces, or physical memory, for bytes, text, values and pointers.</summary>
[Cmdlet(VerbsCommon.Search, "VirtualMemory", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(SearchHit))]
public sealed class SearchVirtualMemoryCommand : RangeCommand
{
    private readonly HashSet<SpaceMap> _told = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<DumpIdentity> _searched = [];
    private SearchRequest? _request;

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
    [RangeTransformation(TakesAddress = true)]
    [ValidateNotNullOrEmpty]
    public Interval[]? PointerTo { get; set; }

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
    [ArgumentCompleter(typeof(RightsCompleter))]
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
            ForEachRange(Search);
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

        foreach (Interval range in PointerTo ?? [])
        {
            yield return SearchPattern.PointerTo(range, Alignment);
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

        if (this.IsGiven(nameof(Encoding)) && Text == null)
        {
            throw Conflict("-Encoding says how -Text is stored, and there is none. A regular expression sees bytes: UTF-16 is 'L\\x00i\\x00' to it.");
        }

        if (this.IsGiven(nameof(MaximumLength)) && Regex == null)
        {
            throw Conflict("-MaximumLength is for hits of a -Regex, and there is none; those of other patterns are as long as the pattern.");
        }

        if (IgnoreCase && Text == null && Regex == null)
        {
            throw Conflict("-IgnoreCase is for letters of -Text and -Regex, and there are none.");
        }

        if (Physical && this.Given(GivenParameters.OfSpaces) is { } given)
        {
            throw Conflict($"Physical memory is searched as it is, without page tables: -Physical can't be given with {given}.");
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
        if ((ParameterSetName != SpaceSet && !HasObject) || _searched.Add(dump.Identity))
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

    private void Search(AddressSpace space, Interval range)
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
        ulong first = Math.Max(space.Untag(MinimumAddress ?? 0), range.Start);
        ulong last = Math.Min(space.Untag(MaximumAddress ?? ulong.MaxValue), range.Last);
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
