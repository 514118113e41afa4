namespace ElfMmu.Dumps;

/// <summary>
/// Where the RAM of a machine of QEMU's is in physical memory: a stream names blocks, and the machine type decides the rest.
/// </summary>
/// <remarks>QEMU, hw/i386/pc_piix.c, pc_q35.c and pc.c, hw/arm/virt.c, hw/riscv/virt.c.</remarks>
internal static class QemuLayout
{
    private const ulong FourGiB = 1UL << 32;

    // The first machine whose type and block fit counts; the type is compared by its start.
    private static readonly (string Machine, string Block, Architecture Architecture, ulong Start, ulong MostBelow, ulong Below)[] Machines =
    [
        ("pc-q35", "pc.ram", Architecture.X86, 0, 0xb000_0000, 0x8000_0000),
        ("pc-i440fx", "pc.ram", Architecture.X86, 0, 0xe000_0000, 0xc000_0000),
        ("", "pc.ram", Architecture.X86, 0, 0xe000_0000, 0xc000_0000),
        ("", "mach-virt.ram", Architecture.AArch64, 0x4000_0000, 0, 0),
        ("", "riscv_virt_board.ram", Architecture.RiscV, 0x8000_0000, 0, 0),
    ];

    /// <summary>Finds the RAM among the blocks and where its parts are.</summary>
    /// <param name="machine">The machine type, such as <c>pc-i440fx-7.2</c>.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="ram">The block that is the RAM.</param>
    /// <param name="architecture">The machine's; Unknown where the type isn't known.</param>
    /// <returns>The parts of the block, in bytes; null when nothing is known of that machine.</returns>
    public static (ulong Offset, ulong Size, ulong Address)[]? Find(
        string machine, IReadOnlyList<QemuBlock> blocks, out QemuBlock ram, out Architecture architecture)
    {
        foreach ((string type, string name, Architecture kind, ulong start, ulong mostBelow, ulong below) in Machines)
        {
            // A block of memory that was given by name (-object memory-backend-ram,id=…) takes the place of the machine's own.
            QemuBlock? block = blocks.FirstOrDefault(b => b.Name == name)
                ?? (type.Length > 0 && machine.StartsWith(type, StringComparison.Ordinal) ? blocks.MaxBy(b => b.Length) : null);
            if (block == null || !machine.StartsWith(type, StringComparison.Ordinal))
            {
                continue;
            }

            (ram, architecture) = (block, kind);
            ulong low = mostBelow == 0 ? block.Length : block.Length < mostBelow ? block.Length : below;
            return low == block.Length ? [(0, low, start)] : [(0, low, start), (low, block.Length - low, FourGiB)];
        }

        ram = blocks.MaxBy(b => b.Length)!;
        architecture = Architecture.Unknown;
        return null;
    }
}
