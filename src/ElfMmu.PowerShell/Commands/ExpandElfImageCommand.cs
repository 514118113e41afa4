using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Images.Loading;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Lays executables, libraries and cores out as flat images of memory.</summary>
[Cmdlet(VerbsData.Expand, "ElfImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(MemoryImage), typeof(FileInfo))]
public sealed class ExpandElfImageCommand : ElfCommand
{
    private static readonly StringComparer Paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly HashSet<string> _written = new(Paths);
    private readonly List<(IElfSource Source, string Path)> _named = [];

    /// <summary>The image to write, or the folder to write it to.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("OutFile")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The address of the image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Base { get; set; }

    /// <summary>Where what can be loaded anywhere is to be.</summary>
    [Parameter]
    [AddressTransformation]
    [Alias("Rebase")]
    public ulong? LoadAddress { get; set; }

    /// <summary>Which of a segment's addresses counts.</summary>
    [Parameter]
    public ImageAddressKind AddressKind { get; set; }

    /// <summary>The lowest address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MinimumAddress { get; set; }

    /// <summary>The highest address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MaximumAddress { get; set; }

    /// <summary>The most bytes an image may have.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MaximumSize { get; set; }

    /// <summary>Write no machine description.</summary>
    [Parameter]
    public SwitchParameter NoDescription { get; set; }

    /// <summary>Replace read-only files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuse to replace files.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit the files written instead of what is known of the image.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process(ElfFile file, IElfSource source) => Open(source);

    /// <inheritdoc/>
    private protected override void Open(IElfSource source)
    {
        if (Destination == null)
        {
            Expand(source, ImageDestination.Of(source, ResolveFile(".")));
            return;
        }

        string path = ResolveFile(Destination);

        // Resolving takes a separator at the end away.
        if (!System.IO.Path.EndsInDirectorySeparator(Destination) && !ImageDestination.IsFolder(path))
        {
            // Whether another one is to go to the same file isn't known before the last has come.
            _named.Add((source, path));
            return;
        }

        Expand(source, ImageDestination.Of(source, path), path);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, (IElfSource Source, string Path)> one in _named.GroupBy(n => n.Path, Paths))
        {
            Try(one.Key, () => Expand(one.First().Source, one.Count() == 1 ? one.Key : throw ImageDestination.Repeated(one.Key, one.ElementAt(1).Source)));
        }

        base.EndProcessing();
    }

    private void Expand(IElfSource source, string path, string? folder = null)
    {
        Keep(source);
        if (!_written.Add(path))
        {
            throw ImageDestination.Repeated(path, source);
        }

        OutputFile.Check(path, NoClobber, Force, new[] { source.Path }.Where(System.IO.Path.IsPathFullyQualified));
        if (!ShouldProcess(path, $"Expand image '{source.Path}'"))
        {
            return;
        }

        if (folder != null)
        {
            ImageDestination.MakeFolder(folder);
        }

        MemoryImage image;
        using (var progress = new ByteProgress(this, $"Expanding {source.Path}"))
        {
            image = ImageExpander.Expand(source, new ExpandOptions
            {
                Path = path,
                Base = Base,
                LoadAddress = LoadAddress,
                AddressKind = AddressKind,
                MinimumAddress = MinimumAddress ?? 0,
                MaximumAddress = MaximumAddress ?? ulong.MaxValue,
                MaximumSize = MaximumSize ?? ExpandOptions.DefaultMaximumSize,
                WithDescription = !NoDescription,
                NoClobber = NoClobber,
                Force = Force,
                Progress = progress.Report,
                Cancellation = Cancellation,
            });
        }

        WriteVerbose($"'{image.Path}': {image.Size} bytes from 0x{image.BaseAddress:x} on, {image.WrittenBytes} of them written.");
        foreach (ElfDiagnostic diagnostic in image.Diagnostics.Where(d => d.Id != ElfDiagnostic.HeaderContradiction))
        {
            WriteWarning($"{image.Source}: {diagnostic.Message}");
        }

        if (image.AbsentBytes > 0)
        {
            WriteWarning($"{image.Source}: 0x{image.AbsentBytes:x} bytes aren't there and are zeros in '{image.Path}', the first at "
                + $"0x{image.Absent[0].Address:x}: {image.Absent[0].Why}.");
        }

        if (!PassThru)
        {
            WriteObject(image);
            return;
        }

        foreach (string file in new[] { image.Path, image.DescriptionPath }.OfType<string>())
        {
            WriteObject(InvokeProvider.Item.Get([file], force: false, literalPath: true), enumerateCollection: true);
        }
    }
}
