namespace ElfMmu.Dumps;

/// <summary>
/// A dump that somebody keeps open: its mapped file, and what was found out about it, stay at hand for whoever names it. It can be closed
/// as often as one likes; without that the garbage collector releases it. Safe to use from several threads.
/// </summary>
/// <remarks>
/// It also keeps the same file placed otherwise, once that was asked for. Only this and who uses a dump has leases; dumps have none of each
/// other, so that closing this lets go of all of them.
/// </remarks>
public sealed class OpenedDump : IDisposable
{
    private readonly MemoryDump _dump;
    private readonly List<MemoryDump> _beside = [];
    private int _isClosed;

    private OpenedDump(MemoryDump dump)
    {
        _dump = dump;
        dump.IsKept = true;
        OpenDumps.Add(this);
    }

    /// <summary>Which file it is.</summary>
    public DumpIdentity Identity => _dump.Identity;

    /// <summary>The full path.</summary>
    public string Path => _dump.Identity.Path;

    /// <summary>The file's length in bytes.</summary>
    public ulong Length => _dump.Identity.Length;

    /// <summary>The container format, for people.</summary>
    public string Container => _dump.Container;

    /// <summary>The machine's architecture.</summary>
    public Architecture Architecture => _dump.Machine.Architecture;

    /// <summary>How many bytes of physical memory it holds.</summary>
    public ulong MemorySize => _dump.Memory.Size;

    /// <summary>The full paths of all files it is in, the one that was opened first.</summary>
    public IReadOnlyList<string> Files => _dump.Files;

    /// <summary>Whether what is damaged or left out is read as zeros.</summary>
    public bool ZeroFill => _dump.Identity.ZeroFill;

    /// <summary>Whether it was closed.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>What was found out about it and is kept, in words; empty when it was closed.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_beside)
            {
                return IsClosed ? [] : [.. _beside.Prepend(_dump).SelectMany(d => d.DescribeAttached())];
            }
        }
    }

    /// <summary>Choices made while opening, for the verbose stream.</summary>
    public IReadOnlyList<string> Remarks => _dump.Remarks;

    /// <summary>What is lost or doubtful, for the warning stream.</summary>
    public IReadOnlyList<string> Warnings => _dump.Warnings;

    /// <summary>
    /// Opens a dump to keep it, or shares it where it is open already; the parameters and errors are those of
    /// <see cref="MemoryDump.Open"/>.
    /// </summary>
    public static OpenedDump Open(string path, DumpOptions? options = null, CancellationToken cancellation = default)
    {
        DumpIdentity identity = DumpIdentity.Of(path, options ??= new DumpOptions());
        return new(OpenDumps.TryLease(identity) ?? MemoryDump.OpenImage(path, options, OpenDumps.TryShare(identity), cancellation));
    }

    /// <summary>The dump, with a lease of its own to dispose: it stays open for as long, even if this is closed meanwhile.</summary>
    /// <exception cref="ElfMmuException">
    /// <c>DumpClosed</c>: it was closed; <c>DumpChanged</c> or <c>FileNotFound</c>: the file isn't the one it was, so that what comes out
    /// of it could neither be trusted nor be found again.
    /// </exception>
    public MemoryDump Lease()
    {
        if (!IsClosed)
        {
            Identity.Verify();
            if (_dump.TryLease())
            {
                return _dump;
            }
        }

        throw new ElfMmuException(
            "DumpClosed", ErrorKind.InvalidArgument, $"The dump '{Path}' was closed. Open it again, or give its path.")
        { Path = Path };
    }

    /// <summary>Keeps a dump of the same file, placed otherwise, for as long as this one is kept.</summary>
    /// <returns>False when it is of another file, or one of them is closed already.</returns>
    internal bool TryKeep(MemoryDump other)
    {
        lock (_beside)
        {
            if (IsClosed || !other.Identity.IsSameFile(Identity) || !other.TryLease())
            {
                return false;
            }

            other.IsKept = true;
            _beside.Add(other);
            return true;
        }
    }

    /// <summary>Closes it. Who is using it at the moment is not disturbed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _dump.Dispose();
        lock (_beside)
        {
            _beside.ForEach(d => d.Dispose());
            _beside.Clear();
        }
    }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
