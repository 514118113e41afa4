using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// A guest's physical memory, as a hypervisor's tables lay it out over the memory of the dump. The tables are walked once; O(t + m
/// log m) in tables and mappings.
/// </summary>
internal sealed class NestedStage
{
    // What stands behind a guest's physical addresses is asked of the hypervisor's mappings.
    private static readonly PhysicalMap Uncut = new(new PhysicalMemory([]), []);

    private readonly PagingMode _mode;
    private readonly WalkRequest _request;
    private readonly Mapping[] _mappings;
    private readonly ulong[] _starts;

    /// <summary>Walks the hypervisor's tables.</summary>
    /// <param name="dump">The dump of the hypervisor's machine.</param>
    /// <param name="mode">The mode of its tables.</param>
    /// <param name="root">Their root.</param>
    /// <param name="options">The state of the processor, as far as the mode reads it.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NestedMemoryEmpty</c>: they lead to no memory of the dump; <c>SpaceTooLarge</c>; or what <see cref="PagingMode.Walk"/> throws.
    /// </exception>
    public NestedStage(MemoryDump dump, PagingMode mode, ulong root, PagingOptions options, CancellationToken cancellation)
    {
        var sink = new MappingCollector(
            $"The hypervisor's tables of root 0x{root:x} ({mode.Name}) in '{dump.Identity.Path}' cut the guest's memory into more than "
            + $"{SpaceMap.MostMappings} pieces, which is more than is kept, and more than a sound guest has. Check the hypervisor's root and mode.",
            dump);
        _mode = mode;
        _request = new WalkRequest { Memory = dump.Memory, Map = dump.Map, Root = root, Options = options };
        Summary = mode.Walk(_request with { IncludeAbsent = true, Cancellation = cancellation }, ref sink);
        GC.KeepAlive(dump);
        _mappings = [.. sink.Mappings];
        _starts = Array.ConvertAll(_mappings, m => m.VirtualAddress);

        // The processor reads a guest's tables through this stage too: what can't be read holds none.
        Memory = new PhysicalMemory(
            dump.Memory,
            _mappings.Where(m => m.Kind == RegionKind.Ram && (m.Attributes.Supervisor & Rights.Read) != 0)
                .Select(m => (m.VirtualAddress, m.Size, m.PhysicalAddress)));
        if (Memory.Runs.Count == 0)
        {
            // Said here, where it is known why; to the guest's walk it would look as if its own root were wrong.
            throw new ElfMmuException(
                "NestedMemoryEmpty",
                ErrorKind.InvalidArgument,
                $"The hypervisor's tables at 0x{root:x}, read as {mode.Name}, map no memory that is in the dump, so there is no guest behind "
                + $"them. Check the nested mode ({NestedModes(mode)}) and the nested root.")
            { Path = dump.Identity.Path };
        }
    }

    /// <summary>The guest's physical memory; its sources belong to the dump.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>In how many pieces it is.</summary>
    public int Count => _mappings.Length;

    /// <summary>What the walk of the hypervisor's tables came across.</summary>
    public WalkSummary Summary { get; }

    /// <summary>Walks a guest's tables and gives what they map through both stages: guest-virtual to the dump's physical.</summary>
    /// <param name="mode">The guest's mode.</param>
    /// <param name="request">What is wanted, with the guest's memory and the dump's map.</param>
    /// <param name="sink">Takes the mappings.</param>
    public WalkSummary Walk<TSink>(PagingMode mode, WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        // The guest's own walk keeps to the addresses wanted.
        var both = new TwoStageSink<TSink>(
            this, request with { MinimumAddress = 0, MaximumAddress = ulong.MaxValue }, ref sink);
        WalkSummary summary = mode.Walk(
            request with { Map = Uncut, IncludeAbsent = true, Filter = new MappingFilter(Privilege.Any) }, ref both);
        summary.Stopped = summary.Stopped || !both.Emitter.Flush();
        sink = both.Emitter.Sink;
        return summary;
    }

    /// <summary>A translator of a guest's virtual addresses through both stages.</summary>
    /// <param name="guest">The guest's own translator.</param>
    public AddressTranslator NewTranslator(AddressTranslator guest) => new TwoStageTranslator(guest, _mode.NewTranslator(_request));

    /// <summary>A view of the hypervisor's tables.</summary>
    public TableView NewView() => _mode.NewView(_request);

    /// <summary>The nested modes of the same architecture, for a message.</summary>
    private static string NestedModes(PagingMode mode) => string.Join(
        ", ", PagingModes.All.Where(m => m.IsNested && m.Architecture == mode.Architecture).Select(m => m.Name));

    /// <summary>Takes the guest's mappings to its physical addresses through the second stage; what either forbids is forbidden.</summary>
    private struct TwoStageSink<TSink> : IMappingSink
        where TSink : struct, IMappingSink
    {
        public MappingEmitter<TSink> Emitter;

        private readonly NestedStage _stage;
        private readonly bool _perPage;
        private readonly CancellationToken _cancellation;

        public TwoStageSink(NestedStage stage, WalkRequest request, ref TSink sink)
        {
            _stage = stage;
            _perPage = request.PerPage;
            _cancellation = request.Cancellation;
            Emitter = new MappingEmitter<TSink>(request, granule: 1, ref sink);
        }

        public bool Add(in Mapping mapping)
        {
            // One large page of the guest may lie over very many of the hypervisor's.
            _cancellation.ThrowIfCancellationRequested();
            int next = Array.BinarySearch(_stage._starts, mapping.PhysicalAddress);
            next = next >= 0 ? next : Math.Max(~next - 1, 0);
            ulong last = mapping.PhysicalAddress + (mapping.Size - 1);
            for (; next < _stage._mappings.Length && _stage._mappings[next].VirtualAddress <= last; next++)
            {
                ref readonly Mapping below = ref _stage._mappings[next];
                ulong first = Math.Max(below.VirtualAddress, mapping.PhysicalAddress);
                ulong end = Math.Min(below.LastAddress, last);
                MappingAttributes attributes = mapping.Attributes.Through(below.Attributes);
                if (first > end || (attributes.User | attributes.Supervisor) == Rights.None)
                {
                    continue;
                }

                for (ulong at = first; at <= end && at >= first;)
                {
                    ulong size = end - at + 1;
                    if (_perPage)
                    {
                        ulong page = attributes.PageSize;
                        size = Math.Min(size, page - ((mapping.VirtualAddress + (at - mapping.PhysicalAddress)) & (page - 1)));
                    }

                    if (!Emitter.Add(
                        mapping.VirtualAddress + (at - mapping.PhysicalAddress),
                        size,
                        below.PhysicalAddress + (at - below.VirtualAddress),
                        attributes))
                    {
                        return false;
                    }

                    at += size;
                }
            }

            return true;
        }
    }
}
