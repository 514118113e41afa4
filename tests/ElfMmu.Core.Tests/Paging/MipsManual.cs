using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as "MIPS32 Privileged Resource Architecture" (MD00090) tells it, slowly and word for word: the fixed
/// segments, and for the others the steps of the hardware page table walker. Its registers describe the tables whoever walks
/// them; that is why neither Config3.PW nor PWCtl.PWEn is asked. It shares nothing with the walker it is the yardstick for.
/// </summary>
/// <param name="read">Reads an entry of 4 or 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="registers">pwbase, pwfield, pwsize, pwctl, pagegrain, config and status as far as they are known.</param>
/// <param name="physicalAddressBits">PABITS; the bits above it in an entry are fill.</param>
internal sealed class MipsManual(Func<ulong, int, ulong?> read, RegisterSet registers, int? physicalAddressBits)
{
    private const Rights All = Rights.Read | Rights.Write | Rights.Execute;
    private const int Uncached = 2;

    // The mode's name for what Config.K0 says where Config isn't known: its value after a reset is the processor's affair.
    private const int UnknownCaching = 8;

    private readonly ulong? _pwBase = registers["pwbase"];
    private readonly ulong? _pwField = registers["pwfield"];
    private readonly ulong? _pwSize = registers["pwsize"];
    private readonly ulong _pwCtl = registers["pwctl"] ?? 0;
    private readonly ulong? _config = registers["config"];
    private readonly ulong _status = registers["status"] ?? 0;

    // Nothing but RI and XI can stand in their two bits, and nothing but PFNX in an entry's upper half, so they count if PageGrain
    // isn't known.
    private readonly ulong _pageGrain = registers["pagegrain"] ?? (7UL << 29);

    /// <summary>The segments: kuseg, kseg0, kseg1, and kseg2 and kseg3.</summary>
    public ManualPage? Translate(ulong address)
    {
        if (address > uint.MaxValue)
        {
            return null;
        }

        switch (Bits(address, 31, 29))
        {
            case 0b100:
                // kseg0: Config.K0 is its cacheability.
                int k0 = _config is { } config ? (int)Bits(config, 2, 0) : UnknownCaching;
                return Unmapped(Bits(address, 28, 0), 1UL << 29, k0);
            case 0b101:
                return Unmapped(Bits(address, 28, 0), 1UL << 29, Uncached);
        }

        // With Status.ERL set, kuseg is unmapped and uncached, and the processor is in kernel mode.
        bool kuseg = !Bit(address, 31);
        return kuseg && Bit(_status, 2)
            ? Unmapped(address, 1UL << 31, Uncached)
            : Walk(address, kuseg);
    }

    private static int Field(ulong register, int low) => (int)Bits(register, low + 5, low);

    private static ManualPage Unmapped(ulong physical, ulong size, int cache) =>
        new(physical, size, Rights.None, All, true, false, false, cache);

    /// <summary>The page table walking process, and the TLB's look-up of the pair that it writes.</summary>
    private ManualPage? Walk(ulong address, bool kuseg)
    {
        if (_pwBase is not { } pwBase || _pwField is not { } field || _pwSize is not { } size)
        {
            return null;
        }

        bool hugePg = Bit(_pwCtl, 6);
        int ptei = Field(field, 0);
        int pti = Field(field, 6);
        int ptew = Field(size, 0);
        if (ptew > 1 || ptei < 2 || ptei >= 32 << ptew || !IsPageSize(pti) || !Directories(field, size).All(d => d.Index >= 12))
        {
            return null;
        }

        // A directory that may hold PTEs has entries of their size.
        int leafShift = 2 + ptew;
        int directoryShift = hugePg ? leafShift : 2;
        ulong vAddr = pwBase & uint.MaxValue;
        bool physical = !Bit(vAddr, 31);
        bool anyDirectory = false;
        foreach ((int index, int width) in Directories(field, size))
        {
            anyDirectory = true;
            vAddr |= Index(address, index, width) << directoryShift;
            if (Load(vAddr, 1 << directoryShift, physical) is not { } entry)
            {
                return null;
            }

            if (hugePg && Bit(entry, Field(_pwCtl, 0)))
            {
                return Huge(address, kuseg, index, vAddr, entry, ptei, directoryShift, physical);
            }

            vAddr = entry & uint.MaxValue;
            physical = false;
        }

        if (!anyDirectory)
        {
            return null;
        }

        // The table holds pairs; which half of one counts is for the address bit above the page's to say.
        vAddr |= (Index(address, pti, Field(size, 6)) >> 1) << (leafShift + 1);
        ulong? even = Load(vAddr, 1 << leafShift, false);
        ulong? odd = Load(vAddr | (1UL << leafShift), 1 << leafShift, false);
        return even is { } first && odd is { } second
            ? Page(address, kuseg, pti, 1UL << pti, Layout(first, ptei), Layout(second, ptei))
            : null;
    }

