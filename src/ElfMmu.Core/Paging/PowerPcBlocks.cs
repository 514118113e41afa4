namespace ElfMmu.Paging;

/// <summary>The BATs of a processor.</summary>
internal readonly struct PowerPcBlocks
{
    private readonly PowerPcBat[] _data;
    private readonly PowerPcBat[] _instructions;

    /// <summary>Takes the BATs from the registers.</summary>
    public PowerPcBlocks(RegisterSet registers)
    {
        _data = PowerPcRegisters.BatsIn(PowerPcRegisters.DataBats, registers);
        _instructions = PowerPcRegisters.BatsIn(PowerPcRegisters.InstructionBats, registers);
    }

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
