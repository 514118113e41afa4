namespace ElfMmu.Elf.Relocations;

/// <summary>Takes r_info apart, which some machines have in a layout of their own.</summary>
internal readonly struct RelocationInfo
{
    /// <summary>The type of SPARC V9 that has a second addend above it.</summary>
    private const uint SparcOlo10 = 33;

    public RelocationInfo(ulong info, ElfHeader header)
    {
        bool is64 = header.Class == ElfClass.Elf64;
        if (is64 && header.Machine.IsMips())
        {
            // A 32-bit symbol and four bytes (ssym, type3, type2, type) in this order, in either byte order: not one 64-bit number.
            Value = header.Data == ElfData.BigEndian ? info : Swap(info);
            Type = (byte)Value;
            Type2 = (byte)(Value >> 8);
            Type3 = (byte)(Value >> 16);
            SpecialSymbol = (byte)(Value >> 24);
            Symbol = (uint)(Value >> 32);
            return;
        }

        Value = info;
        Symbol = is64 ? (uint)(info >> 32) : (uint)info >> 8;
        if (is64 && header.Machine == ElfMachine.SparcV9)
        {
            Type = (byte)info;
            Data = Type == SparcOlo10 ? (int)info >> 8 : null;
        }
        else
        {
            Type = is64 ? (uint)info : (byte)info;
        }
    }

    /// <summary>What stands for r_info where the table has none.</summary>
    public RelocationInfo(uint type) => Type = type;

    /// <summary>r_info, in MIPS64's little-endian files with its parts where the big-endian ones have them.</summary>
    public ulong Value { get; }

    public uint Symbol { get; }

    public uint Type { get; }

    public byte? Type2 { get; }

    public byte? Type3 { get; }

    public byte? SpecialSymbol { get; }

    public int? Data { get; }

    private static ulong Swap(ulong info) => (info << 32)
        | ((info >> 56) & 0xff)
        | ((info >> 40) & 0xff00)
        | ((info >> 24) & 0xff0000)
        | ((info >> 8) & 0xff000000);
}
