namespace ElfMmu.Paging;

/// <summary>Translates a guest's addresses, and what they come to through its hypervisor's tables; what either forbids is forbidden.</summary>
/// <param name="guest">Translates to the guest's physical addresses; it reads the guest's tables through the hypervisor's.</param>
/// <param name="hypervisor">Translates those.</param>
internal sealed class TwoStageTranslator(AddressTranslator guest, AddressTranslator hypervisor) : AddressTranslator
{
    /// <inheritdoc/>
    public override Translation Translate(ulong address) => Below(guest.Translate(address));

    /// <inheritdoc/>
    public override void Translate(ReadOnlySpan<ulong> addresses, Span<Translation> translations)
    {
        translations = translations[..addresses.Length];
        guest.Translate(addresses, translations);
        foreach (ref Translation translation in translations)
        {
            translation = Below(translation);
        }
    }

    private Translation Below(in Translation above)
    {
        if (!above.IsMapped)
        {
            return above;
        }

        Translation below = hypervisor.Translate(above.PhysicalAddress);
        if (!below.IsMapped)
        {
            return below;
        }

        MappingAttributes attributes = above.Attributes.Through(below.Attributes);
        return (attributes.User | attributes.Supervisor) == Rights.None
            ? new Translation(0, default, TranslationStatus.NotPresent)
            : new Translation(below.PhysicalAddress, attributes, TranslationStatus.Mapped);
    }
}
