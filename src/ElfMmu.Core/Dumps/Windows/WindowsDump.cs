namespace ElfMmu.Dumps;

/// <summary>What a Windows crash dump says that leads on to more of the machine, once addresses can be translated.</summary>
/// <param name="MachineType">IMAGE_FILE_MACHINE.</param>
/// <param name="IsWide">Whether pointers have 64 bits.</param>
/// <param name="DebuggerData">The virtual address of the kernel's debugger data (KdDebuggerDataBlock); 0 when it isn't known.</param>
/// <param name="Processors">How many processors there were; what a file says, so not to be trusted.</param>
/// <param name="Mode">The paging mode that the header suggests; null for none.</param>
internal sealed record WindowsDump(ushort MachineType, bool IsWide, ulong DebuggerData, uint Processors, string? Mode);
