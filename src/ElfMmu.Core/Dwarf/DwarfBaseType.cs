namespace ElfMmu.Dwarf;

/// <summary>A type that isn't made of others: an integer, a floating-point number, a character.</summary>
public sealed class DwarfBaseType : DwarfType
{
    /// <summary>Makes a base type.</summary>
    /// <param name="name">Its name: <c>unsigned int</c>.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="encoding">What its bits mean.</param>
    public DwarfBaseType(string name, ulong size, DwarfEncoding encoding)
        : base(name)
    {
        Size = size;
        Encoding = encoding;
    }

    /// <summary>The size in bytes.</summary>
    public ulong Size { get; }

    /// <summary>What the bits mean.</summary>
    public DwarfEncoding Encoding { get; }
}
