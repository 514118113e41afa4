namespace ElfMmu.Dumps;

/// <summary>A named value in the state of a VMware machine.</summary>
/// <param name="Name">The name, in its exact case.</param>
/// <param name="IndexCount">How many indices it has, 0 to 3.</param>
/// <param name="First">The first index, which of the registers is the processor's number.</param>
/// <param name="Second">The second index.</param>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Size">How many there are.</param>
/// <param name="MemorySize">How many they unpack to; their own size where they aren't packed.</param>
/// <param name="IsPacked">Whether they are compressed.</param>
internal readonly record struct VmwareTag(
    string Name, int IndexCount, uint First, uint Second, ulong Offset, ulong Size, ulong MemorySize, bool IsPacked);
