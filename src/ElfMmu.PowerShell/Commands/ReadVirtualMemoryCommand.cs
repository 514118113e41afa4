using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Reads memory by address: bytes, values, text and structures.</summary>
[Cmdlet(VerbsCommunications.Read, "VirtualMemory", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(byte[]), typeof(ValueType), typeof(string), typeof(PSObject))]
public sealed class ReadVirtualMemoryCommand : AddressCommand
{
    private const ulong DefaultLength = 256;
    private const ulong DefaultTextLength = 4096;
    private const int DefaultBlockSize = 16 << 20;

    private MemoryValueType? _type;
    private StructLayout? _layout;
    private ReadOptions? _options;
    private AddressSpace? _space;
    private MemoryReader? _reader;

    /// <summary>The addresses.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AddressArgumentTransformation]
    public AddressArgument[] Address { get; set; } = [];

    /// <summary>How many bytes; of text, at most.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Length { get; set; }

    /// <summary>The type of the values.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ValueTypeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>How many values or structures.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long Count { get; set; } = 1;

    /// <summary>How the characters of text are stored.</summary>
    [Parameter]
    public TextEncoding? Text { get; set; }

    /// <summary>Text is as long as -Length says, whatever is in it.</summary>
    [Parameter]
    public SwitchParameter FixedLength { get; set; }

    /// <summary>The fields of a structure.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayoutCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Layout { get; set; }

    /// <summary>Emit values and text as objects that know their address.</summary>
    [Parameter]
    public SwitchParameter WithAddress { get; set; }

    /// <summary>Addresses are physical.</summary>
    [Parameter]
    public SwitchParameter Physical { get; set; }

    /// <summary>What is done about bytes that aren't there.</summary>
    [Parameter]
    public AbsentMemory Absent { get; set; }

    /// <summary>What stands for bytes that aren't there.</summary>
    [Parameter]
    public byte FillByte { get; set; }

