using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Segments that share physical memory in every possible way.</summary>
public sealed class SharedPagesTests : IDisposable
{
    private const ulong PageSize = 4096;
    private const ulong RamBase = 0x4000_0000;

    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(SegmentCase.DumpPages);
    private readonly MemoryDump _dump;

    public SharedPagesTests() => _dump = RawDump.Open(_folder, _memory, RamBase);

    public void Dispose()
    {
        _dump.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EverySegmentHasItsBytes() => Check((it, core, _) => it.Mappings.All(m =>
        core.Read(m.VirtualAddress, (int)PageSize) != null
        && Pages(m).All(p => core.Read(m.VirtualAddress + p, (int)PageSize).AsSpan()
            .SequenceEqual(_memory.AsSpan((int)(m.PhysicalAddress - RamBase + p), (int)PageSize)))));

    [Fact]
    public void NothingElseIsMapped() => Check((it, core, _) =>
        core.Loads.Aggregate(0UL, (sum, l) => sum + l.MemorySize) == it.Mappings.Aggregate(0UL, (sum, m) => sum + m.Size)
        && it.Mappings.All(m => Pages(m).All(p => core.Loads.Count(
            l => m.VirtualAddress + p >= l.VirtualAddress && m.VirtualAddress + p - l.VirtualAddress < l.MemorySize) == 1)));

    [Fact]
    public void EveryPhysicalByteIsInTheFileOnce() => Check((it, core, summary) =>
    {
        int pages = it.Mappings.SelectMany(m => Pages(m).Select(p => m.PhysicalAddress + p)).Distinct().Count();
        ulong distinct = (ulong)pages * PageSize;
        ulong data = core.Loads.Min(l => l.Offset);
        return summary.DataSize == distinct && summary.Length - data == distinct;
    });

    [Fact]
    public void HeadersAreWhatTheFormatAsks() => Check((it, core, _) =>
        core.Headers[0].Type == ElfSegmentType.Note
        && core.Reader.Header.ProgramHeaderOffset == 64
        && core.Loads.All(l => l.FileSize == l.MemorySize && l.Alignment == PageSize)
        && core.Loads.All(l => l.Offset % PageSize == l.VirtualAddress % PageSize)
        && core.Loads.Zip(core.Loads.Skip(1)).All(p => p.First.VirtualAddress + p.First.MemorySize <= p.Second.VirtualAddress)
        && it.Mappings.All(m => core.Loads.Single(l => m.VirtualAddress - l.VirtualAddress < l.MemorySize).Flags
            == (ElfSegmentFlags)(uint)m.Attributes.User));

    [Fact]
    public void SegmentsThatContinueEachOtherAreOne() => Check((_, core, _) =>
        !core.Loads.Zip(core.Loads.Skip(1)).Any(p =>
            p.First.VirtualAddress + p.First.MemorySize == p.Second.VirtualAddress
            && p.First.PhysicalAddress + p.First.MemorySize == p.Second.PhysicalAddress
            && p.First.Flags == p.Second.Flags));

    [Fact]
    public void TheLargestCanComeFirst() => Check(
        (it, core, _) =>
            core.Loads.Zip(core.Loads.Skip(1)).All(p => p.First.MemorySize >= p.Second.MemorySize)
            && it.Mappings.All(m => core.Read(m.VirtualAddress, (int)PageSize).AsSpan()
                .SequenceEqual(_memory.AsSpan((int)(m.PhysicalAddress - RamBase), (int)PageSize))),
        SegmentOrder.Size);

    [Fact]
    public void ZeroPagesAreCountedAsHoles() => Check((it, _, summary) =>
        summary.WrittenSize == (ulong)it.Mappings.SelectMany(m => Pages(m).Select(p => m.PhysicalAddress + p)).Distinct()
            .Count(p => _memory.AsSpan((int)(p - RamBase), (int)PageSize).ContainsAnyExcept((byte)0)) * PageSize);

    private static IEnumerable<ulong> Pages(Mapping mapping)
    {
        for (ulong offset = 0; offset < mapping.Size; offset += PageSize)
        {
            yield return offset;
        }
    }

    private void Check(Func<SegmentCase, CoreImage, ExportSummary, bool> holds, SegmentOrder order = SegmentOrder.Address) =>
        Prop.ForAll(SegmentCase.Arbitrary(RamBase), it =>
        {
            var segments = new CoreSegments(new MappingFilter(Privilege.User));
            foreach (Mapping mapping in it.Mappings)
            {
                segments.Add(mapping);
            }

            string path = _folder.File("core");
            ExportSummary summary = ElfCoreExporter.Export(
                _dump, _dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = path, Order = order });
            using var core = new CoreImage(path);
            return holds(it, core, summary);
        }).QuickCheckThrowOnFailure();
}
