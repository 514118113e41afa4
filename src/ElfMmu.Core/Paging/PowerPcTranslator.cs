namespace ElfMmu.Paging;

/// <summary>Translates addresses through PowerPC's BATs, segments and hash table. At most sixteen entries are read for an address.</summary>
internal sealed class PowerPcTranslator(PowerPcSearch search) : AddressTranslator
{
    /// <inheritdoc/>
    public override Translation Translate(ulong address)
    {
        Translation translation = search.Translate(address, null);

        // What is read in place mustn't be unmapped before it is read.
        GC.KeepAlive(search);
        return translation;
    }
}
