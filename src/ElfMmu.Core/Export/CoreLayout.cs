using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Spaces;

namespace ElfMmu.Export;

/// <summary>
/// Where everything stands in a core: ELF header, program headers, notes, section header 0 if the segments don't fit e_phnum,
/// and from the next page on the data.
/// </summary>
internal sealed class CoreLayout
{
    private CoreLayout(CoreTarget target, byte[] notes, List<int> cpus, CoreSegment[] segments, ulong pageSize)
    {
        Target = target;
        Notes = notes;
        Cpus = cpus;
        PageSize = pageSize;
        ulong headers = (ulong)ElfEncoder.HeaderSize(target.Class);
        ulong count = (ulong)segments.Length + 1;
        NotesOffset = headers + (count * (ulong)ElfEncoder.ProgramHeaderSize(target.Class));
        ulong end = NotesOffset + (ulong)notes.Length;
        var elf = new ElfLayout
        {
            Class = target.Class,
            Data = target.Data,
            Type = ElfType.Core,
            Machine = target.Machine,
            Flags = target.Flags,
            ProgramHeaderOffset = headers,
            ProgramHeaderCount = count,
        };
        if (elf.NeedsSectionZero)
        {
            ulong section = AlignUp(end, 8);
            elf = elf with { SectionHeaderOffset = section, SectionHeaderCount = 1 };
            end = section + (ulong)ElfEncoder.SectionHeaderSize(target.Class);
        }

        Elf = elf;
        Extents = new PhysicalExtents(segments, pageSize, AlignUp(end, pageSize));
    }

    public CoreTarget Target { get; }

    public ElfLayout Elf { get; }

    public byte[] Notes { get; }

    public ulong NotesOffset { get; }

    /// <summary>The processors whose registers are in the notes.</summary>
    public List<int> Cpus { get; }

    public ulong PageSize { get; }

    public PhysicalExtents Extents { get; }

    /// <summary>A true ELF32 core for a 32-bit space, unless an address or an offset needs more.</summary>
    public static CoreLayout Choose(
        MemoryDump dump, SpaceIdentity space, CoreSegment[] sorted, CoreSegments segments, ExportOptions options)
    {
        bool narrow = space.Mode.WordSize == 32
            && sorted.All(s => s.LastAddress <= uint.MaxValue && s.PhysicalAddress + (s.Size - 1) <= uint.MaxValue);
        if (narrow)
        {
            CoreLayout layout = Make(ElfClass.Elf32);
            if (layout.Extents.EndOffset <= uint.MaxValue)
            {
                return layout;
            }
        }

        return Make(ElfClass.Elf64);

        CoreLayout Make(ElfClass elfClass)
        {
            CoreTarget target = CoreTarget.For(space.Mode, space.ByteOrder, elfClass);
            byte[] notes = CoreNotes.Build(dump, space, segments, options, target, out List<int> cpus);
            return new CoreLayout(target, notes, cpus, sorted, space.Mode.Granule);
        }
    }

    /// <summary>The indexes of the segments in the order they are listed.</summary>
    public IEnumerable<int> Order(CoreSegment[] segments, SegmentOrder order)
    {
        IEnumerable<int> ascending = Enumerable.Range(0, segments.Length);
        return order == SegmentOrder.Address ? ascending : ascending.OrderByDescending(i => segments[i].Size);
    }

    private static ulong AlignUp(ulong value, ulong alignment) => (value + alignment - 1) & ~(alignment - 1);
}
