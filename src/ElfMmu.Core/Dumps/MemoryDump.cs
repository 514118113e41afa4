using System.Collections.Concurrent;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>An opened dump: its physical memory and what it says about the machine, the same whatever container it came in.</summary>
public sealed class MemoryDump : IDisposable
{
    private const int HeadSize = 8192;

    // The first that recognises a file reads it; a raw image has no signature and comes last.
    private static readonly IDumpReader[] Readers =
    [
        new ElfDumpReader(),
        new KdumpReader(),
        new LimeReader(),
        new MachineReader(),
        new QemuStreamReader(),
        new VmwareReader(),
        new WindowsDumpReader(),
        new ForeignReader(),
        new RawReader(),
    ];

    private readonly ConcurrentDictionary<Type, object> _attached = [];
    private int _leases = 1;

    internal MemoryDump(DumpIdentity identity, DumpContent content, Machine machine)
    {
        Identity = identity;
        Container = content.Container;
        Machine = machine;
        VmcoreInfo = content.VmcoreInfo;
        Windows = content.Windows;
        Files = FilesOf(identity, content);
        MissingSize = content.MissingSize;
        Loss = content.Loss;
        LeftOutSize = content.LeftOutSize;
        Resembles = content.Resembles;
        IsPlaced = content.IsPlaced;
        Memory = new PhysicalMemory(content.Runs);
        Map = new PhysicalMap(Memory, machine.Devices);
    }

    /// <summary>Which file this is.</summary>
    public DumpIdentity Identity { get; }

    /// <summary>The container format, for people.</summary>
    public string Container { get; }

    /// <summary>The machine the dump was taken from.</summary>
    public Machine Machine { get; }

    /// <summary>
    /// Whether something says where the bytes were in physical memory. Of a bare raw image nothing does; it is taken to start at 0.
    /// </summary>
    public bool IsPlaced { get; }

    /// <summary>The physical memory.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>What stands behind each physical address.</summary>
    public PhysicalMap Map { get; }

    /// <summary>The VMCOREINFO text of a Linux kernel as it is in the dump; empty when there is none.</summary>
    public ReadOnlyMemory<byte> VmcoreInfo { get; }

    /// <summary>What the container says of where, when and how the dump was taken.</summary>
    public DumpFacts Facts { get; private init; } = new();

    /// <summary>The full paths of all files the dump is in, the one that was opened first.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The full paths of all files that are read for it, the machine description among them: none of them may be written.</summary>
    public IReadOnlyList<string> Inputs => Identity.MachinePath is { } machine ? [.. Files, machine] : Files;

    /// <summary>
    /// How many bytes of memory the container promises that its files don't hold; of a converted dump also those that were damaged when it was made,
    /// whether they were left out or are zeros.
    /// </summary>
    public ulong MissingSize { get; }

    /// <summary>How many bytes of memory were left out by choice when the dump was made, as far as it can be told.</summary>
    public ulong LeftOutSize { get; }

    /// <summary>
    /// What else a file without a signature of a dump looks like, such as <c>a PDF document</c>: it is taken as a raw image all the same, for
    /// memory may begin like anything. Null for nothing that is known, and where it was said to be memory.
    /// </summary>
    public string? Resembles { get; }

    /// <summary>Choices made while opening, for the verbose stream.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>What is lost or doubtful, for the warning stream.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>
    /// Opens a dump read-only. Its first bytes decide what it is, not its name; gzip, zlib or zstd of any format
    /// is unpacked to a temporary file first. O(headers), except for unpacking.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="options">What the dump can't say of itself.</param>
    /// <param name="cancellation">Ends unpacking.</param>
    /// <exception cref="ElfMmuException">The file can't be opened, is damaged, or holds no physical memory.</exception>
    public static MemoryDump Open(string path, DumpOptions? options = null, CancellationToken cancellation = default) =>
        OpenImage(path, options ?? new DumpOptions(), shared: null, cancellation);

    /// <summary>Opens a dump whose file may be open already, placed otherwise.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">What the dump can't say of itself.</param>
    /// <param name="shared">The raw image, which it takes over; null to open it.</param>
    /// <param name="cancellation">Ends unpacking.</param>
    internal static MemoryDump OpenImage(string path, DumpOptions options, SharedDataSource? shared, CancellationToken cancellation)
    {
        DumpContent? content = null;
        DataSource? source = shared;
        try
        {
            DumpIdentity identity = DumpIdentity.Of(path, options);
            var remarks = new List<string>();
            var warnings = new List<string>();
            MachineDescription? description = ReadDescription(identity.MachinePath);
            var opening = new DumpOpening(identity.Path, options.RamBase, options.Layout, description, remarks, cancellation)
            {
                ZeroFill = options.ZeroFill,
                Progress = options.Progress,
                Warnings = warnings,
            };
            source ??= opening.OpenSource(identity.Path);
            byte[] head = new byte[(int)Math.Min(source.Length, HeadSize)];
            source.Read(0, head);
            bool isPlaced = options.RamBase != null || options.Layout != null || description?.Ram.Count > 0;
            IDumpReader reader = Readers.First(r =>
                r.Matches(head, identity.Path) && !(isPlaced && (r is ForeignReader || (r is ElfDumpReader && !ElfDumpReader.IsCore(head)))));
            if (reader is RawReader && shared == null)
            {
                source = shared = new SharedDataSource(source);
            }

            content = reader.Read(source, opening);
            if ((options.RamBase != null || options.Layout != null) && !content.IsPlacedAsGiven)
            {
                warnings.Add($"'{path}' is no raw image: it says itself where its memory was, and the RAM base given is not used.");
            }

            Machine machine = content.Machine;
            if (description != null)
            {
                machine = machine.With(description.Machine);
                remarks.Add($"Mode, registers and devices of '{identity.MachinePath}' were added to what the dump says.");
            }

            identity = identity with { OtherFiles = OtherFiles(identity, content, opening) };
            var dump = new MemoryDump(identity, content, machine)
            {
                Image = shared,
                Facts = content.Facts with { Compression = Joined(opening.Compressions, content.Facts.Compression) },
                Remarks = [.. remarks, .. content.Remarks],
                Warnings = [.. warnings, .. content.Warnings],
            };
            OpenDumps.Add(dump);
            return dump;
        }
        catch
        {
            source?.Dispose();
            foreach (PhysicalRun run in content?.Runs ?? [])
            {
                run.Source.Dispose();
            }

            throw;
        }
    }

