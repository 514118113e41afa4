using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Support;

/// <summary>Exports written short.</summary>
internal static class Cores
{
    public static ExportSummary Export(
        MemoryDump dump, AddressSpace space, string path, Privilege privilege = Privilege.Any)
    {
        var segments = new CoreSegments(new MappingFilter(privilege));
        var sink = new CoreSegmentSink(segments);
        space.Walk(space.NewWalk(), ref sink);
        return ElfCoreExporter.Export(dump, space.Identity, segments, new ExportOptions { Path = path });
    }

    /// <summary>The PT_LOADs of a core, as they are listed.</summary>
    public static ElfProgramHeader[] Loads(string core)
    {
        using var input = new ElfFileInput(core);
        return [.. ElfReader.Open(input).ReadProgramHeaders().Where(h => h.Type == ElfSegmentType.Load)];
    }
}
