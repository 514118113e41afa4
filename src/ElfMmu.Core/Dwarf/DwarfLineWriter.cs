namespace ElfMmu.Dwarf;

/// <summary>Writes .debug_line: a unit's files and its line-number program (DWARF 5, 6.2).</summary>
internal sealed class DwarfLineWriter(DwarfTarget target, DwarfStrings lineStrings)
{
    private const int LineBase = -5;
    private const int LineRange = 14;
    private const int OpcodeBase = 13;

    private const int Copy = 1;
    private const int AdvancePc = 2;
    private const int AdvanceLine = 3;
    private const int SetFile = 4;
    private const int SetColumn = 5;
    private const int NegateStatement = 6;
    private const int ConstAddPc = 8;

    private const ulong ConstAdvance = (255 - OpcodeBase) / LineRange;

    private readonly uint _step = (uint)(target.Registers?.CodeAlignment ?? 1);

    public DwarfBuffer Bytes { get; } = new(target, ".debug_line");

    /// <summary>Writes the table of a unit and gives its offset. O(rows).</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="files">Its files, with those of its entries; those of its rows are in it too.</param>
    /// <param name="sequences">Its rows, in sequences.</param>
    public uint Write(DwarfUnit unit, DwarfFiles files, IReadOnlyList<DwarfLineSequence> sequences)
    {
        uint offset = (uint)Bytes.Length;
        int length = Bytes.BeginLength();
        Bytes.U16(target.Version);
        if (target.Version >= 5)
        {
            Bytes.U8(target.AddressSize);
            Bytes.U8(0);
        }

        int header = Bytes.BeginLength();
        Bytes.U8((int)_step);
        Bytes.U8(1); // maximum_operations_per_instruction
        Bytes.U8(1); // default_is_stmt
        Bytes.U8(LineBase);
        Bytes.U8(LineRange);
        Bytes.U8(OpcodeBase);
        Bytes.Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
        if (target.Version >= 5)
        {
            Names5(unit, files);
        }
        else
        {
            Names4(files);
        }

        Bytes.EndLength(header);
        foreach (DwarfLineSequence sequence in sequences)
        {
            Sequence(sequence, files);
        }

        Bytes.EndLength(length);
        return offset;
    }

    private void Names4(DwarfFiles files)
    {
        foreach (string directory in files.Directories)
        {
            Bytes.Text(directory);
        }

        Bytes.U8(0);
        foreach ((string name, uint directory) in files.Files)
        {
            Bytes.Text(name);
            Bytes.Unsigned(directory);
            Bytes.Unsigned(0); // time
            Bytes.Unsigned(0); // size
        }

        Bytes.U8(0);
    }

    private void Names5(DwarfUnit unit, DwarfFiles files)
    {
        (string Name, uint Directory) own = files.Split(unit.Name);
        Bytes.U8(1);
        Bytes.Unsigned(1); // DW_LNCT_path
        Bytes.Unsigned((ulong)DwForm.LineStringPointer);
        Bytes.Unsigned((ulong)files.Directories.Count + 1);
        Bytes.U32(lineStrings.Offset(unit.Directory));
        foreach (string directory in files.Directories)
        {
            Bytes.U32(lineStrings.Offset(directory));
        }

        Bytes.U8(2);
        Bytes.Unsigned(1); // DW_LNCT_path
        Bytes.Unsigned((ulong)DwForm.LineStringPointer);
        Bytes.Unsigned(2); // DW_LNCT_directory_index
        Bytes.Unsigned((ulong)DwForm.UnsignedData);
        Bytes.Unsigned((ulong)files.Files.Count + 1);

        // File 0 is the unit's own; GCC names it again as 1 for readers that count from there, and so do we when lines refer to it.
        foreach ((string name, uint directory) in files.Files.Prepend(own))
        {
            Bytes.U32(lineStrings.Offset(name));
            Bytes.Unsigned(directory);
        }
    }

    private void Sequence(DwarfLineSequence sequence, DwarfFiles files)
    {
        ulong address = sequence.Rows[0].Address;
        long line = 1;
        uint file = 1;
        uint column = 0;
        bool isStatement = true;
        SetAddress(address);
        foreach (DwarfLine row in sequence.Rows)
        {
            uint number = files.Number(row.File);
            if (number != file)
            {
                Bytes.U8(SetFile);
                Bytes.Unsigned(number);
                file = number;
            }

            if (row.Column != column)
            {
                Bytes.U8(SetColumn);
                Bytes.Unsigned(row.Column);
                column = row.Column;
            }

            if (row.IsStatement != isStatement)
            {
                Bytes.U8(NegateStatement);
                isStatement = row.IsStatement;
            }

            Row(ref address, row.Address, row.Line - line);
            line = row.Line;
        }

        Advance(ref address, sequence.End);
        Bytes.Bytes([0, 1, 1]); // DW_LNE_end_sequence
    }

    private void Row(ref ulong address, ulong next, long lines)
    {
        if (lines is < LineBase or >= LineBase + LineRange)
        {
            Bytes.U8(AdvanceLine);
            Bytes.Signed(lines);
            lines = 0;
        }

        ulong steps = (next - address) / _step;
        if ((next - address) % _step != 0 || steps > 2 * ConstAdvance)
        {
            Advance(ref address, next);
            steps = 0;
        }

        ulong opcode = (ulong)(lines - LineBase) + (LineRange * steps) + OpcodeBase;
        if (opcode > 255)
        {
            ulong reduced = opcode - (LineRange * ConstAdvance);
            if (steps >= ConstAdvance && reduced <= 255)
            {
                Bytes.U8(ConstAddPc);
                opcode = reduced;
            }
            else
            {
                Bytes.U8(AdvancePc);
                Bytes.Unsigned(steps);
                opcode = (ulong)(lines - LineBase) + OpcodeBase;
            }
        }

        Bytes.U8(lines == 0 && next == address ? Copy : (int)opcode);
        address = next;
    }

    private void Advance(ref ulong address, ulong next)
    {
        ulong bytes = next - address;
        if (bytes % _step != 0)
        {
            // Not an instruction's length on this machine; only an address says it.
            SetAddress(next);
        }
        else if (bytes > 0)
        {
            Bytes.U8(AdvancePc);
            Bytes.Unsigned(bytes / _step);
        }

        address = next;
    }

    private void SetAddress(ulong address)
    {
        Bytes.U8(0);
        Bytes.Unsigned((ulong)target.AddressSize + 1);
        Bytes.U8(2); // DW_LNE_set_address
        Bytes.Address(address);
    }
}
