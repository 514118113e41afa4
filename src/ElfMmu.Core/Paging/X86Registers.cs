namespace ElfMmu.Paging;

/// <summary>The control registers of x86 that paging depends on.</summary>
/// <remarks>Intel SDM volume 3A, 2.5 "Control Registers" and 2.2.1 "Extended Feature Enable Register".</remarks>
internal static class X86Registers
{
    public static readonly PagingRegister Cr3 = new("CR3", "the top table");
    public static readonly PagingRegister Eptp = new("EPTP", "the top table; bits 5:3: the number of levels");
    public static readonly PagingRegister NestedCr3 = new("N_CR3", "the top table", "ncr3");
    public static readonly PagingRegister Cr4 = new("CR4", "PSE: 4 MiB pages; PAE and LA57: the mode");
    public static readonly PagingRegister Efer = new("EFER", "NXE: pages that can't be executed; LMA: the mode");

    /// <summary>EFER.NXE: whether bit 63 forbids execution. Where it is known to be off, that bit is reserved.</summary>
    public static bool? HasNoExecute(PagingOptions options) => Efer.Bit(options.Registers, 11);

    /// <summary>CR4.PSE: whether ia32 page directories may hold 4 MiB pages.</summary>
    public static bool? HasPageSizeExtensions(PagingOptions options) => Cr4.Bit(options.Registers, 4);
}
