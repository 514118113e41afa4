using System.Buffers.Binary;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Whether x86 processors run 64-bit or 32-bit code, where a container has CR0, CR3 and CR4 but not EFER: what CR3 points at tells PAE's four
/// entries from a PML4. O(processors · runs).
/// </summary>
/// <remarks>Intel SDM volume 3A, 5.4.1: in a PDPTE of PAE paging the bits 1 and 2 are reserved; a PML4E that leads anywhere sets bit 1.</remarks>
internal static class X86WordSize
{
    private const int MostAsked = 16;
    private const ulong Paging = 1UL << 31;
    private const ulong PhysicalAddressExtension = 1 << 5;

    // CR4.LA57 and CR4.PCIDE.
    private const ulong LongModeOnly = (1 << 12) | (1 << 17);

    // Whatever has more than 32 bits in one of these isn't in PAE paging.
    private static readonly string[] Wide = ["cr3", "rip", "rsp"];

    /// <summary>The word size in bits; null when no processor says.</summary>
    public static int? Of(IEnumerable<Cpu> cpus, IReadOnlyList<PhysicalRun> runs)
    {
        foreach (Cpu cpu in cpus.Take(MostAsked))
        {
            if (cpu["efer"] is { } efer)
            {
                return (efer & (1 << 10)) != 0 ? 64 : 32;
            }

            if (cpu["cr0"] is not { } cr0 || cpu["cr4"] is not { } cr4 || (cr0 & Paging) == 0)
            {
                continue;
            }

            if ((cr4 & PhysicalAddressExtension) == 0)
            {
                return 32;
            }

            if ((cr4 & LongModeOnly) != 0 || Wide.Any(r => cpu[r] > uint.MaxValue))
            {
                return 64;
            }

            if (cpu["cr3"] is { } cr3 && OfTable(cr3, runs) is { } size)
            {
                return size;
            }
        }

        return null;
    }

    private static int? OfTable(ulong cr3, IReadOnlyList<PhysicalRun> runs)
    {
        const int Entries = 4;
        ulong table = cr3 & 0xffff_ffe0;
        Span<byte> bytes = stackalloc byte[Entries * 8];
        PhysicalRun run = runs.FirstOrDefault(r => table >= r.Start && table - r.Start < r.Size);
        if (run.Size < (ulong)bytes.Length || table - run.Start > run.Size - (ulong)bytes.Length
            || !run.Source.TryRead(run.Offset + (table - run.Start), bytes))
        {
            return null;
        }

        int present = 0;
        for (int i = 0; i < Entries; i++)
        {
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * 8)..]);
            if ((entry & 1) == 0)
            {
                continue;
            }

            present++;
            if ((entry & 0b110) != 0)
            {
                return 64;
            }
        }

        // A kernel's own PML4 has nothing in its lower half; PAE without any of four entries would map nothing at all.
        return present > 0 ? 32 : 64;
    }
}
