using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The BATs of a processor.</summary>
internal readonly struct PowerPcBlocks
{
    private const int AddressBits = 32;

    private readonly PowerPcBat[] _data;
    private readonly PowerPcBat[] _instructions;

    // The smallest blocks that any BAT matches, so that all others are left alone.
    private readonly bool[] _matched = new bool[1 << (AddressBits - PowerPcBat.BlockShift)];

    /// <summary>Takes the BATs from the registers.</summary>
    public PowerPcBlocks(RegisterSet registers)
    {
        _data = PowerPcRegisters.BatsIn(PowerPcRegisters.DataBats, registers);
        _instructions = PowerPcRegisters.BatsIn(PowerPcRegisters.InstructionBats, registers);
        foreach (PowerPcBat bat in _data.Concat(_instructions))
        {
            bat.Mark(_matched);
        }
    }

    /// <summary>Whether no address at all is in a block.</summary>
    public bool AreNone => !_matched.Contains(true);

    /// <summary>Whether any side or privilege has a BAT for an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Match(uint address) => _matched[address >> PowerPcBat.BlockShift];

    /// <summary>What matches an address. That two of a side do is a programming error; the one with the lower number is taken.</summary>
    public PowerPcBlock At(uint address) => new(
        Find(_data, address, user: false),
        Find(_instructions, address, user: false),
        Find(_data, address, user: true),
        Find(_instructions, address, user: true));

    private static PowerPcBat? Find(PowerPcBat[] bats, uint address, bool user)
    {
        foreach (PowerPcBat bat in bats)
        {
            if (bat.Matches(address, user))
            {
                return bat;
            }
        }

        return null;
    }
}
