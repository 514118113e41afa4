using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Elf;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// A cmdlet that reads ELF files: by path, or again what an object came out of, which may lie in an address space. Of an archive, each member is
/// read. What is damaged becomes warnings; a file that isn't ELF is an error of its own.
/// </summary>
public abstract class ElfCommand : CancellableCmdlet
{
    private IDisposable? _kept;
    private object? _last;

    /// <summary>The files; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files; nothing is expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// What was read in an ELF file, or an image in an address space. It stands for its file unless <see cref="Narrows"/> says otherwise, and
    /// consecutive objects of one file for one reading of it.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public IElfSource InputObject { get; set; } = null!;

    /// <summary>Whether what was found wrong becomes warnings; not where it is what the cmdlet emits.</summary>
    protected virtual bool WarnsOfDiagnostics => true;

    /// <summary>Whether what contradicts itself in headers becomes warnings, too; where other things are read, it was said often enough.</summary>
    protected virtual bool WarnsOfHeader => false;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "InputObject")
        {
            bool narrows = Narrows(InputObject);
            if (narrows || !IsRepeated(InputObject.Origin is ElfFileSource whole ? whole.Path : InputObject.Origin))
            {
                Try(InputObject, () => Open(InputObject));
            }

            _last = narrows ? null : _last;
            return;
        }

        bool literal = ParameterSetName == "LiteralPath";
        foreach (string file in ResolveFiles(literal ? LiteralPath : Path, literal))
        {
            if (!IsRepeated(file))
            {
                Try(file, () => OpenAll(file));
            }
        }
    }

    /// <summary>Whether the cmdlet reads a part of the file only, if that part is piped into it.</summary>
    /// <param name="source">What is piped.</param>
    protected virtual bool Narrows(IElfSource source) => false;

    /// <summary>Reads one file, which is closed afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">What it was opened from: the piped object, or what a path stands for.</param>
    protected abstract void Process(ElfFile file, IElfSource source);

    /// <summary>The file, or each member of an archive; one that can't be read doesn't stop the others.</summary>
    private void OpenAll(string file)
    {
        foreach (IElfSource source in ElfSources.Of(file))
        {
            Cancellation.ThrowIfCancellationRequested();
            Try(source.Path, () => Open(source));
        }
    }

    /// <summary>Releases what is kept open for the next input.</summary>
    protected override void Dispose(bool disposing)
    {
        _kept?.Dispose();
        _kept = null;
        base.Dispose(disposing);
    }

    /// <summary>
    /// Keeps the dump of an input open until an input of another one comes: the next object is usually of the same one. What is open already
    /// is shared, so that it is opened (and unpacked) once.
    /// </summary>
    private protected void Keep(IElfSource source)
    {
        if (source.KeepOpen(Cancellation) is { } next)
        {
            _kept?.Dispose();
            _kept = next;
            if (next is MemoryDump dump)
            {
                Damage.Add(dump);
            }
        }
    }

    /// <summary>Opens an input and processes it.</summary>
    private protected virtual void Open(IElfSource source)
    {
        Keep(source);
        using ElfFile file = source.OpenElf(Cancellation);
        try
        {
            Process(file, source);
        }
        finally
        {
            if (WarnsOfDiagnostics)
            {
                Warn(file);
            }
        }
    }

    /// <summary>Whether an input of the pipeline is the file that the one before it was, as the objects are that another cmdlet read in it.</summary>
    private bool IsRepeated(object file)
    {
        bool repeated = MyInvocation.ExpectingInput && file.Equals(_last);
        _last = file;
        return repeated;
    }

    private void Warn(ElfFile file)
    {
        foreach (ElfDiagnostic diagnostic in file.Diagnostics.Where(d => WarnsOfHeader || d.Id != ElfDiagnostic.HeaderContradiction))
        {
            WriteWarning($"{file.Source.Path}: {diagnostic.Message}");
        }
    }
}
