using System.Buffers.Binary;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf;

/// <summary>Files with nothing but a dynamic section.</summary>
internal static class DynamicSamples
{
    /// <summary>A 64-bit little-endian file whose PT_DYNAMIC has these entries and a DT_NULL behind them.</summary>
    public static byte[] Of(ElfMachine machine, IReadOnlyList<(ulong Tag, ulong Value)> entries)
    {
        const int Start = 64 + (2 * 56);
        byte[] bytes = new byte[Start + ((entries.Count + 1) * 16)];
        ElfEncoder.WriteHeader(bytes, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.SharedObject,
            Machine = machine,
            ProgramHeaderOffset = 64,
            ProgramHeaderCount = 2,
        });
        ElfEncoder.WriteProgramHeader(bytes.AsSpan(64), ElfClass.Elf64, ElfData.LittleEndian, new ElfProgramHeader
        {
            Type = ElfSegmentType.Load, FileSize = (ulong)bytes.Length, MemorySize = (ulong)bytes.Length,
        });
        ElfEncoder.WriteProgramHeader(bytes.AsSpan(120), ElfClass.Elf64, ElfData.LittleEndian, new ElfProgramHeader
        {
            Type = ElfSegmentType.Dynamic, Offset = Start, VirtualAddress = Start, FileSize = (ulong)(bytes.Length - Start), MemorySize = (ulong)(bytes.Length - Start),
        });
        for (int i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Start + (i * 16)), entries[i].Tag);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Start + (i * 16) + 8), entries[i].Value);
        }

        return bytes;
    }
}