    /// <summary>The most bytes in one array.</summary>
    [Parameter]
    [ValidateRange(1, 0x7fffffc7)]
    public int BlockSize { get; set; } = DefaultBlockSize;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            Prepare();
        }
        catch (ElfMmuException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }

    /// <summary>Read in every address space that a search for roots finds.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter AllRoots { get; set; }

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    private protected override AddressArgument[]? Addresses => Address;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        CheckDump();
        if (Physical)
        {
            ForEachDump(dump =>
            {
                _reader = _reader is { IsPhysical: true } known && known.Dump == dump ? known : MemoryReader.Of(dump);
                ReadAll(_reader);
            });
        }
        else
        {
            ForEachSpace(space =>
            {
                // A translator remembers what it read last, and the next address of a pipeline is often near.
                _reader = _space == space ? _reader! : MemoryReader.Of(space);
                _space = space;
                ReadAll(_reader);
            });
        }
    }

    /// <summary>Says of parameters what is wrong with them before anything is opened.</summary>
    private void Prepare()
    {
        if (Physical && this.Given(GivenParameters.OfSpaces) is { } naming)
        {
            throw Conflict($"Physical addresses are read as they are, without page tables: -Physical can't be given with {naming}.");
        }

        (string Name, bool IsGiven)[] forms = [("-Type", Type != null), ("-Text", Text != null), ("-Layout", Layout != null)];
        string[] given = [.. forms.Where(f => f.IsGiven).Select(f => f.Name)];
        bool isCounted = Type != null || Layout != null;
        if (given.Length > 1)
        {
            throw Conflict($"{string.Join(" and ", given)} say different things about the same bytes. Give one of them.");
        }

        if (Length != null && isCounted)
        {
            throw Conflict($"-Length is for bytes and text; with {given[0]} give -Count.");
        }

        if (this.IsGiven(nameof(Count)) && !isCounted)
        {
            throw Conflict("-Count is for -Type and -Layout; for bytes and text give -Length.");
        }

        if (FixedLength && (Text == null || Length == null))
        {
            throw Conflict("-FixedLength needs -Text and -Length.");
        }

        if (Text != null && Length > int.MaxValue / 2)
        {
            throw Conflict($"Text of 0x{Length:x} bytes is more than fits a string. Give a smaller -Length.");
        }

        bool isFilled = this.IsGiven(nameof(FillByte));
        if (isFilled && this.IsGiven(nameof(Absent)) && Absent != AbsentMemory.Fill)
        {
            throw Conflict("-FillByte is for -Absent Fill.");
        }

        if (Physical && AllRoots)
        {
            throw Conflict("Physical memory has no address spaces: -Physical can't be given with -AllRoots.");
        }

        _type = Type == null ? null : MemoryValueType.Parse(Type);
        _layout = Layout == null ? null : StructLayout.Parse(Layout);
        if (_layout?.In(default(DataModel) with { WordSize = 64 }).Fields.FirstOrDefault(f => MemoryViews.IsPlace(f.Name)) is { } field)
        {
            throw new ElfMmuException(
                "LayoutInvalid",
                ErrorKind.InvalidArgument,
                $"A field can't be named '{field.Name}', for every structure has a property of that name. Give it another one.");
        }

        _options = new ReadOptions
        {
            Absent = isFilled ? AbsentMemory.Fill : Absent,
            FillByte = FillByte,
            Cancellation = Cancellation,
        };
    }

    private void ReadAll(MemoryReader reader)
    {
        foreach (AddressArgument argument in Address)
        {
            Try(argument, () => Read(reader, argument.Choose(
                Physical, Physical ? "Leave -Physical out, or give an address." : "Give -Physical to take the physical one.")));
        }
    }

    private void Read(MemoryReader reader, ulong address)
    {
        using var progress = new ByteProgress(this, $"Reading {Path.GetFileName(reader.Dump.Identity.Path)}");
        ReadOptions options = _options! with { Progress = progress.Report };
        var output = new MemoryOutput(reader);
        if (Text is { } encoding)
        {
            MemoryText text = reader.ReadText(
                address, encoding, (int)(Length ?? DefaultTextLength), isTerminated: !FixedLength, options);
            Warn(text);
            WriteObject(WithAddress ? output.Text(text) : text.Text);
            return;
        }

        var absent = new AbsentTally();
        if (_type?.In(reader.Model) is { } codec)
        {
            foreach ((ulong at, object value) in reader.ReadValues(codec, address, (ulong)Count, options, absent))
            {
                WriteObject(WithAddress ? output.Value(at, codec, value) : value);
            }
        }
        else if (_layout?.In(reader.Model) is { } shape)
        {
            foreach ((ulong at, ReadOnlyMemory<byte> bytes) in reader.ReadItems(
                address, (ulong)shape.Size, (ulong)Count, options, absent))
            {
                WriteObject(output.Structure(at, shape.Decode(bytes.Span)));
            }
        }
        else
        {
            foreach (MemoryBlock block in reader.ReadBlocks(address, Length ?? DefaultLength, BlockSize, options))
            {
                foreach (AbsentRange range in block.Absent)
                {
                    absent.Add(range);
                }

                if (block.Bytes.Length > 0)
                {
                    WriteObject(output.Bytes(block), enumerateCollection: false);
                }
            }
        }

        if (absent.Describe(reader, options.Absent) is { } warning)
        {
            WriteWarning(warning);
        }
    }

    private void Warn(MemoryText text)
    {
        if (text.Absent is [var range, ..])
        {
            WriteWarning(text.End == MemoryTextEnd.Absent
                ? $"The text at 0x{text.Address:x} is cut off at 0x{range.Address:x}: {range.Why}."
                : $"Parts of the text at 0x{text.Address:x} aren't there and are filled in, from 0x{range.Address:x} on: {range.Why}.");
        }

        if (text.End == MemoryTextEnd.Length && !FixedLength)
        {
            WriteVerbose($"The text at 0x{text.Address:x} is not at its end after {text.Size} bytes; -Length says how many to read.");
        }

        if (!text.IsValid)
        {
            WriteVerbose($"The text at 0x{text.Address:x} has bytes that are no characters in {Text}; they are shown as U+FFFD.");
        }
    }

    private static ElfMmuException Conflict(string message) => new("ReadConflict", ErrorKind.InvalidArgument, message);
}
