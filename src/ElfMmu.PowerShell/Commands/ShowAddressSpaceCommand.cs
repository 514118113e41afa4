using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Draws address spaces side by side, as a page for a browser.</summary>
[Cmdlet(VerbsCommon.Show, "AddressSpace", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowAddressSpaceCommand : CancellableCmdlet
{
    // Pictures to draw at the end, by full path, in the order in which they came up; the one without a path is for the screen.
    private readonly OrderedDictionary<string, AddressSpacePicture> _pending = [];
    private string? _lastPath;
    private AddressSpacePicture? _lastPicture;

    /// <summary>The file to write; without it a temporary one is written and opened.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Mappings to draw.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PageTableMapping InputObject { get; set; } = null!;

    /// <summary>What is drawn; the path's extension says it by default.</summary>
    [Parameter]
    public PictureFormat? Format { get; set; }

    /// <summary>The title.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>The privilege that must have any right.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RightsCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Rights { get; set; }

    /// <summary>Replace a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit the file written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private MappingFilter Filter { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Filter = ParseFilter(Rights, Privilege);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = Path ?? "";
        if (_lastPicture == null || _lastPath != path)
        {
            try
            {
                _lastPicture = PictureFor(path);
                _lastPath = path;
            }
            catch (ElfMmuException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, Path));
            }
        }

        _lastPicture!.Add(InputObject.AsMapping(), InputObject.Space);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_pending.Count == 0)
        {
            WriteError(ErrorRecords.From(
                new ElfMmuException(
                    "NothingToDraw",
                    ErrorKind.InvalidData,
                    "No mapping came through the pipeline, so nothing is drawn. Check the filters of what stands before."),
                null));
        }

        foreach ((string path, AddressSpacePicture picture) in _pending)
        {
            Try(path.Length == 0 ? null : path, () => Draw(path, picture));
        }

        base.EndProcessing();
    }

    /// <summary>The picture of a path; -Path may be a script block that gives each mapping another one.</summary>
    private AddressSpacePicture PictureFor(string path)
    {
        string file = path.Length == 0 ? "" : ResolveFile(path);
        if (!_pending.TryGetValue(file, out AddressSpacePicture? picture))
        {
            // Better now than after a walk of minutes.
            if (file.Length > 0 && Format == null && PictureExporter.FormatOf(file) == null)
            {
                throw PictureExporter.FormatUnknown(path);
            }

            _pending.Add(file, picture = new AddressSpacePicture(Filter));
        }

        return picture;
    }

    /// <summary>
    /// Files behind the dumps that a picture could replace. Only what exists and isn't called a picture can be one, so the dumps are
    /// opened again for nothing else.
    /// </summary>
    private IEnumerable<string> Evidence(string path, AddressSpacePicture picture)
    {
        if (PictureExporter.FormatOf(path) != null || !File.Exists(path))
        {
            yield break;
        }

        foreach (DumpIdentity identity in picture.Spaces.Select(s => s.Dump).Distinct())
        {
            using MemoryDump dump = identity.Reopen(Cancellation);
            foreach (string file in dump.Inputs)
            {
                yield return file;
            }
        }
    }

    private void Draw(string path, AddressSpacePicture picture)
    {
        bool open = path.Length == 0;
        if (open)
        {
            string name = $"elfmmu-{Guid.NewGuid():n}.{(Format == PictureFormat.Svg ? "svg" : "html")}";
            path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        }

        if (!ShouldProcess(path, open ? "Draw and open address spaces" : "Draw address spaces"))
        {
            return;
        }

        PictureSummary summary = PictureExporter.Export(picture, new PictureOptions
        {
            Path = path,
            Format = Format,
            Title = Title,
            Inputs = [.. Evidence(path, picture)],
            NoClobber = NoClobber,
            Force = Force,
            Cancellation = Cancellation,
        });
        WriteVerbose($"'{summary.Path}': {summary.Counts}; {summary.Merged} of the mappings share a stroke with neighbours.");
        if (PassThru)
        {
            WriteObject(InvokeProvider.Item.Get([summary.Path], force: false, literalPath: true), enumerateCollection: true);
        }

        if (open)
        {
            FileOpener.Open(summary.Path);
        }
    }
}