    /// <summary>How files are packed as a whole, and then what is in them; null where they aren't.</summary>
    private static string? Joined(IEnumerable<string> outer, string? inner)
    {
        string[] all = [.. outer.Append(inner).OfType<string>().Distinct()];
        return all.Length == 0 ? null : string.Join(", ", all);
    }

    private static string[] FilesOf(DumpIdentity identity, DumpContent content) =>
        [identity.Path, .. content.Runs.Select(r => r.Source.Name).Concat(content.Files).Distinct().Where(f => f != identity.Path)];

    /// <summary>The other files as they were before they were opened.</summary>
    private static FileStamps OtherFiles(DumpIdentity identity, DumpContent content, DumpOpening opening)
    {
        FileStamp[] others =
        [
            .. FilesOf(identity, content).Skip(1).Concat(identity.MachinePath is { } machine ? [machine] : [])
                .Select(f => opening.Stamps.TryGetValue(f, out FileStamp stamp) ? stamp : FileStamp.Of(f)),
        ];
        return others.Length == 0 ? FileStamps.None : new FileStamps(others);
    }

    private static MachineDescription? ReadDescription(string? path)
    {
        if (path == null)
        {
            return null;
        }

        using DataSource source = DataSourceFactory.Open(path);
        return MachineDescription.Read(source);
    }

    /// <summary>
    /// Whether somebody keeps it open for whatever comes next, so that it pays to keep what is found out about it.
    /// </summary>
    public bool IsKept { get; internal set; }

    /// <summary>What was lost when it was converted to its container; null for nothing that is known.</summary>
    internal ConversionLoss? Loss { get; }

    /// <summary>What leads on in a Windows crash dump; null of any other dump.</summary>
    internal WindowsDump? Windows { get; }

    /// <summary>The file of a raw image, which can be placed otherwise too; null of any other dump.</summary>
    internal SharedDataSource? Image { get; private init; }

    /// <summary>Whether the last lease was given back.</summary>
    internal bool IsClosed => Volatile.Read(ref _leases) <= 0;

    /// <summary>Takes one more lease, unless the dump is closed already.</summary>
    internal bool TryLease()
    {
        int leases = Volatile.Read(ref _leases);
        while (leases > 0)
        {
            int seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                return true;
            }

            leases = seen;
        }

        return false;
    }

    /// <summary>What others keep about this dump for as long as it is open: one of each type, made when it is first asked for.</summary>
    /// <param name="create">Makes it. It holds no handle, and no lease of a dump: dumps that lease each other are never closed.</param>
    internal T Attached<T>(Func<MemoryDump, T> create)
        where T : class => (T)_attached.GetOrAdd(typeof(T), static (_, state) => state.create(state.dump), (create, dump: this));

    /// <summary>What is attached, in words; see <see cref="IDumpAttachment"/>.</summary>
    internal IEnumerable<string> DescribeAttached() => _attached.Values.OfType<IDumpAttachment>().SelectMany(a => a.Describe());

    /// <summary>Where the byte at a physical address is: the file, and the offset in it (of a packed dump, in what is unpacked).</summary>
    /// <returns>False when the dump doesn't hold the address.</returns>
    public bool TryLocate(ulong physicalAddress, out string file, out ulong offset)
    {
        int hint = 0;
        if (!Memory.TryFind(physicalAddress, ref hint))
        {
            (file, offset) = ("", 0);
            return false;
        }

        PhysicalRun run = Memory.Runs[hint];
        (file, offset) = (run.Source.Name, run.Offset + (physicalAddress - run.Start));
        return true;
    }

    /// <summary>
    /// The physical addresses that the byte at an offset of a file is at, ascending: the reverse of <see cref="TryLocate"/>. There are
    /// none where the file holds headers, and several where the dump shows the same bytes at several addresses. O(log runs).
    /// </summary>
    /// <param name="offset">The offset (of a packed dump, in what is unpacked).</param>
    /// <param name="file">The file, by its full path or its name; null where the dump is one file.</param>
    /// <exception cref="ElfMmuException">
    /// <c>FileAmbiguous</c>: the memory is in several files, and none or more than one is named; <c>FileNotOfDump</c>: it is in others.
    /// </exception>
    public IReadOnlyList<ulong> AddressesAt(ulong offset, string? file = null) => Attached(static d => new FileOffsets(d)).Find(offset, file);

    /// <summary>Gives back one lease: what <see cref="Open"/> or <see cref="DumpIdentity.Reopen"/> gave. The last one closes the dump.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _leases) != 0)
        {
            return;
        }

        // An object of a closed dump may live on for long; what was found out needn't.
        _attached.Clear();
        Memory.Dispose();
    }
}
