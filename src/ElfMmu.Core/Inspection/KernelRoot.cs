using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Inspection;

/// <summary>The kernel's own top table, where a Linux kernel for x86-64 says in VMCOREINFO where it is.</summary>
/// <remarks>Linux, Documentation/admin-guide/kdump/vmcoreinfo.rst: swapper_pg_dir, phys_base, pgtable_l5_enabled.</remarks>
internal static class KernelRoot
{
    // Where the kernel's image is mapped (__START_KERNEL_map), less phys_base.
    private const ulong ImageBase = 0xffff_ffff_8000_0000;

    private static readonly string[] Symbols = ["SYMBOL(swapper_pg_dir)", "SYMBOL(init_top_pgt)"];

    /// <summary>The space of that table; null where nothing says it, or where the table doesn't map itself to where it is said to be. O(levels).</summary>
    public static AddressSpace? Find(MemoryDump dump)
    {
        ReadOnlySpan<byte> text = dump.VmcoreInfo.Span;
        if (dump.Machine.Architecture != Architecture.X86
            || dump.Machine.WordSize == 32
            || VmcoreInfo.Number(text, "NUMBER(phys_base)") is not { } physicalBase)
        {
            return null;
        }

        foreach (string symbol in Symbols)
        {
            if (VmcoreInfo.HexNumber(text, symbol) is { } address and >= ImageBase)
            {
                return Open(dump, address, address - ImageBase + physicalBase, VmcoreInfo.Number(text, "NUMBER(pgtable_l5_enabled)") == 1);
            }
        }

        return null;
    }

    /// <summary>Who wrote the text may have written anything; a table that maps itself where it should is one.</summary>
    private static AddressSpace? Open(MemoryDump dump, ulong address, ulong root, bool hasFiveLevels)
    {
        try
        {
            AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = root, Mode = hasFiveLevels ? "la57" : "ia32e" });
            Translation translation = space.NewTranslator().Translate(address);
            return translation.Status == TranslationStatus.Mapped && translation.PhysicalAddress == root ? space : null;
        }
        catch (ElfMmuException)
        {
            return null;
        }
    }
}
