namespace ElfMmu.Dwarf;

/// <summary>The rows of frames that functions have on a machine.</summary>
internal static class DwarfFrameRules
{
    /// <summary>What is true at the first instruction of any function.</summary>
    public static DwarfFrameRow Entry(DwarfRegisters registers) => registers.ReturnsThroughStack
        ? new DwarfFrameRow(
            0,
            registers.StackPointer,
            -registers.DataAlignment,
            new DwarfSavedRegister(registers.ReturnAddress, registers.DataAlignment))
        : new DwarfFrameRow(0, registers.StackPointer, 0);

    /// <summary>The rows of a frame.</summary>
    public static IReadOnlyList<DwarfFrameRow> Rows(DwarfFrame frame, DwarfTarget target, DwarfRegisters registers, string name)
    {
        DwarfFrameRow entry = Entry(registers);
        return frame.Kind switch
        {
            DwarfFrameKind.Leaf => [entry],
            DwarfFrameKind.Rows => frame.Explicit,
            _ when frame.Prologue == 0 => [FramePointer(frame, target, registers, name)],
            _ => [entry, FramePointer(frame, target, registers, name) with { Offset = frame.Prologue }],
        };
    }

    private static DwarfFrameRow FramePointer(DwarfFrame frame, DwarfTarget target, DwarfRegisters registers, string name)
    {
        long word = -registers.DataAlignment;
        (long below, bool returnFirst) = target.Machine switch
        {
            Elf.ElfMachine.RiscV => (0L, true),
            Elf.ElfMachine.Arm => (word, true), // push {r11, lr}; add r11, sp, #4
            Elf.ElfMachine.AArch64 => ((long)Math.Max(frame.FrameSize, 16), false),
            Elf.ElfMachine.Mips => (Needed(frame, name, word), true),
            _ => (2 * word, true),
        };
        if (target.Machine is Elf.ElfMachine.PowerPC or Elf.ElfMachine.PowerPC64)
        {
            // The word at the stack pointer leads to the caller's frame, which keeps the return address for its callee.
            long saved = target.Machine == Elf.ElfMachine.PowerPC ? 4 : 16;
            return new DwarfFrameRow(0, registers.StackPointer, 0, new DwarfSavedRegister(registers.ReturnAddress, saved))
            {
                IsIndirect = true,
            };
        }

        // The record of frame pointer and return address is at the end of the frame, but at its start on AArch64.
        long record = returnFirst ? -2 * word : -below;
        return new DwarfFrameRow(
            0,
            registers.FramePointer,
            below,
            new DwarfSavedRegister(registers.FramePointer, record),
            new DwarfSavedRegister(registers.ReturnAddress, record + word));
    }

    private static long Needed(DwarfFrame frame, string name, long word) =>
        frame.FrameSize >= (ulong)(2 * word) && frame.FrameSize <= int.MaxValue
            ? (long)frame.FrameSize
            : throw DwarfErrors.Value(
                $"The frame of '{name}' has {frame.FrameSize} bytes, and on MIPS its size is needed to find the caller's",
                $"give a frameSize from {2 * word} to {int.MaxValue}, or rows");
}
