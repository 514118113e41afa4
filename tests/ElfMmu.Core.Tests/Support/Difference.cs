using ElfMmu.Dumps;

namespace ElfMmu.Tests.Support;

/// <summary>A leaf of which QEMU's <c>info tlb</c> says something other than the walker, and why.</summary>
internal sealed record Difference(ulong Address, ulong Size, ulong Qemu, ulong? Ours, string Why)
{
    public bool Holds(ulong address) => address >= Address && address - Address < Size;

    /// <summary>Every difference there is; a comparison fails on any other.</summary>
    public static IEnumerable<Difference> Known(string name, MemoryDump dump)
    {
        if (name == "bare-x64")
        {
            yield return new(0x380_4000_0000, 1 << 30, 0, null, "reserved address bits 29:13 of a 1 GiB leaf; QEMU doesn't look");
            yield return new(
                0xffffff01_c020_0000, 2 << 20, 0, null,
                "the same entry through the self-map: reserved bits 20:13 of a 2 MiB leaf");
            if (dump.Machine.PhysicalAddressBits == 40)
            {
                yield return new(
                    0x380_0000_0000, 4096, 0x4000_0015_3000, null, "address bit 46 is beyond MAXPHYADDR; QEMU doesn't look");
            }
        }

        if (name == "bare-ia32")
        {
            yield return new(
                0x5000_0000, 4 << 20, 0x40_0000, 0x1_0040_0000, "info tlb doesn't know PSE-36 (gva2gpa does)");
        }
    }
}
