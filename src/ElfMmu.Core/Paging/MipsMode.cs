namespace ElfMmu.Paging;

/// <summary>
/// The address translation of 32-bit MIPS: two segments that show the same 512 MiB of physical memory, and page tables for the rest.
/// The processor knows a TLB and lets software fill it; where the tables can be read without that software, the registers of the
/// hardware page walker say how.
/// </summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, chapter 4 "Virtual Memory".</remarks>
internal sealed class MipsMode : PagingMode
{
    /// <summary>The index in <see cref="PagingMode.CacheNames"/> of what Config.K0 says where Config isn't known.</summary>
    public const int UnknownCaching = 8;

    private const int Uncached = 2;
    private const Rights All = Rights.Read | Rights.Write | Rights.Execute;

    /// <inheritdoc/>
    public override WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
    {
        var summary = new WalkSummary();
        var emitter = new MappingEmitter<TSink>(request, Granule, ref sink);
        RegisterSet registers = request.Options.Registers;
        MipsWalker<TSink>? walker = MipsPageWalk.Read(registers, summary) is { } walk
            ? new MipsWalker<TSink>(walk, request, summary)
            : null;
        if (walker is { HasRoot: false })
        {
            throw RootNotInDump(request.Root!.Value, request);
        }

        // While an error is handled, kuseg is unmapped and only the kernel runs.
        bool more = MipsRegisters.IsErrorLevel(registers)
            ? emitter.Add(0, MipsSegments.Kseg0, 0, Unmapped(MipsSegments.KusegShift, Uncached))
            : walker == null || walker.Run(0, MipsSegments.KusegLast, ref emitter);
        int kseg0 = MipsRegisters.Kseg0Caching(registers) ?? UnknownCaching;
        more = more
            && emitter.Add(MipsSegments.Kseg0, MipsSegments.UnmappedSize, 0, Unmapped(MipsSegments.UnmappedShift, kseg0))
            && emitter.Add(MipsSegments.Kseg1, MipsSegments.UnmappedSize, 0, Unmapped(MipsSegments.UnmappedShift, Uncached))
            && (walker == null || walker.Run(MipsSegments.Kseg2, MipsSegments.Last, ref emitter))
            && emitter.Flush();
        summary.Stopped = !more;
        sink = emitter.Sink;
        return summary;
    }

    /// <inheritdoc/>
    public override AddressTranslator NewTranslator(WalkRequest request) => new MipsTranslator(NewDescent(request));

    /// <inheritdoc/>
    internal override TableView NewView(WalkRequest request) => new MipsView(NewDescent(request));

    /// <summary>What an address of an unmapped segment comes to; null for an address that goes through the tables.</summary>
    internal static (ulong Physical, MappingAttributes Attributes)? Segment(ulong address, bool isErrorLevel, int kseg0Caching) =>
        address <= MipsSegments.KusegLast
            ? isErrorLevel ? (address, Unmapped(MipsSegments.KusegShift, Uncached)) : null
            : MipsSegments.Unmapped(address) is { } physical
                ? (physical, Unmapped(MipsSegments.UnmappedShift, address >= MipsSegments.Kseg1 ? Uncached : kseg0Caching))
                : null;

    private MipsDescent NewDescent(WalkRequest request)
    {
        var descent = new MipsDescent(MipsPageWalk.Read(request.Options.Registers, new WalkSummary()), request);
        return descent.HasRoot ? descent : throw RootNotInDump(request.Root!.Value, request);
    }

    // Level 0, since no table is asked; they are there in every address space.
    private static MappingAttributes Unmapped(int pageShift, int caching) =>
        new(Rights.None, All, 0, pageShift, caching, global: true, accessed: false, dirty: false);
}
