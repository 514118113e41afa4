namespace ElfMmu.Elf;

/// <summary>
/// A cursor over a record's fields, in file order. Reading and writing implement it, and <see cref="ElfRecords"/> names the
/// fields of each record once, for both directions, both classes and both byte orders.
/// </summary>
internal interface IElfFields
{
    /// <summary>Whether addresses, offsets and sizes take 8 bytes.</summary>
    bool Is64 { get; }

    /// <summary>An 8-bit field (unsigned char).</summary>
    void Byte(ref byte value);

    /// <summary>A 16-bit field (Elf32_Half, Elf64_Half).</summary>
    void Half(ref ushort value);

    /// <summary>A 32-bit field (Elf32_Word, Elf64_Word).</summary>
    void Word(ref uint value);

    /// <summary>A field as wide as the class (Elf32_Addr, Elf32_Off, Elf32_Word; Elf64_Addr, Elf64_Off, Elf64_Xword).</summary>
    void Native(ref ulong value, string name);
}
