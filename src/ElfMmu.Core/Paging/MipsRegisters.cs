using System.Numerics;

namespace ElfMmu.Paging;

/// <summary>The coprocessor 0 registers of MIPS that paging depends on.</summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, "Coprocessor 0 Registers".</remarks>
internal static class MipsRegisters
{
    public static readonly PagingRegister PwBase = new("PWBase", "the top table of the page walk");
    public static readonly PagingRegister PwField = new("PWField", "which bits of an address select the entries");
    public static readonly PagingRegister PwSize = new("PWSize", "how large the tables are");
    public static readonly PagingRegister PwCtl = new("PWCtl", "HugePg, DPH and Psn: pages in directories");
    public static readonly PagingRegister PageMask = new("PageMask", "the size of pages, which PWField has to agree with");
    public static readonly PagingRegister PageGrain = new("PageGrain", "RIE, XIE and ELPA: which bits of a page count");
    public static readonly PagingRegister Config = new("Config", "K0: the cacheability of kseg0; BE: the order of bytes");
    public static readonly PagingRegister Status = new("Status", "ERL: whether kuseg is unmapped") { Bits = ErrorLevel };

    private const ulong ErrorLevel = 1 << 2;
    private const ulong ReadInhibitEnable = 1UL << 31;
    private const ulong ExecuteInhibitEnable = 1 << 30;
    private const ulong LargePhysicalAddresses = 1 << 29;

    /// <summary>Config.BE: the order of bytes outside of user mode, in which the tables are read.</summary>
    public static ByteOrder? TableOrder(RegisterSet registers) => Config.OrderBit(registers, 15);

    /// <summary>Config.K0: how kseg0 is cached; null when it isn't known.</summary>
    public static int? Kseg0Caching(RegisterSet registers) => (int?)(Config.In(registers) & 7);

    /// <summary>Status.ERL: whether an error is being handled, with kuseg unmapped. It passes for no when it isn't known.</summary>
    public static bool IsErrorLevel(RegisterSet registers) => (Status.In(registers) & ErrorLevel) is > 0;

    /// <summary>
    /// PageMask: the base-two logarithm of the size of the pages that software puts into the TLB; null when it isn't known. The bits set
    /// in the mask (28 to 13) are those of a pair of pages that aren't compared.
    /// </summary>
    public static int? PageShift(RegisterSet registers) =>
        PageMask.In(registers) is { } mask ? BitOperations.Log2((mask & 0x1fff_e000) | 0x1fff) : null;

    /// <summary>PageGrain.RIE: whether the RI bit of a page counts. It passes for yes when it isn't known.</summary>
    public static bool HasReadInhibit(RegisterSet registers) => (PageGrain.In(registers) & ReadInhibitEnable) is not 0;

    /// <summary>PageGrain.XIE: whether the XI bit of a page counts. It passes for yes when it isn't known.</summary>
    public static bool HasExecuteInhibit(RegisterSet registers) => (PageGrain.In(registers) & ExecuteInhibitEnable) is not 0;

    /// <summary>
    /// PageGrain.ELPA: whether the upper half of an entry of 8 bytes is part of the address. It passes for yes when it isn't known, since
    /// such entries are there for it.
    /// </summary>
    public static bool HasLargeAddresses(RegisterSet registers) => (PageGrain.In(registers) & LargePhysicalAddresses) is not 0;
}
