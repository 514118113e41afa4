using System.Management.Automation;
using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Images.Loading;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Writes dumps in other containers.</summary>
[Cmdlet(VerbsData.Convert, "MemoryDump", DefaultParameterSetName = DumpSet, SupportsShouldProcess = true)]
[OutputType(typeof(ConvertedDump), typeof(FileInfo))]
public sealed class ConvertMemoryDumpCommand : DumpCommand
{
    private static readonly StringComparer Paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly HashSet<string> _written = new(Paths);
    private readonly List<(DumpInput Input, string Path)> _named = [];

    /// <summary>The dumps: paths, whose wildcards are expanded, or open dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>The file to write, or the folder to write it to.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("OutFile")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The container; by default what the name of the file says.</summary>
    [Parameter]
    public DumpFormat? Format { get; set; }

    /// <summary>Write a machine description to this file, too, or beside the file where it is a folder.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? MachineOut { get; set; }

    /// <summary>Write each stretch of memory to a raw image of its own.</summary>
    [Parameter]
    public SwitchParameter Split { get; set; }

    /// <summary>Begin a raw image at physical address 0.</summary>
    [Parameter]
    public SwitchParameter FromZero { get; set; }

    /// <summary>Leave the FOSSIL note and the segments of devices out of an ELF core.</summary>
    [Parameter]
    public SwitchParameter Plain { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public override string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public override ulong? RamBase { get; set; }

    /// <summary>Write what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public override SwitchParameter ZeroFill { get; set; }

    /// <summary>Replace read-only files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuse to replace files.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit the files written instead of what is known of them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override int MostOpen => 1;

    /// <inheritdoc/>
    private protected override bool SkipsFolders => true;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachInput(input =>
    {
        if (Destination == null)
        {
            Convert(input, ConversionDestination.Of(PathOf(input), FormatOf(null), ResolveFile(".")), FormatOf(null));
            return;
        }

        string path = ResolveFile(Destination);

        // Resolving takes a separator at the end away.
        if (!System.IO.Path.EndsInDirectorySeparator(Destination) && !ImageDestination.IsFolder(path))
        {
            // Whether another one is to go to the same file isn't known before the last has come.
            _named.Add((input, path));
            return;
        }

        Convert(input, ConversionDestination.Of(PathOf(input), FormatOf(null), path), FormatOf(null), path);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, (DumpInput Input, string Path)> one in _named.GroupBy(n => n.Path, Paths))
        {
            DumpInput input = one.First().Input;
            Try(input.Target, () => Convert(
                input, one.Count() == 1 ? one.Key : throw ConversionDestination.Repeated(one.Key, PathOf(one.ElementAt(1).Input)), FormatOf(one.Key)));
        }

        base.EndProcessing();
    }

    private static string PathOf(DumpInput input) => input.Argument?.ToString() ?? (string)input.Key;

    private DumpFormat FormatOf(string? file) => ConversionDestination.FormatOf(Format, Split || FromZero, file);

    private void Convert(DumpInput input, string path, DumpFormat format, string? folder = null)
    {
        if (!_written.Add(path))
        {
            throw ConversionDestination.Repeated(path, PathOf(input));
        }

        MemoryDump dump = Open.Dump(input);
        var how = new ConversionOptions
        {
            Path = path,
            Format = format,
            Plain = Plain,
            FromZero = FromZero,
            Split = Split,
            MachinePath = MachineOf(path),
            NoClobber = NoClobber,
            Force = Force,
            Cancellation = Cancellation,
        };
        DumpConverter.Check(dump, how);
        if (!ShouldProcess(path, $"Convert dump '{dump.Identity.Path}'"))
        {
            return;
        }

        if (folder != null)
        {
            ImageDestination.MakeFolder(folder);
        }

        ConvertedDump done;
        using (var progress = new ByteProgress(this, $"Converting {dump.Identity.Path}"))
        {
            done = DumpConverter.Convert(dump, how with { Progress = progress.Report });
        }

        WriteVerbose($"'{done.Path}': {done.MemorySize} bytes of memory in {done.Runs} stretches, {done.WrittenSize} bytes written.");
        foreach (string warning in done.Warnings)
        {
            WriteWarning(warning);
        }

        if (!PassThru)
        {
            WriteObject(done);
            return;
        }

        foreach (string file in done.Files)
        {
            WriteObject(InvokeProvider.Item.Get([file], force: false, literalPath: true), enumerateCollection: true);
        }
    }

    /// <summary>The machine description to write: the one named, one beside the file in a folder named, one beside pieces, or none.</summary>
    private string? MachineOf(string path)
    {
        if (MachineOut == null)
        {
            return Split ? ConversionDestination.MachineOf(path) : null;
        }

        string machine = ResolveFile(MachineOut);
        return System.IO.Path.EndsInDirectorySeparator(MachineOut) || ImageDestination.IsFolder(machine)
            ? System.IO.Path.Combine(machine, System.IO.Path.GetFileName(ConversionDestination.MachineOf(path)))
            : machine;
    }
}
