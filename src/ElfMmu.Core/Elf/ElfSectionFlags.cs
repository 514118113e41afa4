namespace ElfMmu.Elf;

/// <summary>Section attributes that the reader itself acts on (gABI, "Sections": sh_flags).</summary>
internal static class ElfSectionFlags
{
    public const ulong Write = 1;
    public const ulong Alloc = 2;
    public const ulong Execute = 4;
    public const ulong Merge = 0x10;
    public const ulong Strings = 0x20;
    public const ulong InfoLink = 0x40;
    public const ulong LinkOrder = 0x80;
    public const ulong Group = 0x200;
    public const ulong ThreadLocal = 0x400;
    public const ulong Compressed = 0x800;
}
