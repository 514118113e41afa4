namespace ElfMmu.Dwarf;

/// <summary>Writes .debug_frame: how to get from a function's registers to its caller's (DWARF 5, 6.4).</summary>
internal sealed class DwarfFrameWriter(DwarfTarget target)
{
    private const int Nop = 0x00;
    private const int SameValue = 0x08;
    private const int AdvanceLoc1 = 0x02;
    private const int AdvanceLoc2 = 0x03;
    private const int AdvanceLoc4 = 0x04;
    private const int OffsetExtended = 0x05;
    private const int RestoreExtended = 0x06;
    private const int DefineCfa = 0x0c;
    private const int DefineCfaExpression = 0x0f;
    private const int OffsetExtendedSigned = 0x11;
    private const int AdvanceLoc = 0x40;
    private const int Offset = 0x80;
    private const int Restore = 0xc0;

    private readonly DwarfBuffer _expression = new(target, ".debug_frame");
    private bool _hasCommon;

    public DwarfBuffer Bytes { get; } = new(target, ".debug_frame");

    /// <summary>Writes the frame of a function. O(rows).</summary>
    public void Write(DwarfFunction function)
    {
        if (function.Frame is not { } frame || function.Size == 0)
        {
            return;
        }

        DwarfRegisters registers = target.Registers ?? throw DwarfErrors.Value(
            $"The function '{function.Name}' has a frame, and the registers of machine {(int)target.Machine} aren't known",
            "leave frames out for this machine");
        IReadOnlyList<DwarfFrameRow> rows = DwarfFrameRules.Rows(frame, target, registers, function.Name);
        if (!_hasCommon)
        {
            Common(registers);
            _hasCommon = true;
        }

        int length = Bytes.BeginLength();
        Bytes.U32(0); // the common entry is the first
        Bytes.Address(function.Address);
        Bytes.Address(function.Size);
        Rows(function, rows, registers);
        Pad(length);
    }

    private void Common(DwarfRegisters registers)
    {
        int length = Bytes.BeginLength();
        Bytes.U32(uint.MaxValue);
        Bytes.U8(4);
        Bytes.U8(0); // no augmentation
        Bytes.U8(target.AddressSize);
        Bytes.U8(0); // segment_selector_size
        Bytes.Unsigned((ulong)registers.CodeAlignment);
        Bytes.Signed(registers.DataAlignment);
        Bytes.Unsigned((ulong)registers.ReturnAddress);
        DwarfFrameRow entry = DwarfFrameRules.Entry(registers);
        Cfa(entry, "");
        foreach (DwarfSavedRegister saved in entry.Saved)
        {
            Save(saved, registers, "");
        }

        Pad(length);
    }

    private void Rows(DwarfFunction function, IReadOnlyList<DwarfFrameRow> rows, DwarfRegisters registers)
    {
        DwarfFrameRow entry = DwarfFrameRules.Entry(registers);
        DwarfFrameRow before = entry;
        ulong offset = 0;
        foreach (DwarfFrameRow row in rows)
        {
            if (row.Offset < offset || row.Offset >= function.Size || row.Offset % (uint)registers.CodeAlignment != 0)
            {
                throw DwarfErrors.Value(
                    $"The frame of '{function.Name}', which has {function.Size} bytes, has a row at {row.Offset} behind one at {offset}",
                    $"rows are within the function, at rising multiples of {registers.CodeAlignment}");
            }

            Advance((row.Offset - offset) / (uint)registers.CodeAlignment);
            offset = row.Offset;
            if (row.Register != before.Register || row.CfaOffset != before.CfaOffset || row.IsIndirect != before.IsIndirect)
            {
                Cfa(row, function.Name);
            }

            foreach (DwarfSavedRegister old in before.Saved)
            {
                if (!row.Saved.Any(s => s.Register == old.Register))
                {
                    Forget(old.Register, entry);
                }
            }

            foreach (DwarfSavedRegister saved in row.Saved)
            {
                if (!before.Saved.Contains(saved))
                {
                    Save(saved, registers, function.Name);
                }
            }

            before = row;
        }
    }

    private void Advance(ulong steps)
    {
        // A function's size has been checked against the addresses; beyond 32 bits the location moves in several steps.
        while (steps > uint.MaxValue)
        {
            Bytes.U8(AdvanceLoc4);
            Bytes.U32(uint.MaxValue);
            steps -= uint.MaxValue;
        }

        switch (steps)
        {
            case 0:
                break;
            case < 0x40:
                Bytes.U8(AdvanceLoc | (int)steps);
                break;
            case <= byte.MaxValue:
                Bytes.U8(AdvanceLoc1);
                Bytes.U8((int)steps);
                break;
            case <= ushort.MaxValue:
                Bytes.U8(AdvanceLoc2);
                Bytes.U16((int)steps);
                break;
            default:
                Bytes.U8(AdvanceLoc4);
                Bytes.U32((uint)steps);
                break;
        }
    }

    private void Cfa(DwarfFrameRow row, string name)
    {
        if (row.CfaOffset < 0 || row.Register < 0)
        {
            throw DwarfErrors.Value(
                $"The frame of '{name}' is register {row.Register} and {row.CfaOffset}", "neither may be negative");
        }

        if (!row.IsIndirect)
        {
            Bytes.U8(DefineCfa);
            Bytes.Unsigned((ulong)row.Register);
            Bytes.Unsigned((ulong)row.CfaOffset);
            return;
        }

        _expression.Clear();
        _expression.U8(0x92); // DW_OP_bregx
        _expression.Unsigned((ulong)row.Register);
        _expression.Signed(row.CfaOffset);
        _expression.U8(0x06); // DW_OP_deref
        Bytes.U8(DefineCfaExpression);
        Bytes.Unsigned((ulong)_expression.Length);
        Bytes.Bytes(_expression.Written);
    }

    private void Save(DwarfSavedRegister saved, DwarfRegisters registers, string name)
    {
        if (saved.Register < 0 || saved.CfaOffset % registers.DataAlignment != 0)
        {
            throw DwarfErrors.Value(
                $"The frame of '{name}' saves register {saved.Register} at {saved.CfaOffset} from its CFA",
                $"registers are counted from 0 and saved at multiples of {-registers.DataAlignment}");
        }

        long factored = saved.CfaOffset / registers.DataAlignment;
        if (factored < 0)
        {
            Bytes.U8(OffsetExtendedSigned);
            Bytes.Unsigned((ulong)saved.Register);
            Bytes.Signed(factored);
        }
        else if (saved.Register < 0x40)
        {
            Bytes.U8(Offset | saved.Register);
            Bytes.Unsigned((ulong)factored);
        }
        else
        {
            Bytes.U8(OffsetExtended);
            Bytes.Unsigned((ulong)saved.Register);
            Bytes.Unsigned((ulong)factored);
        }
    }

    private void Forget(int register, DwarfFrameRow entry)
    {
        if (!entry.Saved.Any(s => s.Register == register))
        {
            Bytes.U8(SameValue);
            Bytes.Unsigned((ulong)register);
        }
        else if (register < 0x40)
        {
            Bytes.U8(Restore | register);
        }
        else
        {
            Bytes.U8(RestoreExtended);
            Bytes.Unsigned((ulong)register);
        }
    }

    // Entries are multiples of an address long, length included.
    private void Pad(int length)
    {
        while ((Bytes.Length - length + 4) % target.AddressSize != 0)
        {
            Bytes.U8(Nop);
        }

        Bytes.EndLength(length);
    }
}