    /// <summary>The global, the upper and the middle directory, as far as they are there.</summary>
    private static (int Index, int Width)[] Directories(ulong field, ulong size) =>
        [.. new[] { 24, 18, 12 }.Select(at => (Field(field, at), Field(size, at))).Where(d => d.Item2 != 0)];

    /// <summary>
    /// A PTE in a directory: two pages of one entry if the index is odd, else one of two if DPH is set. The huge page is what the
    /// entry stands for, though the TLB holds it in two halves.
    /// </summary>
    private ManualPage? Huge(
        ulong address, bool kuseg, int index, ulong vAddr, ulong entry, int ptei, int shift, bool physical)
    {
        ulong entryLo = Layout(entry, ptei);
        if ((index & 1) != 0)
        {
            if (!IsPageSize(index - 1))
            {
                return null;
            }

            // The lowest bit of the page number that the two differ in.
            ulong lsb = (1UL << (index - 1)) >> 6;
            return Page(address, kuseg, index - 1, 1UL << index, entryLo & ~lsb, entryLo | lsb);
        }

        bool dph = Bit(_pwCtl, 7);
        ulong oddPageBit = 1UL << shift;
        if (!dph || !IsPageSize(index) || Load(vAddr ^ oddPageBit, 1 << shift, physical) is not { } other)
        {
            return null;
        }

        ulong otherLo = Layout(other, ptei);
        return (vAddr & oddPageBit) != 0
            ? Page(address, kuseg, index, 1UL << index, otherLo, entryLo)
            : Page(address, kuseg, index, 1UL << index, entryLo, otherLo);
    }

    /// <summary>What PageMask can say: 4 KiB to 256 MiB, in steps of four.</summary>
    private static bool IsPageSize(int shift) => shift is >= 12 and <= 28 && shift % 2 == 0;

    private static ulong Index(ulong address, int index, int width) => (address >> index) & ((1UL << width) - 1);

    /// <summary>
    /// A load in kernel mode. Tables stand in kseg0 or kseg1, or in kuseg while that is unmapped: walking through mapped segments
    /// is not required of a processor. The one liberty is a PWBase in kuseg, which is taken for a physical address.
    /// </summary>
    private ulong? Load(ulong vAddr, int size, bool physical)
    {
        physical |= Bit(_status, 2) && !Bit(vAddr, 31);
        if (vAddr % (ulong)size != 0 || (!physical && Bits(vAddr, 31, 30) != 0b10))
        {
            return null;
        }

        return read(physical ? vAddr : Bits(vAddr, 28, 0), size);
    }

    /// <summary>
    /// A PTE as EntryLo: shifted right by PTEI - 2, and the lowest two bits then become RI and XI. PFNX stands in bits 54 to 32.
    /// </summary>
    private static ulong Layout(ulong entry, int ptei)
    {
        ulong shifted = entry >> (ptei - 2);
        ulong inhibit = shifted & 3;
        return ((shifted >> 2) & ~(3UL << 30)) | (inhibit << 30);
    }

    /// <summary>What the TLB makes of a pair.</summary>
    private ManualPage? Page(ulong address, bool kuseg, int shift, ulong size, ulong entryLo0, ulong entryLo1)
    {
        ulong entryLo = Bit(address, shift) ? entryLo1 : entryLo0;
        if (!Bit(entryLo, 1))
        {
            return null;
        }

        bool readInhibit = Bit(_pageGrain, 31) && Bit(entryLo, 31);
        bool executeInhibit = Bit(_pageGrain, 30) && Bit(entryLo, 30);
        Rights rights = (readInhibit ? Rights.None : Rights.Read)
            | (Bit(entryLo, 2) ? Rights.Write : Rights.None)
            | (executeInhibit ? Rights.None : Rights.Execute);
        if (rights == Rights.None)
        {
            return null;
        }

        // PFNX is part of the register only with large physical addresses, PageGrain.ELPA, in use.
        ulong pfn = Bits(entryLo, 29, 6) | (Bit(_pageGrain, 29) ? Bits(entryLo, 54, 32) << 24 : 0);
        ulong pa = ((pfn << 12) & ~((1UL << shift) - 1)) | Bits(address, shift - 1, 0);
        if (physicalAddressBits is { } bits)
        {
            pa &= (1UL << bits) - 1;
        }

        bool global = Bit(entryLo0, 0) && Bit(entryLo1, 0);
        return new ManualPage(
            pa, size, kuseg ? rights : Rights.None, rights, global, false, false, (int)Bits(entryLo, 5, 3));
    }
}
