namespace ElfMmu.Tests.Support;

/// <summary>A region that a Linux guest's process filled with a pattern.</summary>
internal sealed record GuestRegion(
    int Id, ulong Address, ulong Size, string Protection, ulong Tag, ulong TagAddress, string Kind, ulong PageSize)
{
    /// <summary>The addresses of all pages.</summary>
    public IEnumerable<ulong> Pages
    {
        get
        {
            for (ulong offset = 0; offset < Size; offset += PageSize)
            {
                yield return Address + offset;
            }
        }
    }

    /// <summary>The 64-bit word at an address.</summary>
    public ulong Word(ulong address) =>
        Tag == 0 ? 0 : ((TagAddress + (address - Address)) & 0xffff_ffff_ffff) ^ (Tag << 48);

    /// <summary>The rights that were asked for a page; null where nothing is mapped.</summary>
    public Rights? RightsOf(ulong page)
    {
        bool odd = ((page - Address) / PageSize) % 2 != 0;
        string text = Kind switch
        {
            // One page of zeros stands behind them all until one is written to.
            "zeropage-read-touched" => "r--",
            "holes-odd-pages-unmapped" when odd => "---",
            "alternating-perm-odd-ro" => odd ? "r--" : "rw-",
            _ => Protection,
        };
        return text == "---" || !RightsFormat.TryParse(text, out Rights rights) ? null : rights;
    }
}
