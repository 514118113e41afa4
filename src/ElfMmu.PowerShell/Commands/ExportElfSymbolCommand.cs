using System.Collections;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using ElfMmu.Companions;
using ElfMmu.Elf;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Writes symbols, ranges and debug information as an ELF file that a debugger opens beside a core.</summary>
[Cmdlet(VerbsData.Export, "ElfSymbol", SupportsShouldProcess = true)]
[OutputType(typeof(CompanionSummary))]
public sealed class ExportElfSymbolCommand : CancellableCmdlet
{
    private readonly SourceNotes _notes = new();
    private readonly List<SymbolRow> _rows = [];
    private readonly List<string> _files = [];
    private readonly Dictionary<string, IElfSource> _sources = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private int _objects;

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath", "OutFile", "Destination")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Symbols as objects, lines of text, or files.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Files of symbols; wildcards are expanded.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] SymbolPath { get; set; } = [];

    /// <summary>Files of symbols; nothing is expanded.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] LiteralSymbolPath { get; set; } = [];

    /// <summary>What the texts of symbols are.</summary>
    [Parameter]
    public SymbolFormat InputFormat { get; set; }

    /// <summary>The core the companion is for, or any ELF file of the machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Core { get; set; }

    /// <summary>The processor.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MachineCompleter))]
    public string? Machine { get; set; }

    /// <summary>The width of addresses.</summary>
    [Parameter]
    public ElfClass? Class { get; set; }

    /// <summary>The byte order.</summary>
    [Parameter]
    public ByteOrder? ByteOrder { get; set; }

    /// <summary>Ranges of addresses as sections.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Section { get; set; }

    /// <summary>Leave sizes alone that no source says.</summary>
    [Parameter]
    public SwitchParameter NoSizeInference { get; set; }

    /// <summary>ARM: functions are Thumb code.</summary>
    [Parameter]
    public SwitchParameter Thumb { get; set; }

    /// <summary>The version of DWARF to write.</summary>
    [Parameter]
    [ValidateRange(4, 5)]
    [ArgumentCompleter(typeof(DwarfVersionCompleter))]
    public int? Dwarf { get; set; }

    /// <summary>Files that define types.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] TypePath { get; set; } = [];

    /// <summary>Texts that define types.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TypeDefinition { get; set; } = [];

    /// <summary>Names for numbers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Constant { get; set; }

    /// <summary>Tables of lines of source.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] LinePath { get; set; } = [];

    /// <summary>Lines of source as objects.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSObject[] Line { get; set; } = [];

    /// <summary>The folder of relative names of source files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceFolder { get; set; }

    /// <summary>What is said of the frames of functions.</summary>
    [Parameter]
    public CompanionFrame Frame { get; set; }

    /// <summary>How many bytes of a function come before its frame is there.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong PrologueSize { get; set; }

    /// <summary>The size of a frame.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong FrameSize { get; set; }

