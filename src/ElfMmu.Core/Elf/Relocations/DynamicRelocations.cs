using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Relocations;

/// <summary>The tables of relocations that the dynamic section names, as a loader finds them.</summary>
internal static class DynamicRelocations
{
    // gABI, "Dynamic Section".
    private const ulong PltSize = 2;
    private const ulong Rela = 7;
    private const ulong RelaSize = 8;
    private const ulong Rel = 17;
    private const ulong RelSize = 18;
    private const ulong PltFormat = 20;
    private const ulong Plt = 23;
    private const ulong RelrSize = 35;
    private const ulong Relr = 36;

    public static IEnumerable<RelocationTable> Read(ElfFile file)
    {
        if (ElfDynamicTable.Of(file) is not { } dynamic)
        {
            yield break;
        }

        ElfRelocationFormat plt = dynamic.Find(PltFormat) switch
        {
            Rel => ElfRelocationFormat.Rel,
            Rela => ElfRelocationFormat.Rela,
            _ => dynamic.Find(Rela) != null || file.Header.Class == ElfClass.Elf64 ? ElfRelocationFormat.Rela : ElfRelocationFormat.Rel,
        };
        (string Name, ElfRelocationFormat Format, ulong Address, ulong Size)[] tables =
        [
            ("DT_REL", ElfRelocationFormat.Rel, Rel, RelSize),
            ("DT_RELA", ElfRelocationFormat.Rela, Rela, RelaSize),
            ("DT_RELR", ElfRelocationFormat.Relr, Relr, RelrSize),
            ("DT_JMPREL", plt, Plt, PltSize),
        ];
        RelocationSymbols? symbols = null;
        ulong? first = dynamic.Find(Plt) is { } jumps && dynamic.Find(PltSize) > 0 && dynamic.TryLocate(jumps, out ulong at, out _) ? at : null;
        foreach ((string name, ElfRelocationFormat format, ulong addressTag, ulong sizeTag) in tables)
        {
            if (dynamic.Find(addressTag) is not { } address || dynamic.Find(sizeTag) is not ({ } size and > 0))
            {
                continue;
            }

            if (!dynamic.TryLocate(address, out ulong offset, out ulong available))
            {
                file.Diagnostics.Add("RelocationsOutside", $"{name} is 0x{address:x}, which no segment has; its relocations were left out.");
                continue;
            }

            if (size > available)
            {
                file.Diagnostics.Add("RelocationsCut",
                    $"{name} has 0x{size:x} bytes, and its segment ends 0x{available:x} bytes behind it; those were read.", offset);
                size = available;
            }

            // Some linkers count the relocations of the procedure linkage table, which stand behind the others, among them, too.
            if (addressTag != Plt && first > offset && first - offset < size)
            {
                size = first.Value - offset;
            }

            yield return new RelocationTable
            {
                Format = format,
                Start = offset,
                Size = size,
                Name = name,
                Symbols = symbols ??= new RelocationSymbols(ElfSymbolTables.OfDynamic(file)),
            };
        }
    }
}
