using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Binding;

/// <summary>A cmdlet whose long work ends at once when the pipeline is stopped, and which knows PowerShell's paths.</summary>
public abstract class CancellableCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the user stops the pipeline.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <summary>The dumps that the cmdlet reads; what of them turns out to be damaged is told when it ends.</summary>
    internal DamageReport Damage { get; } = new();

    /// <inheritdoc/>
    protected override void BeginProcessing() => FormatViews.Load(this);

    /// <summary>Tells what came to light. Who overrides it calls it last.</summary>
    protected override void EndProcessing()
    {
        foreach (string warning in Damage.Take())
        {
            WriteWarning(warning);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended by itself while it was being stopped.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cmdlet holds, also when the pipeline ended early.</summary>
    protected virtual void Dispose(bool disposing) => _stop.Dispose();

    /// <summary>Reads a choice of rights; one that can't be read ends the pipeline before anything is done.</summary>
    protected MappingFilter ParseFilter(string? rights, Privilege privilege)
    {
        try
        {
            return MappingFilter.Parse(rights, privilege);
        }
        catch (ElfMmuException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, rights));
            throw;
        }
    }

    /// <summary>Runs work on one input: the engine's errors are written and don't end the pipeline, and stopping is quiet.</summary>
    protected void Try(object? target, Action work)
    {
        try
        {
            work();
        }
        catch (ElfMmuException e)
        {
            WriteError(ErrorRecords.From(e, target));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The pipeline is being stopped; there is nobody to tell.
        }
    }

    /// <summary>
    /// The files that paths stand for: wildcards are expanded unless the paths are literal, and every path goes through
    /// PowerShell's providers. A path that matches nothing, or isn't in the file system, is an error of its own.
    /// </summary>
    protected IEnumerable<string> ResolveFiles(string[] paths, bool literal)
    {
        foreach (string path in paths)
        {
            foreach (string file in ResolveFiles(path, literal))
            {
                yield return file;
            }
        }
    }

    /// <summary>How the parameters say that files are to be opened.</summary>
    private protected DumpOptions OptionsOf(IDumpParameters parameters) => parameters.ToOptions(ResolveFile);

    /// <summary>The one file that a path names, which needn't exist; wildcard characters stand for themselves.</summary>
    protected string ResolveFile(string path)
    {
        string file = GetUnresolvedProviderPath(path, out ProviderInfo provider);
        return IsFileSystem(provider)
            ? file
            : throw NotFileSystem(path, provider);
    }

    private static ElfMmuException NotFileSystem(string path, ProviderInfo provider) => new(
        "PathNotFileSystem", ErrorKind.InvalidArgument, $"'{path}' is in PowerShell's {provider.Name}, not in the file system.")
    { Path = path };

    private static bool IsFileSystem(ProviderInfo provider) => provider.Name == "FileSystem";

    private string GetUnresolvedProviderPath(string path, out ProviderInfo provider)
    {
        try
        {
            return SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (SessionStateException e)
        {
            throw new ElfMmuException("PathInvalid", ErrorKind.InvalidArgument, e.Message, e) { Path = path };
        }
    }

    /// <summary>Brackets are wildcards, and stand in the names of files too.</summary>
    private ElfMmuException NothingMatches(string path)
    {
        string remedy = "";
        try
        {
            remedy = File.Exists(ResolveFile(path)) ? " A file has just this name, whose characters are wildcards: give it with -LiteralPath." : "";
        }
        catch (ElfMmuException)
        {
            // A pattern needn't be a path.
        }

        return new ElfMmuException("FileNotFound", ErrorKind.NotFound, $"No file matches '{path}'.{remedy}") { Path = path };
    }

    private IReadOnlyCollection<string> ResolveFiles(string path, bool literal)
    {
        try
        {
            if (literal)
            {
                return [ResolveFile(path)];
            }

            IReadOnlyCollection<string> files = GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (IsFileSystem(provider) && files.Count > 0)
            {
                return files;
            }

            throw files.Count > 0
                ? NotFileSystem(path, provider)
                : NothingMatches(path);
        }
        catch (ElfMmuException e)
        {
            WriteError(ErrorRecords.From(e, path));
        }
        catch (ItemNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "FileNotFound", ErrorCategory.ObjectNotFound, path));
        }
        catch (SessionStateException e)
        {
            WriteError(new ErrorRecord(e, "PathInvalid", ErrorCategory.InvalidArgument, path));
        }

        return [];
    }
}