    /// <summary>Replace a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit what was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (InputObject?.BaseObject)
        {
            case null:
                break;
            case FileInfo file:
                _files.Add(file.FullName);
                break;
            case string line:
                _text.Append(line).Append('\n');
                break;
            default:
                if (InputObject.BaseObject is IElfSource source)
                {
                    _sources.TryAdd(source.Path, source);
                }

                if (SymbolObject.Read(InputObject, ++_objects) is { } row)
                {
                    _rows.Add(row);
                }

                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Try(Path, Export);

    private void Export()
    {
        string path = ResolveFile(Path);
        string? core = Core == null ? null : ResolveFile(Core);
        List<string> types = [];
        List<string> lines = [];
        if (!AddFiles(_files, SymbolPath) || !AddFiles(types, TypePath) || !AddFiles(lines, LinePath))
        {
            // A companion without what was asked for looks like one that has it.
            return;
        }

        _files.AddRange(ResolveFiles(LiteralSymbolPath, literal: true));
        (CompanionTarget target, IReadOnlyList<CompanionRange>? ranges) = Target(core);
        var options = new CompanionOptions
        {
            Path = path,
            Target = target,
            CoreRanges = ranges,
            Sections = [.. SectionArgument.Read(Section)],
            InferSizes = !NoSizeInference,
            Thumb = Thumb,
            Dwarf = Dwarf,
            Types = [.. types.Select(CompanionTypes.ReadFile), .. TypeDefinition.Select(t => new CompanionTypes("-TypeDefinition", t))],
            Constants = [.. Constants()],
            Lines = [.. lines.SelectMany(l => LineReader.ReadFile(l, _notes)), .. Line.Select(SymbolObject.ReadLine)],
            SourceFolder = SourceFolder == null ? "" : ResolveFile(SourceFolder),
            Frame = Frame,
            PrologueSize = PrologueSize,
            FrameSize = FrameSize,
            Inputs = [.. _files, .. types, .. lines, .. core == null ? [] : new[] { core }],
            NoClobber = NoClobber,
            Force = Force,
            Cancellation = Cancellation,
        };
        List<CompanionSymbol> symbols = Symbols();
        if (!ShouldProcess(path, "Export ELF symbols"))
        {
            return;
        }

        CompanionSummary summary;
        try
        {
            summary = CompanionExporter.Export(symbols, options, _notes);
        }
        finally
        {
            foreach (string warning in _notes.Warnings)
            {
                WriteWarning(warning);
            }
        }

        WriteVerbose($"'{summary.Path}': {summary.Machine}, {summary.Symbols} symbols, {summary.Sections} sections, "
            + $"{summary.Variables} variables, {summary.Functions} functions, {summary.Lines} lines, {summary.Length} bytes.");
        if (PassThru)
        {
            WriteObject(summary);
        }
    }

    /// <summary>Adds the files that paths name; one that names none has been told of.</summary>
    private bool AddFiles(List<string> files, string[] paths)
    {
        foreach (string path in paths)
        {
            int before = files.Count;
            files.AddRange(ResolveFiles([path], literal: false));
            if (files.Count == before)
            {
                return false;
            }
        }

        return true;
    }

    private List<CompanionSymbol> Symbols()
    {
        List<CompanionSymbol> symbols = SymbolRows.Read(_rows, _notes);
        if (_text.Length > 0)
        {
            symbols.AddRange(SymbolReader.Read(_text.ToString(), "The text of the pipeline", InputFormat, _notes));
        }

        foreach (string file in _files)
        {
            Cancellation.ThrowIfCancellationRequested();
            symbols.AddRange(SymbolReader.ReadFile(file, InputFormat, _notes));
        }

        return symbols;
    }

    private (CompanionTarget Target, IReadOnlyList<CompanionRange>? Ranges) Target(string? core)
    {
        ElfClass? width = null;
        ElfMachine? named = Machine == null
            ? null
            : CompanionTarget.FindMachine(Machine, out width) ?? throw new ElfMmuException("MachineUnknown", ErrorKind.InvalidArgument,
                $"'{Machine}' isn't a processor's name. Write it as ELF has it, such as X86_64, Arm, EM_RISCV or 243, or as usual, such as x64 or arm64.");
        if (core == null)
        {
            return named is { } machine
                ? (CompanionTarget.For(machine, Class ?? width, ByteOrder), null)
                : (TargetOfSources() ?? throw new ElfMmuException("TargetMissing", ErrorKind.InvalidArgument,
                    "Nothing says which machine the symbols are of, or they are of several. Give the core with -Core, or -Machine."), null);
        }

        using ElfFile file = ElfFile.Open(core);
        var target = CompanionTarget.Of(file.Header);
        IReadOnlyList<CompanionRange> ranges = CompanionRange.Of(file);
        return (
            target with
            {
                Machine = named ?? target.Machine,
                Class = Class ?? width ?? target.Class,
                Data = ByteOrder switch
                {
                    null => target.Data,
                    ElfMmu.ByteOrder.Big => ElfData.BigEndian,
                    _ => ElfData.LittleEndian,
                },
            },
            ranges.Count > 0 ? ranges : null);
    }

    /// <summary>The target of the files whose symbols were piped in; null if there are none, or if they are for different machines.</summary>
    private CompanionTarget? TargetOfSources()
    {
        CompanionTarget? target = null;
        foreach (IElfSource source in _sources.Values)
        {
            using ElfFile file = source.OpenElf(Cancellation);
            var found = CompanionTarget.Of(file.Header);
            if (target != null && target != found)
            {
                return null;
            }

            target = found;
        }

        return target;
    }

    private IEnumerable<KeyValuePair<string, Int128>> Constants()
    {
        foreach (DictionaryEntry entry in Constant ?? new Hashtable())
        {
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            yield return KeyValuePair.Create(entry.Key.ToString() ?? "", value switch
            {
                int number => (Int128)number,
                long number => (Int128)number,
                BigInteger number when number >= long.MinValue && number <= ulong.MaxValue => (Int128)number,
                _ when AddressConverter.TryConvert(entry.Value, out ulong number) => (Int128)number,
                _ => throw new ElfMmuException("ConstantInvalid", ErrorKind.InvalidArgument,
                    $"'{entry.Value}' isn't the value of a constant ({entry.Key}): a whole number from -2^63 to 2^64-1."),
            });
        }
    }
}
