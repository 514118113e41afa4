namespace ElfMmu.Paging;

/// <summary>Translates addresses through MIPS's segments and page walk. O(levels) an address.</summary>
internal sealed class MipsTranslator(MipsDescent descent) : AddressTranslator
{
    /// <inheritdoc/>
    public override Translation Translate(ulong address) => descent.Translate(address, null);
}
