namespace ElfMmu.Dwarf;

/// <summary>What attributes ask for.</summary>
internal sealed class CAttributes
{
    /// <summary>Whether members stand without gaps.</summary>
    public bool IsPacked { get; set; }

    /// <summary>The alignment in bytes; 0 if none is asked for.</summary>
    public ulong Alignment { get; set; }

    public void Align(ulong alignment) => Alignment = Math.Max(Alignment, alignment);
}
