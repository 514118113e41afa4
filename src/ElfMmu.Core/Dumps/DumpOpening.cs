using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What is known while a dump is being opened, and how its pieces are opened.</summary>
/// <param name="Path">The full path of the file opened.</param>
/// <param name="RamBase">Where a raw image begins, where it was given.</param>
/// <param name="Layout">Where the pieces of a raw image were, where that was given.</param>
/// <param name="Description">The machine description beside the dump, where one was given.</param>
/// <param name="Remarks">Takes choices made, for the verbose stream.</param>
/// <param name="Cancellation">Ends long work, such as unpacking.</param>
internal sealed record DumpOpening(
    string Path, ulong? RamBase, RawLayout? Layout, MachineDescription? Description, List<string> Remarks, CancellationToken Cancellation)
{
    // Wrappings of whole files; what is in one may be wrapped once more.
    private static readonly IDumpWrapping[] Wrappings =
    [
        new GzipWrapping(),
        new ZlibWrapping(),
        new ZstandardWrapping(),
        new FlattenedWrapping(),
    ];

    private const int MostWrappings = 4;
    private const int HeadSize = 4096;

    /// <summary>Whether what is damaged or left out is read as zeros.</summary>
    public bool ZeroFill { get; init; }

    /// <summary>Takes how many bytes of a packed file are unpacked, and how many it has; null where nobody asks.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Takes what is lost or doubtful, for the warning stream.</summary>
    public List<string> Warnings { get; init; } = [];

    /// <summary>The files opened, as they were before that.</summary>
    public Dictionary<string, FileStamp> Stamps { get; } = [];

    /// <summary>How the files are packed as a whole, from the outside in.</summary>
    public List<string> Compressions { get; } = [];

    /// <summary>Opens a file, and unwraps it if it is wrapped.</summary>
    public DataSource OpenSource(string path)
    {
        Stamps.TryAdd(path, FileStamp.Of(path));
        DataSource source = DataSourceFactory.Open(path);
        try
        {
            for (int i = 0; i < MostWrappings; i++)
            {
                byte[] head = new byte[(int)Math.Min(source.Length, HeadSize)];
                source.Read(0, head);
                if (Array.Find(Wrappings, w => w.Matches(head)) is not { } wrapping)
                {
                    break;
                }

                source = wrapping.Unwrap(source, this);
                if (wrapping.Compression is { } compression)
                {
                    Compressions.Add(compression);
                }
            }

            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
