using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>Translates an address by walking to it.</summary>
internal sealed class WalkingTranslator(AddressSpace space) : AddressTranslator
{
    /// <inheritdoc/>
    public override Translation Translate(ulong address)
    {
        var sink = new Last();
        space.Walk(
            space.NewWalk() with { MinimumAddress = address, MaximumAddress = address, PerPage = true, IncludeAbsent = true }, ref sink);
        return sink.Mapping is { } mapping && address >= mapping.VirtualAddress && address <= mapping.LastAddress
            ? new Translation(mapping.PhysicalAddress + (address - mapping.VirtualAddress), mapping.Attributes, TranslationStatus.Mapped)
            : new Translation(0, default, TranslationStatus.NotPresent);
    }

    private struct Last : IMappingSink
    {
        public Mapping? Mapping;

        public bool Add(in Mapping mapping)
        {
            Mapping = mapping;
            return false;
        }
    }
}
