namespace ElfMmu.Inspection;

/// <summary>A processor as a dump has it.</summary>
/// <param name="Index">Its number in the dump, from 0.</param>
/// <param name="Registers">All its registers by name.</param>
/// <param name="PagingRegisters">Those of them that say where page tables are, by the names of the manuals.</param>
/// <param name="Root">The physical address of the top table its registers lead to; null where they don't say.</param>
/// <param name="Mode">The name of the paging mode it was in; null where the registers don't say.</param>
/// <param name="AddressSpace">Where mode and root were taken from, or why there are none; null where no register says anything of page tables.</param>
public sealed record DumpCpu(int Index, RegisterSet Registers, RegisterSet PagingRegisters, ulong? Root, string? Mode, string? AddressSpace)
{
    /// <summary>Its number and the registers that say where page tables are.</summary>
    public override string ToString() => string.Join("  ", PagingRegisters.Select(r => $"{r.Key} 0x{r.Value:x}").Prepend($"CPU {Index}"));
}
