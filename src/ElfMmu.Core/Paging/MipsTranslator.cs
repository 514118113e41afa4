namespace ElfMmu.Paging;

/// <summary>Translates addresses through MIPS's segments and page walk. O(levels) an address.</summary>
internal sealed class MipsTranslator(MipsDescent descent) : AddressTranslator
{
    /// <inheritdoc/>
    public override Translation Translate(ulong address)
    {
        Translation translation = descent.Translate(address, null);

        // What is read in place mustn't be unmapped before it is read.
        GC.KeepAlive(descent);
        return translation;
    }
}
